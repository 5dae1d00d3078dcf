"""The operations on schedules: list and read them, change their times, pause and resume them, let one run at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import EventType, Http, Operation, Permission, Schedule
from kassa.kernel.errors import Conflict, ErrorCode, Issue, NotFound, PreconditionFailed
from kassa.kernel.operations import PageRequest, Result, page, page_of, read_cursor
from kassa.kernel.plan import Event, Row
from kassa.kernel.schedules.models import ScheduleRow
from kassa.kernel.schedules.running import COLUMNS, SCHEDULES, new_row, possible, read_rows, times_of
from kassa.kernel.schedules.times import LONGEST_INTERVAL, SHORTEST_INTERVAL, BadTimes, Times
from kassa.kernel.schema import Instant, JsonObject, Length, Range, Text

READ, CHANGE = "schedules.read", "schedules.change"
Cron = Annotated[str, Length(9, 200)]
Interval = Annotated[int, Range(SHORTEST_INTERVAL, LONGEST_INTERVAL)]


@attrs.frozen(kw_only=True)
class ListSchedules(PageRequest):
    """Asks for the schedules of this installation, sorted by name."""


@attrs.frozen(kw_only=True)
class ScheduleRequest:
    """Names one schedule."""

    schedule: Text


@attrs.frozen(kw_only=True)
class ChangeSchedule(ScheduleRequest):
    """When a schedule shall be due: by a cron expression or every so many seconds; what is left out stays."""

    cron: Cron | None = attrs.field(default=None, metadata={"description": "Minute, hour, day, month, weekday.", "examples": ["30 3 * * *"]})
    every_seconds: Interval | None = None
    zone: Text | None = attrs.field(default=None, metadata={"description": "The time zone of the expression.", "examples": ["Europe/Amsterdam"]})
    shipped: bool = attrs.field(default=False, metadata={"description": "True brings the times back with which it was shipped."})


@attrs.frozen(kw_only=True)
class ScheduleView:
    """A schedule: what it does, when it is due, and what came of it the last time."""

    name: str
    summary: str
    operation: str
    request: JsonObject
    cron: str | None
    every_seconds: int | None
    zone: str
    shipped: bool = attrs.field(metadata={"description": "Whether its times are those with which it was shipped."})
    state: Literal["active", "paused"]
    next_at: Instant | None
    last_due_at: Instant | None
    last_run_at: Instant | None
    last_outcome: Literal["done", "failed"] | None
    last_detail: str | None
    version: int


def list_schedules(request: ListSchedules, context: Context) -> Any:
    """Show a page of schedules."""
    cursor = read_cursor(request.after, 1)
    rows = read_rows(context.read)
    schedules = [schedule for schedule in possible(context.registry) if cursor is None or schedule.name > str(cursor[0])]
    views = [_view(schedule, rows.get(schedule.name) or new_row(schedule, context.now)) for schedule in schedules[: request.limit + 1]]
    return page(request, ScheduleView, views, lambda view: (view.name,))


def read_schedule(request: ScheduleRequest, context: Context) -> ScheduleView:
    """Show one schedule."""
    schedule, row, _ = _find(context, request.schedule)
    return _view(schedule, row)


def _find(context: Context, name: str) -> tuple[Schedule, Mapping[str, Any], bool]:
    """Find a schedule and its row, which is made where there is none yet; tells whether it was there."""
    schedule = context.registry.find(Schedule, name)
    if schedule is None:
        raise NotFound("schedule", name)
    row = context.read.row(f"{SCHEDULES} WHERE name = ?", (name,))
    return (schedule, dict(zip(COLUMNS, row, strict=True)), True) if row is not None else (schedule, new_row(schedule, context.now), False)


def _view(schedule: Schedule, row: Mapping[str, Any]) -> ScheduleView:
    times = times_of(schedule, row)
    shipped = row["cron"] is None and row["every_seconds"] is None and row["zone"] is None
    last = {name: row[name] for name in ("last_due_at", "last_run_at", "last_outcome", "last_detail", "version", "state")}
    return ScheduleView(
        name=schedule.name, summary=schedule.summary, operation=schedule.operation, request=dict(schedule.request), cron=times.cron,
        every_seconds=times.every_seconds, zone=times.zone, shipped=shipped, next_at=row["next_at"] if row["state"] == "active" else None, **last,
    )  # fmt: skip


def change(command: ChangeSchedule, context: Context) -> Result:
    """Plan other times of a schedule."""
    schedule, row, _ = _find(context, command.schedule)
    given: dict[str, Any] = {name: row[name] for name in ("cron", "every_seconds", "zone")}
    if command.shipped:
        given = dict.fromkeys(given)
    if command.cron is not None or command.every_seconds is not None:
        given |= {"cron": command.cron, "every_seconds": command.every_seconds}
    if command.zone is not None:
        given["zone"] = command.zone
    times = times_of(schedule, {**row, **given})
    return _changed(context, command.schedule, {**given, "next_at": _next(context, times), "attempts": 0, "run_after": 0})


def _next(context: Context, times: Times) -> int:
    try:
        return times.next_after(context.now)
    except BadTimes as error:
        pointer = "/cron" if times.cron is not None else "/every_seconds"
        context.refuse([Issue(code="SCHEDULE_TIMES", message=f"These times make no sense: {error}.", pointer=pointer)])
        raise


def pause(command: ScheduleRequest, context: Context) -> Result:
    """Plan that a schedule is not run until it is resumed."""
    return _changed(context, command.schedule, {"state": "paused"})


def resume(command: ScheduleRequest, context: Context) -> Result:
    """Plan that a schedule goes on; times at which it was paused are not made up for."""
    schedule, row, _ = _find(context, command.schedule)
    if row["state"] == "active":
        return _changed(context, command.schedule, {})
    return _changed(context, command.schedule, {"state": "active", "next_at": _next(context, times_of(schedule, row)), "attempts": 0, "run_after": 0})


def run_now(command: ScheduleRequest, context: Context) -> Result:
    """Plan that a schedule is due at once; its next regular time is counted from then."""
    schedule, row, _ = _find(context, command.schedule)
    if row["state"] == "paused":
        raise Conflict(f"The schedule {schedule.name} is paused. Resume it first.", code="SCHEDULE_PAUSED")
    return _changed(context, command.schedule, {"next_at": context.now, "attempts": 0, "run_after": 0})


def _changed(context: Context, name: str, values: dict[str, Any]) -> Result:
    schedule, row, there = _find(context, name)
    context.actor.require_everywhere("Schedules work")
    if context.if_match is not None and context.if_match != row["version"]:
        raise PreconditionFailed(f"The schedule {schedule.name} has changed since it was read. Read it again, then decide again.")
    changed = {**row, **values}
    view = _view(schedule, {**changed, "version": row["version"] + there})
    if any(row[name] != value for name, value in values.items()):
        kept = Row(ScheduleRow, values, key={"name": schedule.name}, version=row["version"]) if there else Row(ScheduleRow, changed)
        told = {"schedule": schedule.name, "state": view.state, "times": times_of(schedule, changed).words}
        context.plan.add([kept, Event("schedules.changed", told, everywhere=True)], rule=context.operation.name)
    else:
        view = _view(schedule, row)
    return Result(view=lambda numbers: view, version=view.version)


PERMISSIONS = (
    Permission(name=READ, summary="See schedules and what came of them"),
    Permission(name=CHANGE, summary="Change the times of schedules, pause and resume them, let one run at once"),
)

EVENTS = (
    EventType(
        name="schedules.changed",
        summary="A schedule has other times, was paused or resumed, or shall run at once.",
        fields={"schedule": "Its name.", "state": "active or paused.", "times": "When it is due."},
        example={"schedule": "cleaning.nightly", "state": "active", "times": "30 3 * * * (UTC)"},
    ),
)

CODES = (
    ErrorCode(
        code="SCHEDULE_PAUSED",
        title="The schedule is paused",
        meaning="A schedule that is paused is not run, not even by hand.",
        action="Resume it, then let it run.",
        status=409,
    ),
    ErrorCode(
        code="SCHEDULE_TIMES",
        title="These times make no sense",
        meaning="The cron expression cannot be read or never comes, the time zone is not known, or both an expression and an interval were given.",
        action="Send five fields such as 30 3 * * * with a zone such as Europe/Amsterdam, or an interval in seconds.",
    ),
)


def _operation(name: str, summary: str, handler: Any, request: type[Any], method: Any, path: str, **more: Any) -> Operation:
    given: dict[str, Any] = {"effect": "read" if method == "GET" else "edit", "permission": READ if method == "GET" else CHANGE, **more}
    given.setdefault("response", ScheduleView)
    return Operation(
        name=f"schedules.{name}", summary=summary, handler=handler, request=request, http=Http(method=method, path=path), scope="none", **given
    )


ONE = "/schedules/{schedule}"
OPERATIONS = (
    _operation(
        "list", "List schedules", list_schedules, ListSchedules, "GET", "/schedules",
        response=page_of(ScheduleView), collection=True, example={"limit": 20},
    ),
    _operation("read", "Read a schedule", read_schedule, ScheduleRequest, "GET", ONE, example={"schedule": "cleaning.nightly"}),
    _operation(
        "change", "Change the times of a schedule", change, ChangeSchedule, "PATCH", ONE,
        example={"schedule": "cleaning.nightly", "cron": "30 4 * * *", "zone": "Europe/Amsterdam"},
        description="A time that was missed because nobody worked is made up for once, however often it was missed.",
    ),
    _operation("pause", "Pause a schedule", pause, ScheduleRequest, "POST", f"{ONE}/pause", example={"schedule": "cleaning.nightly"}),
    _operation(
        "resume", "Let a paused schedule go on", resume, ScheduleRequest, "POST", f"{ONE}/resumption", example={"schedule": "cleaning.nightly"}
    ),
    _operation(
        "run", "Let a schedule run at once", run_now, ScheduleRequest, "POST", f"{ONE}/run", example={"schedule": "cleaning.nightly"},
        description="A worker performs it within a second or so.",
    ),
)  # fmt: skip
