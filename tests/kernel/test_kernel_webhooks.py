"""Webhooks: signed, in order for each document, tried again until they arrive, and never led into a private network."""

import json

import attrs
import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.errors import NotFound
from kassa.kernel.webhooks import delivering, sending
from kassa.kernel.worker import Worker

ENTITY = "01a1f900-0000-7000-8000-000000000001"
OTHER_ENTITY = "01a1f900-0000-7000-8000-000000000002"


@pytest.mark.rule("REL-22", "SEC-16")
def test_an_event_arrives_once_signed_as_a_cloud_event(desk, receiver):
    hook = desk.hook(receiver)
    note = desk.write()
    assert desk.work() == 1
    assert desk.work() == 0
    (event,) = receiver.verified(hook.secret)
    assert event == {
        "specversion": "1.0", "id": event["id"], "source": "urn:kassa", "type": "notebook.note_written", "subject": note, "time": event["time"],
        "datacontenttype": "application/json", "sequence": event["sequence"], "legalentity": ENTITY,
        "data": {"document": note, "number": "NOTE-T1-000001"},
    }  # fmt: skip
    ((path, headers, _),) = receiver.got
    assert (path, headers["Content-Type"]) == ("/hook?shop=1", "application/cloudevents+json")
    assert headers["webhook-id"] == event["id"]
    assert desk.do("events.read", event=event["id"]) == event
    (delivery,) = desk.deliveries(hook)
    assert (delivery["event"], delivery["state"], delivery["attempts"]) == (event["id"], "delivered", 1)
    (attempt,) = desk.attempts(hook)
    assert (attempt["outcome"], attempt["status"], attempt["answer"], attempt["error"]) == ("delivered", 200, "thanks", None)


def test_a_webhook_hears_what_it_asks_for_of_its_legal_entity(desk, receiver, make_receiver, anna):
    everywhere = make_receiver()
    desk.hook(receiver, "notebook.note_torn")
    desk.hook(everywhere, "*", everywhere=True)
    note = desk.write()
    desk.write("theirs", attrs.evolve(anna, legal_entities=frozenset({OTHER_ENTITY})))
    desk.tear(note)
    desk.do("settings.change", name="notebook.sheets", level="installation", value="4")
    desk.work()
    assert [event["type"] for event in receiver.events] == ["notebook.note_torn"]
    heard = {(event["type"], event["legalentity"]) for event in everywhere.events if event["type"].startswith(("note", "set"))}
    assert heard == {
        ("notebook.note_torn", ENTITY), ("notebook.note_written", ENTITY), ("notebook.note_written", OTHER_ENTITY), ("settings.changed", None),
    }  # fmt: skip


def test_a_failed_delivery_holds_back_later_events_of_its_document_alone(desk, receiver):
    hook = desk.hook(receiver)
    first, second = desk.write("a"), desk.write("b")
    receiver.bad.add(first)
    desk.work()
    desk.tear(first)
    desk.tear(second)
    desk.work()
    told = [(event["subject"], event["type"]) for event in receiver.events]
    assert told.count((first, "notebook.note_written")) == 1
    assert [one for one in told if one[0] == second] == [(second, "notebook.note_written"), (second, "notebook.note_torn")]
    assert (first, "notebook.note_torn") not in told
    receiver.bad.clear()
    desk.due_again()
    desk.work()
    assert [(event["subject"], event["type"]) for event in receiver.events][-2:] == [
        (first, "notebook.note_written"),
        (first, "notebook.note_torn"),
    ]
    attempts = desk.attempts(hook)
    assert [(attempt["attempt"], attempt["outcome"], attempt["status"]) for attempt in attempts] == [
        (1, "failed", 500),
        (2, "delivered", 200),
    ]
    assert attempts[0]["answer"] == "not today [31m"
    ids = {headers["webhook-id"] for _, headers, body in receiver.got if json.loads(body)["type"].endswith("written")}
    assert len(ids) == 2, "the id stays the same at every attempt"
    assert (desk.shown(hook)["failures"], desk.shown(hook)["failing_since"]) == (0, None)


@pytest.mark.rule("REL-22")
def test_pauses_double_and_the_last_attempt_is_made_after_three_days():
    pauses = [delivering.pause(attempt) for attempt in range(1, delivering.ATTEMPTS)]
    whole = [5 * 2 ** (attempt - 1) for attempt in range(1, delivering.ATTEMPTS)]
    for found, seconds in zip(pauses, whole, strict=True):
        base = min(seconds, 8 * 3600) * 1_000_000
        assert base <= found <= base * 5 // 4
    assert sum(min(seconds, 8 * 3600) for seconds in whole) > 72 * 3600
    assert delivering.ATTEMPTS >= 16


def test_after_the_last_attempt_a_delivery_has_failed_and_the_next_of_its_document_goes_on(desk, receiver, monkeypatch):
    monkeypatch.setattr(delivering, "ATTEMPTS", 2)
    hook = desk.hook(receiver)
    note = desk.write()
    desk.tear(note)
    receiver.bad.add(note)
    for _ in range(2):
        desk.work()
        desk.due_again()
    assert [delivery["state"] for delivery in desk.deliveries(hook)] == ["failed", "waiting"]
    receiver.bad.clear()
    desk.work()
    assert [delivery["state"] for delivery in desk.deliveries(hook)] == ["failed", "delivered"]


def drip(handler):
    """Answer so slowly that no single read takes long, but the whole takes for ever."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not handler.server._BaseServer__is_shut_down.is_set():
            handler.wfile.write(b"X: y\r\n")
            handler.server._BaseServer__is_shut_down.wait(0.1)
    except OSError:
        handler.close_connection = True


def test_a_slow_receiver_is_given_up_and_slows_nobody_else(desk, receiver, make_receiver, monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 1)
    slow = make_receiver()
    slow.answer = drip
    hook = desk.hook(slow)
    desk.hook(receiver)
    notes = [desk.write(text) for text in "abc"]
    worker = Worker(desk.engine, "test")
    worker.start()
    while len(receiver.got) < 3:
        worker._runner._loop.stopping.wait(0.01)
    assert {event["subject"] for event in receiver.events} == set(notes)
    worker.stop()
    assert {attempt["error"] for attempt in desk.attempts(hook)} == {"no answer within 1 seconds"}
    assert desk.shown(hook)["failures"] >= 1


@pytest.mark.rule("SEC-15")
def test_a_redirect_is_not_followed(desk, receiver, make_receiver):
    inside = make_receiver()

    def redirect(handler):
        handler.send_response(307)
        handler.send_header("Location", inside.url)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    receiver.answer = redirect
    hook = desk.hook(receiver)
    desk.write()
    desk.work()
    (attempt,) = desk.attempts(hook)
    assert (attempt["outcome"], attempt["status"]) == ("failed", 307)
    assert "which is not followed" in attempt["error"]
    assert inside.got == []


def test_nobody_there_is_a_failed_attempt(desk, make_receiver):
    gone = make_receiver()
    hook = desk.hook(gone)
    gone.server.server_close()
    desk.write()
    desk.work()
    (attempt,) = desk.attempts(hook)
    assert (attempt["outcome"], attempt["status"]) == ("failed", None)
    assert attempt["error"].startswith(("ConnectionRefusedError", "ConnectionResetError"))


def test_an_endless_answer_is_read_as_far_as_it_is_kept(desk, receiver):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(b"a" * 10_000)
        except OSError:
            handler.close_connection = True

    receiver.answer = endless
    hook = desk.hook(receiver)
    desk.write()
    desk.work()
    (attempt,) = desk.attempts(hook)
    assert (attempt["outcome"], attempt["answer"]) == ("delivered", "a" * 500)


@pytest.mark.rule("SEC-16")
def test_two_secrets_sign_while_the_receiver_changes_over(make_desk, receiver):
    clock = FixedClock("2026-11-21T09:00:00Z")
    desk = make_desk(clock)
    hook = desk.hook(receiver)
    new = desk.do("webhooks.rotate_secret", webhook=hook.id, overlap_hours=24)["secret"]
    assert new != hook.secret
    desk.write()
    desk.work()
    clock.advance(hours=25)
    desk.write()
    desk.work()
    signatures = [headers["webhook-signature"].split(" ") for _, headers, _ in receiver.got]
    assert [len(found) for found in signatures] == [2, 1]
    for (_, headers, body), found in zip(receiver.got, signatures, strict=True):
        at = int(headers["webhook-timestamp"]) * 1_000_000
        made = [sending.headers_of(headers["webhook-id"], body, at, [secret])["webhook-signature"] for secret in (new, hook.secret)]
        assert found == made[: len(found)]
    with desk.engine.database.snapshot() as read:
        assert not [row for (row,) in read.rows("SELECT data FROM kernel_outbox") if "whsec_" in row]
        assert not [row for (row,) in read.rows("SELECT coalesce(detail, '') FROM kernel_audit") if "whsec_" in row]


def test_a_paused_webhook_gets_what_waited_when_it_goes_on(desk, receiver):
    hook = desk.hook(receiver)
    assert desk.do("webhooks.pause", webhook=hook.id)["state"] == "paused"
    note = desk.write()
    desk.work()
    assert (receiver.got, desk.shown(hook)["waiting"]) == ([], 1)
    assert desk.do("webhooks.resume", webhook=hook.id)["state"] == "active"
    desk.work()
    assert [event["subject"] for event in receiver.events] == [note]


def test_a_deleted_webhook_gets_nothing_and_is_not_found(desk, receiver):
    hook = desk.hook(receiver)
    desk.write()
    desk.do("webhooks.delete", webhook=hook.id)
    desk.write("more")
    desk.work()
    assert receiver.got == []
    with pytest.raises(NotFound):
        desk.shown(hook)
    with desk.engine.database.snapshot() as read:
        assert read.rows("SELECT secret, old_secret FROM kernel_webhook") == [("", None)]


def test_a_receiver_that_is_gone_is_disabled_and_that_is_announced(desk, receiver, make_receiver):
    other = make_receiver()
    receiver.answer = 410
    hook = desk.hook(receiver)
    desk.hook(other, "webhooks.disabled")
    desk.write()
    desk.work()
    assert (desk.shown(hook)["state"], desk.shown(hook)["reason"]) == ("disabled", "the receiver answered 410")
    (event,) = other.events
    assert (event["type"], event["subject"], event["data"]["reason"]) == ("webhooks.disabled", hook.id, "the receiver answered 410")
    with desk.engine.database.snapshot() as read:
        assert read.rows("SELECT actor, outcome FROM kernel_audit WHERE operation = 'webhooks.disable'") == [("webhooks", "done")]
    receiver.answer = 200
    desk.do("webhooks.resume", webhook=hook.id)
    desk.due_again()
    desk.work()
    assert len(receiver.got) == 2


def test_a_webhook_that_fails_for_days_is_disabled(make_desk, receiver):
    clock = FixedClock("2026-11-21T09:00:00Z")
    desk = make_desk(clock)
    hook = desk.hook(receiver)
    receiver.answer = 503
    desk.write()
    desk.work()
    clock.advance(days=4, hours=23)
    desk.due_again()
    desk.work()
    assert (desk.shown(hook)["state"], desk.shown(hook)["failures"]) == ("active", 2)
    clock.advance(hours=2)
    desk.due_again()
    desk.work()
    assert (desk.shown(hook)["state"], desk.shown(hook)["reason"]) == ("disabled", "no attempt succeeded for 5 days")
    desk.due_again()
    assert desk.work() == 0


def test_a_webhook_that_keeps_failing_rests(desk, receiver):
    receiver.answer = 500
    hook = desk.hook(receiver)
    for text in "abcdefgh":
        desk.write(text)
    desk.work()
    assert desk.shown(hook)["failures"] == delivering.RESTS_AFTER == len(receiver.got)
