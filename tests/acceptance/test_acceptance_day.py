"""A till's day over HTTP: a cashier signs in and sells, is refused a price, a manager allows it, and what is sent thrice is sold once."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from standardwebhooks import Webhook

from kassa.kernel.invariants import verify
from kassa.kernel.worker import Worker
from kassa.testing.builders import build_shop, furnish

PLAIN = {"lines": [{"product": "LAMP", "quantity": "1"}], "payments": [{"tender": "cash", "amount": "100.00"}]}
CHEAPER = {"lines": [{"product": "LAMP", "quantity": "1", "unit_price": "90.00"}], "payments": [{"tender": "cash", "amount": "90.00"}]}
PINS = {"1042": "582047", "1043": "719305", "1001": "640281"}
BOTH = (
    "SELECT w.number, v.number, a.operation FROM kernel_audit a JOIN org_worker w ON CAST(w.id AS text) = a.actor "
    "JOIN org_worker v ON CAST(v.id AS text) = a.approver WHERE a.outcome = 'done' ORDER BY a.id"
)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Hashes that take no time."""
    monkeypatch.setattr("kassa.org.credentials.hashing.HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def shop(engine):
    """A shop with goods, two cashiers and a manager, each with a PIN."""
    made = furnish(build_shop(engine))
    for number, role in (("1042", "cashier"), ("1043", "cashier"), ("1001", "store_manager")):
        made.perform("org.create_worker", {"number": number, "name": f"Worker {number}"})
        made.perform("org.grant_role", {"worker": number, "role": role, "legal_entity": "NL01", "store": "S001"})
        made.perform("org.set_credential", {"worker": number, "kind": "pin", "secret": PINS[number], "temporary": False})
    return made


@pytest.fixture
def device(shop, owner):
    """Makes the clients of devices in which workers sign in."""

    def make(register):
        key = {"name": f"Till {register}", "roles": ["till"], "store": "S001", "register": register}
        return owner.with_token(owner.post("/api-keys", key)["token"])

    return make


def sign_in(device, number):
    """The client of a worker who signed in at a device."""
    return device.with_token(device.post("/sessions", {"worker": number, "pin": PINS[number]})["token"])


def stock(client):
    """How many lamps lie in the shop."""
    return int(client.get("/stock?product=LAMP")["items"][0]["on_hand"])


@pytest.fixture
def webhook(owner, receiver):
    """A webhook of the web shop, which hears of all sales: its secret."""
    path = "/settings/webhooks.private_targets"
    version = {"If-Match": owner.send("GET", path).headers["ETag"]}
    assert owner.send("PATCH", path, {"level": "installation", "value": "true"}, headers=version).status_code == 200
    return owner.post("/webhooks", {"name": "Web shop", "url": receiver.url, "types": ["sales.*"]})["secret"]


def heard(receiver, secret):
    """The events that a webhook got, each signed with its secret over its id, its time and its very bytes."""
    for _, headers, body in receiver.got:
        sent = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        assert Webhook(secret).sign(headers["webhook-id"], sent, body.decode()) == headers["webhook-signature"]
    return receiver.events


def checked(path):
    """What `kassa evidence --check` says of a file, which needs no database."""
    code = "from kassa.cli import main; main()"
    run = subprocess.run([sys.executable, "-c", code, "evidence", "--check", str(path)], capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


@pytest.mark.rule("REL-22", "SEC-09", "SEC-16")
def test_a_day_at_the_till(shop, device, engine, owner, receiver, webhook, tmp_path):
    till, office = device("T1"), device("OFFICE")
    till.refused("/sales", PLAIN, 403, "NOT_PERMITTED")
    till.refused("/sessions", {"worker": "1042", "pin": "000001"}, 403, "SIGN_IN_REFUSED")
    cashier, manager = sign_in(till, "1042"), sign_in(office, "1001")
    sold = cashier.post("/sales", PLAIN)
    assert sold["number"] == "SO-T1-000001"

    approval = cashier.refused("/sales", CHEAPER, 409, "SALES_OVERRIDE_REQUIRED")["approval"]
    cashier.refused(f"/approvals/{approval['token']}/grant", {}, 403, "NOT_PERMITTED")
    (waiting,) = manager.get("/approvals")["items"]
    assert (waiting["token"], waiting["requester_name"], waiting["register"]) == (approval["token"], "Worker 1042", "T1")
    manager.post(f"/approvals/{waiting['token']}/grant", {"reason": "Scratched"}, status=200)

    before = stock(cashier)
    headers = {"Kassa-Approval": approval["token"], "Idempotency-Key": "T1-0002"}
    answers = [cashier.send("POST", "/sales", CHEAPER, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers] == [None, "true", "true"]
    assert len({answer.data for answer in answers}) == 1
    sale = answers[0].get_json()
    assert (sale["number"], sale["invoice"]) == ("SO-T1-000002", "INV-T1-000002")
    assert before - stock(cashier) == 1
    with engine.database.snapshot() as read:
        assert read.rows(BOTH) == [("1042", "1001", "sales.sell")]

    Worker(engine, "night").once()
    told = [event["data"]["number"] for event in heard(receiver, webhook) if event["type"] == "sales.invoice_posted"]
    assert told == ["INV-T1-000001", "INV-T1-000002"], "of each sale once, though the till sent one three times"

    story = owner.get("/evidence/documents/INV-T1-000002")
    path = tmp_path / "story.json"
    path.write_text(json.dumps(story))
    assert checked(path)[0] == 0, checked(path)
    assert {"SO-T1-000002", "PS-T1-000002", "INV-T1-000002"} <= {document["number"] for document in story["documents"]}
    assert [(row["state"], row["reason"]) for row in story["approvals"]] == [("used", "Scratched")]
    (done,) = [row for row in story["timeline"] if (row["what"], row.get("outcome")) == ("sales.sell", "done")]
    assert done["approver"] not in (None, done["by"])
    path.write_text(json.dumps(story).replace("Scratched", "Wished for"))
    assert checked(path)[0] == 1

    cashier.post("/sessions/current/end", {}, status=200)
    assert cashier.send("POST", "/sales", PLAIN).status_code == 401
    assert verify(engine) == []


def test_a_manager_steps_up_to_the_till(shop, device, engine):
    cashier = sign_in(device("T1"), "1042")
    token = cashier.refused("/sales", CHEAPER, 409, "SALES_OVERRIDE_REQUIRED")["approval"]["token"]
    path = f"/approvals/{token}/countersignature"
    cashier.refused(path, {"worker": "1001", "pin": "000001"}, 403, "SIGN_IN_REFUSED")
    cashier.refused(path, {"worker": "1042", "pin": PINS["1042"]}, 403, "NOT_PERMITTED")
    cashier.refused(path, {"worker": "1043", "pin": PINS["1043"]}, 403, "NOT_PERMITTED")
    sign_in(device("T2"), "1043").refused(path, {"worker": "1001", "pin": PINS["1001"]}, 404, "NOT_FOUND")
    command = {"worker": "1001", "pin": PINS["1001"], "reason": "Scratched"}
    for _ in range(2):
        given = cashier.post(path, command, status=200)
        assert (given["state"], given["decided_by_name"], given["reason"]) == ("approved", "Worker 1001", "Scratched")
    assert cashier.post("/sales", CHEAPER, headers={"Kassa-Approval": token})["total"] == "90.00"
    cashier.refused(path, command, 409, "APPROVAL_DECIDED")
    with engine.database.snapshot() as read:
        assert read.rows(BOTH) == [("1042", "1001", "org.countersign"), ("1042", "1001", "sales.sell")]
        assert PINS["1001"] not in str([read.rows(f"SELECT * FROM {table}") for table in engine.registry.tables])
    assert verify(engine) == []


def test_an_approvers_pin_is_not_guessed_either(shop, device):
    cashier = sign_in(device("T1"), "1042")
    answers = []
    for number in range(8):
        token = cashier.refused("/sales", {**CHEAPER, "reference": f"R{number}"}, 409, "SALES_OVERRIDE_REQUIRED")["approval"]["token"]
        answer = cashier.send("POST", f"/approvals/{token}/countersignature", {"worker": "1001", "pin": f"00000{number}"})
        answers.append((answer.status_code, answer.get_json()["code"], "Retry-After" in answer.headers))
    assert answers == [(403, "SIGN_IN_REFUSED", False)] * 5 + [(429, "SIGN_IN_LOCKED", True)] * 3
    assert cashier.get("/sessions/current")["ended_at"] is None, "whoever stands at the till goes on"
    office = device("OFFICE").send("POST", "/sessions", {"worker": "1001", "pin": PINS["1001"]})
    assert (office.status_code, office.get_json()["code"]) == (429, "SIGN_IN_LOCKED")
    assert sign_in(device("T3"), "1043").get("/sessions/current")["register"] == "T3"


def test_an_approver_of_another_store_approves_nothing_here(shop, device, owner):
    owner.post("/stores", {"number": "S002", "name": "Elsewhere"})
    shop.perform("org.create_worker", {"number": "1002", "name": "Worker 1002"})
    shop.perform("org.grant_role", {"worker": "1002", "role": "store_manager", "legal_entity": "NL01", "store": "S002"})
    shop.perform("org.set_credential", {"worker": "1002", "kind": "pin", "secret": "395172", "temporary": False})
    key = {"name": "Till of S002", "roles": ["till"], "store": "S002", "register": "T9"}
    there = owner.with_token(owner.post("/api-keys", key)["token"])
    manager = owner.with_token(there.post("/sessions", {"worker": "1002", "pin": "395172"})["token"])
    cashier = sign_in(device("T1"), "1042")
    token = cashier.refused("/sales", CHEAPER, 409, "SALES_OVERRIDE_REQUIRED")["approval"]["token"]
    assert manager.get("/approvals")["items"] == []
    manager.refused(f"/approvals/{token}/grant", {}, 404, "NOT_FOUND")
    cashier.refused(f"/approvals/{token}/countersignature", {"worker": "1002", "pin": "395172"}, 403, "NOT_PERMITTED")


def test_a_till_repeats_after_another_worker_signed_in(shop, device):
    till = device("T1")
    first, second = sign_in(till, "1042"), sign_in(till, "1043")
    key = {"Idempotency-Key": "T1-0001"}
    sold = first.send("POST", "/sales", PLAIN, headers=key)
    before = stock(first)
    again = second.send("POST", "/sales", PLAIN, headers=key)
    assert (again.status_code, again.get_json()["code"]) == (409, "IDEMPOTENCY_OTHER_WORKER")
    assert sold.get_json()["number"] not in again.text
    assert first.send("POST", "/sales", PLAIN, headers=key).data == sold.data
    assert stock(first) == before
    assert sign_in(device("T2"), "1043").post("/sales", PLAIN, headers=key)["number"] == "SO-T2-000001"


def test_no_secret_is_repeated_or_written_down(shop, device, owner, engine, capfd):
    till = device("T1")
    answer = till.send("POST", "/sessions", {"worker": "1042", "pin": 582047})
    assert (answer.status_code, "582047" in answer.text) == (422, False)
    signed = till.send("POST", "/sessions", {"worker": "1042", "pin": PINS["1042"]}, headers={"Idempotency-Key": "once"})
    for worker, pin, status in (("1042", PINS["1042"], 201), ("1042", "000001", 403), ("1001", PINS["1001"], 201)):
        again = till.send("POST", "/sessions", {"worker": worker, "pin": pin}, headers={"Idempotency-Key": "once"})
        assert (again.status_code, "Idempotent-Replayed" in again.headers) == (status, False), "a secret is looked at each time"
    token = signed.get_json()["token"]
    made = [owner.send("POST", "/api-keys", {"name": "Shop", "roles": ["cashier"]}, headers={"Idempotency-Key": "key"}) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 200]
    assert set(made[1].get_json()) == {"operation", "document_id", "done_at"}
    assert made[1].get_json()["document_id"] == made[0].get_json()["id"]
    with engine.database.snapshot() as read:
        everything = str([read.rows(f"SELECT * FROM {table}") for table in engine.registry.tables])
    captured = capfd.readouterr()
    for secret in (token, PINS["1042"], till.token, made[0].get_json()["token"]):
        assert secret not in everything + captured.out + captured.err
