"""What a plugin or a room can contribute to what happens behind the requests: events and listeners, jobs and schedules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import attrs


@attrs.frozen(kw_only=True)
class EventType:
    """A business fact that webhooks and listeners can ask for.

    `fields` says what its data hold, `example` shows such data. Both are left out for an event that a transition announces: its
    data are the id of the document and, where it gets one then, its number.
    """

    name: str
    summary: str
    fields: Mapping[str, str] = attrs.field(factory=dict)
    example: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Listener:
    """Called after commit, from the outbox, at least once; its failure never undoes the fact."""

    name: str
    event: str
    run: Callable[[Any, Any], None]


@attrs.frozen(kw_only=True)
class JobKind:
    """Long work in chunks, each of which is planned and flushed like one operation.

    `run(chunk, context)` plans the next `chunk.size` items after `chunk.cursor` and returns a ChunkDone, or a function from
    the cases that were dropped to a ChunkDone. Effects, item results, progress and cursor commit together, so a job that was
    killed goes on where it was. `prepare(chunk, engine)`, optional, reads what lies outside (a file, a service) before a
    snapshot is open; its answer is `chunk.prepared`, also when the chunk has to be planned again. `origin` is that of the
    documents that are made. A `local` kind needs what only the machine has on which it was begun, such as a file: it is run
    there by its id, and no runner takes it by itself.
    """

    name: str
    summary: str
    request: type[Any]
    run: Callable[[Any, Any], Any]
    permission: str
    size: int = 100
    prepare: Callable[[Any, Any], Any] | None = None
    origin: Literal["job", "import", "till"] = "job"
    local: bool = False


@attrs.frozen(kw_only=True)
class Schedule:
    """An operation that a worker performs again and again: at times of `cron` in `zone`, or every so many seconds.

    These are the times with which it is shipped; an installation may change or pause them. The operation has the effect `post`: the
    due time is its idempotency key, so that it is performed once however many workers there are. It is performed in each legal
    entity, or once where its scope is none; by nobody, with all permissions.
    """

    name: str
    summary: str
    operation: str
    request: Mapping[str, Any] = attrs.field(factory=dict)
    cron: str | None = None
    every_seconds: int | None = None
    zone: str = "UTC"
    paused: bool = False
