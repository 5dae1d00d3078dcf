"""Webhooks: sent again when asked, once however many workers, and never led into a private network."""

from types import SimpleNamespace

import attrs
import pytest

from kassa.kernel.errors import NotFound, NotPermitted, PreconditionFailed, Refused
from kassa.kernel.events import publish
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.webhooks import delivering, targets
from kassa.kernel.webhooks.patterns import conditions, matches
from kassa.kernel.worker import Worker

ENTITY = "01a1f900-0000-7000-8000-000000000001"
OTHER_ENTITY = "01a1f900-0000-7000-8000-000000000002"


def test_events_are_sent_again(desk, receiver):
    early = desk.write("before there was a webhook")
    desk.work()
    hook = desk.hook(receiver)
    note = desk.write()
    desk.work()
    (event,) = receiver.events
    assert desk.do("webhooks.redeliver", webhook=hook.id, event=event["id"]) == {"queued": 1, "more": False}
    desk.work()
    assert [found["id"] for found in receiver.events] == [event["id"]] * 2
    assert desk.do("webhooks.redeliver", webhook=hook.id, since="2020-01-01T00:00:00Z") == {"queued": 1, "more": False}
    desk.work()
    assert receiver.events[-1]["subject"] == early
    assert desk.do("webhooks.redeliver", webhook=hook.id, since="2020-01-01T00:00:00Z", delivered=True)["queued"] == 2
    desk.work()
    assert [found["subject"] for found in receiver.events[-2:]] == [early, note]


def test_a_ping_reaches_its_webhook_alone(desk, receiver, make_receiver):
    other = make_receiver()
    hook = desk.hook(receiver, "notebook.note_torn")
    desk.hook(other, "notebook.*")
    desk.do("webhooks.ping", webhook=hook.id)
    desk.work()
    assert [event["type"] for event in receiver.verified(hook.secret)] == ["webhooks.pinged"]
    assert other.got == []


def test_a_kill_between_sending_and_writing_that_down_sends_again_under_the_same_id(desk, receiver, monkeypatch):
    hook = desk.hook(receiver)
    desk.write()

    class Killed(BaseException):
        pass

    def die(*arguments):
        raise Killed

    publish(desk.engine)
    with monkeypatch.context() as dying:
        due = delivering.take(desk.engine, hook.id)
        dying.setattr(delivering, "write_alone", die)
        with pytest.raises(Killed):
            delivering.deliver(desk.engine, due)
    assert delivering.take(desk.engine, hook.id) is None, "its lease still counts"
    desk.due_again()
    desk.work()
    assert len({event["id"] for event in receiver.events}) == 1
    assert len(receiver.got) == 2


def test_several_workers_send_each_event_once(desk, receiver):
    hook = desk.hook(receiver)
    notes = [desk.write(f"text {number}") for number in range(40)]
    workers = [Worker(desk.engine, f"worker {number}") for number in range(3)]
    for worker in workers:
        worker.start()
    while len(receiver.got) < 40:
        workers[0]._runner._loop.stopping.wait(0.01)
    for worker in workers:
        worker.stop()
    assert sorted(event["subject"] for event in receiver.events) == sorted(notes)
    assert {delivery["attempts"] for delivery in desk.deliveries(hook)} == {1}


def test_data_that_are_too_large_are_told_by_a_reference(desk, receiver, monkeypatch):
    monkeypatch.setattr(delivering, "BODY_AT_MOST", 100)
    desk.hook(receiver)
    desk.write()
    desk.work()
    (event,) = receiver.events
    assert "data" not in event
    assert event["dataref"] == f"/v1/events/{event['id']}"


FORBIDDEN = (
    "http://example.com/", "https://127.0.0.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://0.0.0.0/", "https://[fe80::1]/", "https://[fd00::1]/",
    "https://[2002:7f00:1::]/", "https://[64:ff9b::7f00:1]/", "https://224.0.0.1/", "https://255.255.255.255/", "https://localhost/",
    "ftp://example.com/", "file:///etc/passwd", "https://user:secret@93.184.216.34/", "https://93.184.216.34/#part", "https://", "https://a b/",
    "https://93.184.216.34:99999/", "gopher://127.0.0.1/", "//93.184.216.34/", "https://nobody.invalid/",
)  # fmt: skip


@pytest.mark.rule("SEC-15")
@pytest.mark.parametrize("url", FORBIDDEN)
def test_a_webhook_is_not_led_into_a_private_network(engine, url):
    with pytest.raises(Refused) as caught:
        engine.perform("webhooks.create", {"name": "Shop", "url": url, "types": ["*"]}, actor=SYSTEM, legal_entity_id=ENTITY)
    assert [(issue.code, issue.pointer) for issue in caught.value.issues] == [("WEBHOOK_TARGET", "/url")]
    with engine.database.snapshot() as read:
        assert read.value("SELECT count(*) FROM kernel_webhook") == 0


@pytest.mark.rule("SEC-15")
def test_a_name_that_points_elsewhere_later_leads_nowhere(desk, receiver, monkeypatch):
    desk.do("settings.change", name="webhooks.private_targets", level="installation", value="false")
    leads_to = {"shop.example": ["93.184.216.34"]}
    monkeypatch.setattr(targets, "resolve", lambda host, port: leads_to[host])
    port = receiver.server.server_port
    hook = SimpleNamespace(id=desk.do("webhooks.create", name="Shop", url=f"https://shop.example:{port}/hook", types=["notebook.*"])["id"])
    leads_to["shop.example"] = ["93.184.216.34", "127.0.0.1"]
    desk.write()
    desk.work()
    (attempt,) = desk.attempts(hook)
    assert attempt["error"] == "shop.example leads to 127.0.0.1, which is no address of the public internet."
    assert receiver.got == []
    with pytest.raises(Refused):
        desk.do("webhooks.change", webhook=hook.id, url=f"https://shop.example:{port}/other")


@pytest.mark.rule("SEC-15")
def test_the_connection_leads_to_the_address_that_was_looked_at(desk, receiver, monkeypatch):
    monkeypatch.setattr(targets, "resolve", lambda host, port: ["127.0.0.1"])
    url = f"http://shop.example:{receiver.server.server_port}/hook"
    desk.do("webhooks.create", name="Shop", url=url, types=["notebook.*"])
    desk.write()
    desk.work()
    ((_, headers, _),) = receiver.got
    assert headers["Host"] == f"shop.example:{receiver.server.server_port}"


def test_types_must_exist_and_scopes_hold(desk, receiver, anna):
    with pytest.raises(Refused) as caught:
        desk.hook(receiver, "notebook.*", "notebook.note_eaten", "nothing.*")
    assert [(issue.code, issue.pointer) for issue in caught.value.issues] == [("WEBHOOK_TYPE", "/types/1"), ("WEBHOOK_TYPE", "/types/2")]
    hook = desk.hook(receiver)
    manager = attrs.evolve(anna, permissions=frozenset({"webhooks.read", "webhooks.manage"}))
    stranger = attrs.evolve(manager, legal_entities=frozenset({OTHER_ENTITY}))
    with pytest.raises(NotPermitted):
        desk.do("webhooks.read", webhook=hook.id, actor=anna)
    assert desk.do("webhooks.read", webhook=hook.id, actor=manager)["id"] == hook.id
    for operation in ("read", "pause", "resume", "delete", "rotate_secret", "ping", "deliveries"):
        with pytest.raises(NotFound):
            desk.do(f"webhooks.{operation}", webhook=hook.id, actor=stranger, entity=OTHER_ENTITY)
    with pytest.raises(Refused) as caught:
        desk.do("webhooks.create", name="All", url=receiver.url, types=["*"], everywhere=True, actor=manager)
    assert caught.value.code == "WEBHOOK_EVERYWHERE"
    assert desk.do("webhooks.list", actor=stranger, entity=OTHER_ENTITY)["items"] == []


def test_a_webhook_is_changed_only_as_it_was_seen(desk, receiver):
    hook = desk.hook(receiver)
    changed = desk.engine.perform(
        "webhooks.change", {"webhook": hook.id, "types": ["*"]}, actor=SYSTEM, legal_entity_id=ENTITY, if_match=1
    ).body
    assert (changed["types"], changed["version"], changed["url"]) == (["*"], 2, receiver.url)
    with pytest.raises(PreconditionFailed):
        desk.engine.perform("webhooks.change", {"webhook": hook.id, "name": "Other"}, actor=SYSTEM, legal_entity_id=ENTITY, if_match=1)


@pytest.mark.parametrize(
    "pattern, kind, meant",
    [("*", "a.b", True), ("a.*", "a.b", True), ("a.*", "a.b.c", True), ("a.*", "ab.c", False), ("a.b", "a.b", True), ("a.b", "a.bc", False),
        ("a_b.*", "axb.c", False)],
)  # fmt: skip
def test_patterns_mean_the_same_in_python_and_in_sql(engine, pattern, kind, meant):
    assert matches((pattern,), kind) is meant
    condition, values = conditions((pattern,), "found.kind")
    with engine.database.snapshot() as read:
        assert bool(read.value(f"SELECT count(*) FROM (SELECT CAST(? AS TEXT) AS kind) found WHERE {condition}", (kind, *values))) is meant
