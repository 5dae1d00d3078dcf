"""Schedules: each due time is performed once, what was missed once, and an installation decides when."""

import threading
from types import SimpleNamespace

import attrs
import pytest

from kassa.kernel import contributions as give
from kassa.kernel import plugins
from kassa.kernel.clock import FixedClock, parse_instant
from kassa.kernel.database import Write
from kassa.kernel.errors import (
    Conflict,
    EverywhereOnly,
    InvalidInput,
    NotFound,
    NotPermitted,
    PreconditionFailed,
    Refused,
    StartupError,
    Unavailable,
)
from kassa.kernel.flush import write_alone
from kassa.kernel.operations import Result
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.plan import Event
from kassa.kernel.plugins import hookimpl
from kassa.kernel.schedules.running import run_due
from kassa.kernel.schedules.times import BadTimes, Times
from kassa.kernel.worker import Worker


@attrs.frozen(kw_only=True)
class Ring:
    """Rings."""

    times: int = 1


@attrs.frozen(kw_only=True)
class Rung:
    """What rang."""

    times: int


class Bell:
    """A plugin with a bell that rings by schedule; `trouble` is raised instead."""

    def __init__(self, **schedule):
        self.trouble = None
        self.schedules = [give.Schedule(name="bell.hourly", summary="Ring", operation="bell.ring", **schedule or {"cron": "0 * * * *"})]

    def ring(self, command, context):
        if self.trouble is not None:
            raise self.trouble
        context.plan.add([Event("bell.rung", {"times": command.times})], rule="bell.ring")
        return Result(view=lambda numbers: Rung(times=command.times))

    def module(self, **more):
        operation = give.Operation(
            name="bell.ring", summary="Ring", effect="post", request=Ring, response=Rung, permission=None, handler=self.ring, **more
        )
        return SimpleNamespace(
            register_operations=hookimpl(lambda: [operation]),
            register_events=hookimpl(lambda: [give.EventType(name="bell.rung", summary="It rang")]),
            register_jobs=hookimpl(lambda: self.schedules),
        )


@pytest.fixture
def clock():
    """Half past nine."""
    return FixedClock("2026-11-21T09:30:00Z")


@pytest.fixture
def bell():
    """A bell that rings every hour."""
    return Bell()


@pytest.fixture
def tower(make_engine, kernel_alone, bell, clock):
    """An engine with the bell."""
    return make_engine(modules={"bell": bell.module()}, clock=clock)


def rung(engine):
    """When it rang."""
    with engine.database.snapshot() as read:
        return [row[0] for row in read.rows("SELECT at FROM kernel_outbox WHERE type = 'bell.rung' ORDER BY at, id")]


def shown(engine, name="bell.hourly"):
    return engine.perform("schedules.read", {"schedule": name}, actor=SYSTEM).body


def test_each_due_time_is_performed_once(tower, clock):
    assert run_due(tower) == 0
    assert shown(tower)["next_at"] == "2026-11-21T10:00:00.000000Z"
    clock.set("2026-11-21T10:00:00Z")
    assert (run_due(tower), run_due(tower)) == (1, 0)
    assert rung(tower) == [clock.now()]
    found = shown(tower)
    assert (found["last_due_at"], found["last_outcome"], found["next_at"]) == (
        "2026-11-21T10:00:00.000000Z", "done", "2026-11-21T11:00:00.000000Z",
    )  # fmt: skip


def test_what_was_missed_is_made_up_for_once(tower, clock):
    run_due(tower)
    clock.set("2026-11-22T17:12:00Z")
    assert (run_due(tower), run_due(tower)) == (2, 0), "the bell, and cleaning"
    assert len(rung(tower)) == 1
    assert shown(tower)["next_at"] == "2026-11-22T18:00:00.000000Z"


def test_several_workers_perform_a_due_time_once(tower, clock):
    run_due(tower)
    for hour in range(10, 16):
        clock.set(f"2026-11-21T{hour}:00:00Z")
        threads = [threading.Thread(target=run_due, args=(tower,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(rung(tower)) == 6


def test_a_worker_that_was_killed_after_the_act_does_not_do_it_twice(tower, clock, monkeypatch):
    run_due(tower)
    clock.set("2026-11-21T10:00:00Z")

    class Killed(BaseException):
        pass

    def die(database, writes):
        if "last_due_at" in writes[0].sql:
            raise Killed
        return write_alone(database, writes)

    with monkeypatch.context() as dying:
        dying.setattr("kassa.kernel.schedules.running.write_alone", die)
        with pytest.raises(Killed):
            run_due(tower)
    assert run_due(tower) == 0, "its lease still counts"
    write_alone(tower.database, [Write("UPDATE kernel_schedule SET lease_until = 0", ())])
    assert run_due(tower) == 1
    assert len(rung(tower)) == 1
    assert shown(tower)["last_outcome"] == "done"


def test_what_may_pass_is_tried_again_and_what_does_not_waits_for_the_next_time(tower, bell, clock):
    run_due(tower)
    clock.set("2026-11-21T10:00:00Z")
    bell.trouble = Unavailable("The bell hangs in the wind.")
    assert (run_due(tower), run_due(tower)) == (1, 0)
    assert (shown(tower)["last_outcome"], shown(tower)["next_at"]) == ("failed", "2026-11-21T10:00:00.000000Z")
    bell.trouble = None
    write_alone(tower.database, [Write("UPDATE kernel_schedule SET run_after = 0", ())])
    assert run_due(tower) == 1
    assert (shown(tower)["last_outcome"], len(rung(tower))) == ("done", 1)
    clock.set("2026-11-21T11:00:00Z")
    bell.trouble = LookupError("no bell")
    run_due(tower)
    found = shown(tower)
    assert (found["last_outcome"], found["next_at"]) == ("failed", "2026-11-21T12:00:00.000000Z")
    assert "LookupError" in found["last_detail"]


def test_an_installation_changes_pauses_and_runs_a_schedule(tower, clock):
    def do(operation, **command):
        return tower.perform(f"schedules.{operation}", {"schedule": "bell.hourly", **command}, actor=SYSTEM).body

    changed = do("change", cron="30 4 * * *", zone="Europe/Amsterdam")
    assert (changed["cron"], changed["zone"], changed["shipped"], changed["next_at"]) == (
        "30 4 * * *", "Europe/Amsterdam", False, "2026-11-22T03:30:00.000000Z",
    )  # fmt: skip
    assert do("change", every_seconds=90)["next_at"] == "2026-11-21T09:31:30.000000Z"
    assert do("pause")["next_at"] is None
    clock.advance(days=1)
    assert run_due(tower) == 0
    with pytest.raises(Conflict) as caught:
        do("run")
    assert caught.value.code == "SCHEDULE_PAUSED"
    assert do("resume")["next_at"] == "2026-11-22T09:31:30.000000Z"
    assert run_due(tower) == 0
    do("run")
    assert (run_due(tower), len(rung(tower))) == (1, 1)
    back = do("change", shipped=True)
    assert (back["cron"], back["shipped"], back["next_at"]) == ("0 * * * *", True, "2026-11-22T10:00:00.000000Z")
    with tower.database.snapshot() as read:
        assert read.value("SELECT count(*) FROM kernel_outbox WHERE type = 'schedules.changed'") == 6


@pytest.mark.parametrize(
    "times",
    [{"cron": "61 * * * *"}, {"cron": "0 0 30 2 *"}, {"cron": "never at all"}, {"cron": "0 * * * *", "zone": "Europe/Nowhere"},
     {"cron": "0 * * * *", "every_seconds": 60}],
)  # fmt: skip
def test_times_that_make_no_sense_are_refused(tower, times):
    with pytest.raises(Refused) as caught:
        tower.perform("schedules.change", {"schedule": "bell.hourly", **times}, actor=SYSTEM)
    assert caught.value.code == "SCHEDULE_TIMES"
    assert shown(tower)["cron"] == "0 * * * *"


def test_who_may_and_what_was_seen_is_looked_at(tower, anna):
    with pytest.raises(NotPermitted):
        tower.perform("schedules.pause", {"schedule": "bell.hourly"}, actor=anna)
    with pytest.raises(NotFound):
        tower.perform("schedules.pause", {"schedule": "bell.daily"}, actor=SYSTEM)
    with pytest.raises(InvalidInput):
        tower.perform("schedules.change", {"schedule": "bell.hourly", "every_seconds": 1}, actor=SYSTEM)
    with pytest.raises(PreconditionFailed):
        tower.perform("schedules.change", {"schedule": "bell.hourly", "every_seconds": 60}, actor=SYSTEM, if_match=7)


@pytest.mark.rule("SEC-23")
@pytest.mark.parametrize("place", ["legal_entities", "stores"])
def test_a_schedule_works_for_all_so_who_acts_in_some_places_alone_changes_none(tower, place):
    local = attrs.evolve(SYSTEM, id="local", **{place: frozenset(("01a1f900-0000-7000-8000-000000000001",))})
    before = shown(tower)
    for operation, command in (("pause", {}), ("resume", {}), ("run", {}), ("change", {"every_seconds": 90})):
        with pytest.raises(EverywhereOnly):
            tower.perform(f"schedules.{operation}", {"schedule": "bell.hourly", **command}, actor=local)
    assert shown(tower) == before
    assert tower.perform("schedules.read", {"schedule": "bell.hourly"}, actor=local).body == before


def test_intervals_keep_their_beat_and_clocks_that_change_their_hour_are_followed():
    at = parse_instant
    assert Times(every_seconds=600).next_after(at("2026-11-21T09:07:00Z"), at("2026-11-21T09:00:00Z")) == at("2026-11-21T09:10:00Z")
    nightly = Times(cron="30 2 * * *", zone="Europe/Amsterdam")
    spring = [at("2026-03-28T12:00:00Z")]
    for _ in range(3):
        spring.append(nightly.next_after(spring[-1]))
    assert spring[1:] == [at("2026-03-29T01:00:00Z"), at("2026-03-30T00:30:00Z"), at("2026-03-31T00:30:00Z")]
    with pytest.raises(BadTimes):
        Times().next_after(0)


@pytest.mark.parametrize("schedule", [{"cron": "x"}, {}, {"cron": "0 * * * *", "operation": "bell.toll"}, {"every_seconds": 5}])
def test_a_schedule_that_makes_no_sense_is_refused_at_start_up(kernel_alone, schedule):
    from kassa.kernel.registry import build

    bell = Bell()
    bell.schedules = [give.Schedule(**{"name": "bell.hourly", "summary": "Ring", "operation": "bell.ring", **schedule})]
    with pytest.raises(StartupError, match=r"bell\.hourly"):
        build({"bell": bell.module()})


def test_a_schedule_runs_in_each_legal_entity(make_engine, kernel_alone, bell, clock):
    from kassa.kernel.room_contributions import SettingScope

    entities = ["01a1f900-0000-7000-8000-000000000001", "01a1f900-0000-7000-8000-000000000002"]
    engine = make_engine(modules={"bell": bell.module()}, clock=clock)
    engine.settings.scope = SettingScope(
        name="x", summary="x", profile_of=lambda context, store: None, check=lambda *place: None, entities=lambda read: entities
    )
    run_due(engine)
    clock.set("2026-11-21T10:00:00Z")
    run_due(engine)
    with engine.database.snapshot() as read:
        assert sorted(row[0] for row in read.rows("SELECT legal_entity_id FROM kernel_outbox WHERE type = 'bell.rung'")) == entities
        actors = read.rows("SELECT actor, origin, outcome FROM kernel_audit WHERE operation = 'bell.ring'")
    assert actors == [("schedule:bell.hourly", "job", "done")] * 2


def test_a_worker_does_all_that_is_due_and_tells_how_much(tower, clock):
    worker = Worker(tower, "test")
    worker.once()
    clock.set("2026-11-21T10:00:00Z")
    done = worker.once()
    assert (done.schedules, done.events, done.failed_jobs) == (1, 1, 0)
    assert not worker.once().anything


def test_the_rooms_schedule_what_they_need(make_engine):
    engine = make_engine(modules={})
    names = {schedule.name: schedule.operation for schedule in engine.registry.all(give.Schedule)}
    assert names == {
        "cleaning.nightly": "cleaning.run", "sales.expire_drafts": "sales.expire_drafts", "stock.tend_reservations": "stock.tend_reservations",
    }  # fmt: skip
    assert plugins.ROOMS[0] == "kernel"
