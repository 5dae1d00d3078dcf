"""Rings many times, three rings a chunk: where it is killed, it goes on at the ring that was not rung yet."""

import attrs

from kassa import ChunkDone, Event, JobKind, Permission, hookimpl


@attrs.frozen(kw_only=True)
class RingOften:
    """Asks for some rings."""

    times: int


def ring(chunk, context):
    first = chunk.cursor or 0
    last = min(first + chunk.size, chunk.request.times)
    context.plan.add([Event("bell.rung", {"ordinal": ordinal}) for ordinal in range(first + 1, last + 1)], rule="bell.ringing")
    return ChunkDone(cursor=last if last < chunk.request.times else None, done=last - first, total=chunk.request.times)


@hookimpl
def register_definitions():
    return [Permission(name="bell.ring", summary="Ring the bell")]


@hookimpl
def register_jobs():
    return [JobKind(name="bell.ringing", summary="Ring often", request=RingOften, run=ring, permission="bell.ring", size=3)]
