"""worker, schedules, webhooks, events, evidence: what happens behind the requests, at a shell."""

import json
import os
import signal
import subprocess
import sys


def test_a_worker_does_what_is_due_once_and_tells_its_status(shop):
    before = shop.json("worker", "--status", "--json")
    assert before["events"]["waiting"] > 0
    done = shop.json("worker", "--once", "--json")
    assert (done["events"], done["failed_jobs"]) == (before["events"]["waiting"], 0)
    shop("schedules", "run", "cleaning.nightly")
    assert "1 schedules were run, 1 jobs worked on (0 failed)" in shop("worker", "--once").stdout
    shown = shop("worker", "--status").stdout
    assert "Workers: none" in shown
    assert "3 active, 0 paused, 0 overdue, 0 failed" in shown
    shop("worker", "--once", "--status", status=2)


def test_a_worker_ends_well_when_it_is_told(shop):
    command = [sys.executable, "-c", "from kassa.cli import main; main()", "--database", shop.url, "worker"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ) as process:
        try:
            begun = next(line for line in process.stderr if "begins" in line)
            process.send_signal(signal.SIGTERM)
            rest = process.communicate(timeout=30)[1]
        finally:
            process.kill()
    assert process.returncode == 0
    assert begun
    assert "has ended" in rest


def test_schedules_are_changed_paused_and_resumed(shop):
    assert "30 3 * * * (UTC)" in shop("schedules", "list").stdout
    assert (
        "is active: 30 4 * * * (Europe/Amsterdam)"
        in shop("schedules", "set", "cleaning.nightly", "--cron", "30 4 * * *", "--zone", "Europe/Amsterdam").stdout
    )
    assert "is active: every 300 s" in shop("schedules", "set", "stock.tend_reservations", "--every", "300").stdout
    assert "is paused" in shop("schedules", "pause", "sales.expire_drafts").stdout
    assert "SCHEDULE_PAUSED" in shop("schedules", "run", "sales.expire_drafts", status=1).stderr
    assert "is active" in shop("schedules", "resume", "sales.expire_drafts").stdout
    assert "30 3 * * *" in shop("schedules", "set", "cleaning.nightly", "--shipped").stdout
    states = {item["name"]: item["shipped"] for item in shop.json("schedules", "list", "--json")}
    assert states == {"cleaning.nightly": True, "sales.expire_drafts": True, "stock.tend_reservations": False}
    shop("schedules", "set", "cleaning.nightly", status=2)


def test_webhooks_are_made_changed_and_ended(shop):
    shop("settings", "set", "webhooks.private_targets", "true")
    made = shop.json("webhooks", "create", "Shop", "http://127.0.0.1:9/hook", "--type", "sales.*", "--json")
    assert made["secret"].startswith("whsec_")
    hook = made["id"]
    assert "http://127.0.0.1:9/hook" in shop("webhooks", "list").stdout
    assert "stock.*" in shop("webhooks", "change", hook, "--type", "stock.*").stdout
    assert "is paused" in shop("webhooks", "pause", hook).stdout
    assert "is active" in shop("webhooks", "resume", hook).stdout
    assert "not shown again: whsec_" in shop("webhooks", "rotate", hook).stdout
    shop("webhooks", "ping", hook)
    shop("worker", "--once")
    (delivery,) = shop.json("webhooks", "deliveries", hook, "--json")
    assert (delivery["type"], delivery["state"], delivery["attempts"]) == ("webhooks.pinged", "waiting", 1)
    assert "ConnectionRefusedError" in shop("webhooks", "deliveries", hook, "--delivery", delivery["id"]).stdout
    assert "1 deliveries were queued" in shop("webhooks", "redeliver", hook, "--event", delivery["event"]).stdout
    shop("webhooks", "redeliver", hook, status=2)
    shop("webhooks", "delete", hook)
    assert "There are no webhooks" in shop("webhooks", "list").stdout
    assert "WEBHOOK_TARGET" in shop("webhooks", "create", "Shop", "ftp://example.com/", "--type", "*", status=1).stderr


def test_events_are_listed_and_their_types_explained(shop):
    assert "no such events" in shop("events", "list").stdout
    shop("worker", "--once")
    found = shop.json("events", "list", "--type", "sales.invoice_posted", "--limit", "5", "--json")
    assert {event["type"] for event in found} == {"sales.invoice_posted"}
    assert found[1:] == shop.json(
        "events", "list", "--type", "sales.invoice_posted", "--limit", "4", "--behind", found[0]["sequence"], "--json"
    )
    assert "sales.order_created" in shop("events", "types").stdout


def test_the_story_of_a_document_is_written_and_checked(shop, tmp_path):
    story = tmp_path / "story.json"
    number = json.loads(shop("call", "sales.list_invoices", "limit:=1").stdout)["items"][0]["number"]
    shop("evidence", number, "--output", story)
    assert "All holds" in shop("evidence", "--check", story, "--here").stdout
    found = json.loads(story.read_text())
    assert found["asked"] == number
    part = next(
        part for document in found["documents"] if document["chained"] for part in document["tables"] if part["table"] == "sales_invoice"
    )
    part["rows"][0][part["columns"].index("total")] += 1
    story.write_text(json.dumps(found))
    assert "its rows are not those that were chained" in shop("evidence", "--check", story, status=1).stdout
    assert shop.json("evidence", "--check", story, "--json", status=1)["findings"]
    shop("evidence", status=2)
    shop("evidence", number, "--here", status=2)


def test_an_anchor_is_written_and_holds(shop, tmp_path):
    heads = tmp_path / "heads.json"
    shop("evidence", "--anchor", "--output", heads)
    assert "All is well" in shop("verify", "--anchor", heads).stdout
    heads.write_text("{}")
    shop("verify", "--anchor", heads, status=1)
