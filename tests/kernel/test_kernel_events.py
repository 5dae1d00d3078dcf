"""The feed of events: complete, in an order that never fills up behind a reader, within one's legal entities; and cleaning."""

import attrs
import pytest

from kassa.kernel.changes import event_row
from kassa.kernel.clock import FixedClock
from kassa.kernel.database import Write
from kassa.kernel.errors import InvalidInput, NotFound, NotPermitted
from kassa.kernel.events import publish
from kassa.kernel.flush import write_alone
from kassa.kernel.invariants import verify
from kassa.kernel.models import OutboxRow
from kassa.kernel.tables import insert_statement
from kassa.kernel.worker import Worker

ENTITY = "01a1f900-0000-7000-8000-000000000001"
OTHER_ENTITY = "01a1f900-0000-7000-8000-000000000002"


def listed(desk, **asked):
    """The events of a page, without those about settings."""
    return [event for event in desk.do("events.list", **asked)["items"] if not event["type"].startswith("settings.")]


def test_events_are_listed_in_the_order_of_the_feed_page_by_page(desk):
    notes = [desk.write(text) for text in "abc"]
    desk.tear(notes[0])
    assert listed(desk) == []
    publish(desk.engine)
    found, after = [], None
    while True:
        page = desk.do("events.list", limit=2, type="notebook.*", **({"after": after} if after else {}))
        found += page["items"]
        after = page["next"]
        if after is None:
            break
    assert [(event["subject"], event["type"]) for event in found] == [
        *((note, "notebook.note_written") for note in notes), (notes[0], "notebook.note_torn"),
    ]  # fmt: skip
    assert [event["sequence"] for event in found] == sorted({event["sequence"] for event in found})
    assert {event["legalentity"] for event in found} == {ENTITY}, "also of a note that was there before"
    assert listed(desk, behind=found[1]["sequence"]) == found[2:]
    assert listed(desk, subject=notes[0]) == [found[0], found[3]]
    assert listed(desk, type="notebook.note_torn") == [found[3]]
    assert listed(desk, since=found[2]["time"], until=found[3]["time"]) == [event for event in found if found[2]["time"] <= event["time"] < found[3]["time"]]
    with pytest.raises(InvalidInput):
        desk.do("events.list", type="Not A Type")
    with pytest.raises(InvalidInput):
        desk.do("events.list", behind="many")


@pytest.mark.rule("REL-21")
def test_an_event_that_is_committed_late_joins_at_the_end(desk):
    early = event_row("notebook.note_written", {"late": True}, None, ENTITY, desk.engine.clock.now())
    note = desk.write()
    publish(desk.engine)
    seen = listed(desk)
    assert [event["subject"] for event in seen] == [note]
    write_alone(desk.engine.database, [Write(insert_statement(OutboxRow), early)])
    assert publish(desk.engine) == 1
    (late,) = listed(desk, behind=seen[-1]["sequence"])
    assert (late["id"] < seen[-1]["id"], late["data"]) == (True, {"late": True})


def test_places_are_given_once_however_many_publish(desk):
    from concurrent.futures import ThreadPoolExecutor

    for number in range(30):
        desk.write(f"text {number}")
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            list(pool.map(publish, [desk.engine] * 4))
    with desk.engine.database.snapshot() as read:
        count, lowest, highest = read.row("SELECT count(DISTINCT sequence), min(sequence), max(sequence) FROM kernel_outbox")
    assert (count, lowest, highest) == (31, 1, 31)


def test_events_of_others_are_not_seen(desk, anna):
    reader = attrs.evolve(anna, permissions=frozenset({"events.read"}))
    stranger = attrs.evolve(reader, legal_entities=frozenset({OTHER_ENTITY}))
    desk.write()
    publish(desk.engine)
    (event,) = listed(desk)
    assert [found["id"] for found in desk.do("events.list", actor=reader)["items"]] == [event["id"]]
    assert desk.do("events.list", actor=stranger, entity=OTHER_ENTITY)["items"] == []
    with pytest.raises(NotFound):
        desk.do("events.read", actor=stranger, entity=OTHER_ENTITY, event=event["id"])
    with pytest.raises(NotPermitted):
        desk.do("events.list", actor=anna)


def test_types_tell_which_fields_their_data_have(desk):
    types = {item["name"]: item for item in desk.do("events.types", limit=500)["items"]}
    assert types["webhooks.disabled"]["fields"]["reason"] == "Why."
    assert (types["notebook.note_torn"]["owner"], types["notebook.note_torn"]["summary"]) == ("notebook", "A note was torn out")


@pytest.fixture
def old_desk(make_desk):
    """A desk whose clock stands far back, so that the database agrees that what happens is old."""
    clock = FixedClock("2026-01-05T09:00:00Z")
    desk = make_desk(clock)
    desk.clock = clock
    return desk


def test_cleaning_removes_what_was_kept_for_its_time_and_nothing_else(old_desk, receiver):
    desk = old_desk
    hook = desk.hook(receiver)
    note = desk.engine.perform("notebook.write", {"text": "old"}, actor=desk.anna, key="old").body["id"]
    Worker(desk.engine, "test").once()
    assert len(listed(desk)) == 2
    desk.clock.advance(days=40)
    desk.write("new")
    Worker(desk.engine, "test").once()
    (job,) = desk.do("jobs.list", kind="cleaning.run", entity=None)["items"]
    assert job["started_by"] == "schedule:cleaning.nightly"
    assert (job["state"], job["summary"]["attempts"], job["summary"]["deliveries"]) == ("done", 1, 1)
    assert job["summary"]["answers"] >= 1
    assert [event["data"].get("number") for event in listed(desk, type="notebook.*")] == ["NOTE-T1-000002"]
    assert len(desk.deliveries(hook)) == 1
    desk.clock.advance(days=40)
    Worker(desk.engine, "test").once()
    assert len(desk.do("jobs.list", kind="cleaning.run", entity=None)["items"]) == 1, "the first is forgotten"
    again = desk.engine.perform("notebook.write", {"text": "old"}, actor=desk.anna, key="old")
    assert (again.replayed, again.current, again.document_id) == (True, True, note)
    assert verify(desk.engine) == []


def test_the_database_refuses_to_remove_events_earlier(desk):
    desk.write()
    Worker(desk.engine, "test").once()
    with pytest.raises(Exception, match="append-only"):
        write_alone(desk.engine.database, [Write("DELETE FROM kernel_outbox", ())])
    with desk.engine.database.snapshot() as read:
        assert read.value("SELECT count(*) FROM kernel_outbox") == 2


def test_the_status_tells_who_works_and_what_waits(desk, receiver):
    receiver.answer = 500
    desk.hook(receiver)
    desk.write()
    before = desk.do("worker.status", entity=None)
    assert (before["workers"], before["events"]["waiting"]) == ([], 3)
    worker = Worker(desk.engine, "till")
    worker.start()
    while not receiver.got or not desk.do("worker.status", entity=None)["workers"]:
        worker._runner._loop.stopping.wait(0.01)
    worker_there = desk.do("worker.status", entity=None)["workers"]
    worker.stop()
    after = desk.do("worker.status", entity=None)
    assert (worker_there, after["workers"]) == (["till"], [])
    assert (after["events"]["waiting"], after["deliveries"]["waiting"]) == (0, 1)
    assert after["schedules"]["active"] == 1
