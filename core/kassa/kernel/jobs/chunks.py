"""Chunks: a part of a job that is planned, checked and flushed like one operation, with its progress in the same commit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import attrs

from kassa.kernel.checks import check_plan
from kassa.kernel.contributions import JobKind
from kassa.kernel.errors import Issue, KassaError, OverrideRequired
from kassa.kernel.jobs.models import JobResultRow, JobRow
from kassa.kernel.plan import Row

if TYPE_CHECKING:
    from kassa.kernel.context import Context

T = TypeVar("T")
RULE = "jobs.progress"
MESSAGE_AT_MOST = 2000


@attrs.frozen(kw_only=True)
class Chunk:
    """What a job kind gets to plan one chunk: where the last one ended, and how many items this one may have.

    `cursor` is what the last chunk returned (None at first); `done`, `total` and `summary` are as committed so far.
    """

    job_id: str
    request: Any
    cursor: Any
    done: int
    total: int | None
    summary: Mapping[str, Any]
    size: int
    prepared: Any = None


@attrs.frozen(kw_only=True)
class ItemResult:
    """What became of one item: done, skipped (a rule leaves it out) or refused, with code and words of the reason."""

    item: str
    outcome: Literal["done", "skipped", "refused"] = "done"
    code: str | None = None
    message: str | None = None
    document_id: str | None = None


@attrs.frozen(kw_only=True)
class ChunkDone:
    """What a planned chunk comes to: the next cursor (JSON; None where the job is finished) and how many items it handled.

    `results` of cases that are dropped afterwards are replaced by the reason. `summary`, where given, replaces the job's.
    """

    cursor: Any
    done: int
    total: int | None = None
    results: Sequence[ItemResult] = ()
    summary: Mapping[str, Any] | None = None


Settle = Callable[[Mapping[str, Sequence[Issue]]], ChunkDone]


def each(context: Context, items: Iterable[T], key: Callable[[T], str], act: Callable[[T], str | None]) -> list[ItemResult]:
    """Plan the items of a run one by one, each as a case that can be left out as a whole.

    `act` plans one item and returns the id of its document. An item that is refused, that needs an approval, or in whose
    rules a plugin fails is left out with the reason; the others stay.
    """
    plan = context.plan
    results = []
    for item in items:
        case = plan.case = key(item)
        # A refusal tells all issues of the plan, so those of other items are put aside: each answers for itself.
        earlier, plan.issues = plan.issues, []
        try:
            results.append(ItemResult(item=case, document_id=act(item)))
        except KassaError as error:
            plan.drop(case, error.issues or (Issue(code=error.code, message=error.detail),))
        else:
            needed = [issue for issue in plan.issues if issue.severity == "approvable"]
            if needed:
                plan.drop(case, needed)
        finally:
            plan.case, plan.issues = None, [*earlier, *plan.issues]
    return results


def settle(kind: JobKind, chunk: Chunk, context: Context, *, fence: int, chunks: int, give_up: Issue | None = None) -> ChunkDone:
    """Let the kind plan the chunk, check the plan, and add item results and progress to it.

    With `give_up` every case is left out for that reason: they lost too many races, and the job shall go on.
    """
    answer = kind.run(chunk, context)
    if give_up is not None:
        for case in {stamped.case for stamped in context.plan.effects if stamped.case is not None}:
            context.plan.drop(case, [give_up])
    check_plan(context)
    needed = [issue for issue in context.plan.issues if issue.severity == "approvable"]
    if needed:
        raise OverrideRequired(needed, {"operation": kind.name})
    dropped = context.plan.dropped
    done: ChunkDone = answer(dropped) if callable(answer) else answer
    results = [result for result in done.results if result.item not in dropped]
    results += [_left_out(case, issues) for case, issues in dropped.items()]
    rows = [
        Row(JobResultRow, {"job_id": chunk.job_id, **attrs.asdict(result), "message": (result.message or "")[:MESSAGE_AT_MOST] or None})
        for result in results
    ]
    context.plan.add([*rows, _progress(chunk, done, context.now, fence, chunks)], rule=RULE)
    return done


def _left_out(case: str, issues: Sequence[Issue]) -> ItemResult:
    # Nobody stands beside a run to approve: what only somebody else may allow is left out like what a rule leaves out.
    stopping = [issue for issue in issues if issue.severity != "warn"] or list(issues)
    refusing = [issue for issue in stopping if issue.severity not in ("skip", "approvable")]
    leading = (refusing or stopping)[0]
    words = " ".join(issue.message for issue in issues)
    return ItemResult(item=case, outcome="refused" if refusing else "skipped", code=leading.code, message=words)


def _progress(chunk: Chunk, done: ChunkDone, now: int, fence: int, chunks: int) -> Row:
    finished = done.cursor is None
    values: dict[str, Any] = {
        "cursor": json.dumps(done.cursor, separators=(",", ":")),
        "done": chunk.done + done.done,
        "total": done.total if done.total is not None else chunk.total,
        "chunks": chunks + 1,
        "attempts": 0,
    }
    if done.summary is not None:
        values["summary"] = json.dumps(done.summary, ensure_ascii=False, separators=(",", ":"))
    if finished:
        values |= {"state": "done", "finished_at": now, "lease_until": 0, "lease_owner": None, "total": chunk.done + done.done}
    return Row(JobRow, values, key={"id": chunk.job_id, "fence": fence, "chunks": chunks, "state": "running"})
