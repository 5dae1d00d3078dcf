"""The operations on jobs: list and read them, see what became of their items, stop and resume them."""

from __future__ import annotations

import json
from typing import Any, Literal

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, JobKind, Operation, Permission
from kassa.kernel.errors import Conflict, NotFound
from kassa.kernel.jobs.chunks import ItemResult
from kassa.kernel.jobs.leases import COLUMNS, Job, actor_text, job_of, read_job
from kassa.kernel.jobs.models import JobRow
from kassa.kernel.operations import PageRequest, Result, page, page_of, read_cursor
from kassa.kernel.plan import Row
from kassa.kernel.schema import Identifier, Instant, JsonObject, Text, unstructure
from kassa.kernel.values import new_id

State = Literal["waiting", "running", "done", "failed", "stopped"]
Outcome = Literal["done", "skipped", "refused"]
PROBLEMS_SHOWN = 100
COUNTS = "SELECT outcome, count(*) FROM kernel_job_result WHERE job_id = ? GROUP BY outcome"
PROBLEMS = (
    "SELECT item, outcome, code, message, document_id FROM kernel_job_result WHERE job_id = ? AND outcome <> 'done' ORDER BY item LIMIT ?"
)
RESULTS = "SELECT item, outcome, code, message, document_id FROM kernel_job_result WHERE job_id = ? AND item > ?{} ORDER BY item LIMIT ?"


@attrs.frozen(kw_only=True)
class ListJobs(PageRequest):
    """Asks for jobs, the newest first."""

    state: State | None = None
    kind: Text | None = None


@attrs.frozen(kw_only=True)
class JobRequest:
    """Names one job."""

    job: Identifier


@attrs.frozen(kw_only=True)
class ListJobResults(PageRequest):
    """Asks what became of the items of a job, sorted by item."""

    job: Identifier
    outcome: Outcome | None = None


@attrs.frozen(kw_only=True)
class JobView:
    """A job: what it does, how far it is. `total` is null while it is not known."""

    id: Identifier
    kind: str
    state: State
    done: int
    total: int | None
    stop_requested: bool
    started_by: str
    legal_entity_id: Identifier | None
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    error: str | None
    summary: JsonObject | None


@attrs.frozen(kw_only=True)
class JobResultView:
    """What became of one item of a job."""

    item: str
    outcome: Outcome
    code: str | None
    message: str | None
    document_id: Identifier | None


@attrs.frozen(kw_only=True)
class JobDetailView(JobView):
    """A job, how many of its items had which outcome, and the first of those that were not done."""

    results: dict[str, int]
    errors: tuple[JobResultView, ...]


def start(context: Context, kind: str, request: Any, *, total: int | None = None) -> JobView:
    """Plan a job of a kind: it comes into being with this operation, works for the same actor, and is run afterwards.

    Raises NotPermitted where the actor lacks the permission of the kind.
    """
    chosen = context.registry.get(JobKind, kind)
    context.actor.require(chosen.permission)
    actor = context.actor
    job = Job(
        id=new_id(), kind=kind, request=unstructure(request), state="waiting", cursor=None, done=0, total=total, summary=None, chunks=0, attempts=0,
        fence=0, stop_requested=False, actor=actor, legal_entity_id=context.legal_entity_id, created_at=context.now, started_at=None,
        finished_at=None, error=None,
    )  # fmt: skip
    values = {name: getattr(job, name) for name in COLUMNS}
    values |= {"request": json.dumps(job.request, ensure_ascii=False), "actor": actor_text(actor), "lease_until": 0, "run_after": 0}
    context.plan.add([Row(JobRow, values)], rule="jobs.start")
    return view_of(job)


def view_of(job: Job) -> JobView:
    """Show a job."""
    shared = {field.name: getattr(job, field.name) for field in attrs.fields(JobView) if field.name != "started_by"}
    return JobView(**shared, started_by=job.actor.id)


def list_jobs(request: ListJobs, context: Context) -> Any:
    """Show a page of the jobs within the caller's scope."""
    cursor = read_cursor(request.after, 1, identifiers=(0,))
    conditions, parameters = ["1 = 1"], []
    for column, value in (("state", request.state), ("kind", request.kind)):
        if value is not None:
            conditions.append(f"{column} = ?")
            parameters.append(value)
    if cursor is not None:
        conditions.append("id < ?")
        parameters.append(str(cursor[0]))
    entities = context.actor.legal_entities
    if entities is not None:
        marks = ", ".join("?" * len(entities)) or "NULL"
        conditions.append(f"legal_entity_id IN ({marks})")
        parameters += sorted(entities)
    sql = f"SELECT {', '.join(COLUMNS)} FROM kernel_job WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT ?"
    jobs = [view_of(job_of(row)) for row in context.read.rows(sql, (*parameters, request.limit + 1))]
    return page(request, JobView, jobs, lambda view: (view.id,))


def read_one(request: JobRequest, context: Context) -> JobDetailView:
    """Show one job with its counts and its first problems."""
    job = _job(context, request.job)
    results = {outcome: int(count) for outcome, count in context.read.rows(COUNTS, (job.id,))}
    errors = tuple(_result(row) for row in context.read.rows(PROBLEMS, (job.id, PROBLEMS_SHOWN)))
    return JobDetailView(**attrs.asdict(view_of(job), recurse=False), results=results, errors=errors)


def list_results(request: ListJobResults, context: Context) -> Any:
    """Show a page of what became of a job's items."""
    job = _job(context, request.job)
    cursor = read_cursor(request.after, 1)
    after = str(cursor[0]) if cursor is not None else ""
    narrowed = [request.outcome] if request.outcome is not None else []
    sql = RESULTS.format(" AND outcome = ?" if narrowed else "")
    rows = context.read.rows(sql, (job.id, after, *narrowed, request.limit + 1))
    return page(request, JobResultView, [_result(row) for row in rows], lambda view: (view.item,))


def stop(request: JobRequest, context: Context) -> Result:
    """Plan the end of a job: at once where it waits, after the chunk at hand where it runs."""
    job = _job(context, request.job)
    if job.state in ("done", "failed"):
        raise Conflict(f"The job is {job.state}; only one that waits or runs can be stopped.", code="JOB_STATE")
    if job.state == "waiting":
        job = _change(context, job, {"state": "stopped", "stop_requested": False})
    elif job.state == "running" and not job.stop_requested:
        job = _change(context, job, {"stop_requested": True})
    return Result(view=lambda numbers: view_of(job))


def resume(request: JobRequest, context: Context) -> Result:
    """Plan that a stopped or failed job goes on where it was."""
    job = _job(context, request.job)
    if job.state == "done":
        raise Conflict("The job is done; start a new one.", code="JOB_STATE")
    if job.state in ("stopped", "failed"):
        values = {"state": "waiting", "stop_requested": False, "attempts": 0, "error": None, "finished_at": None, "run_after": 0}
        job = _change(context, job, values)
    elif job.stop_requested:
        job = _change(context, job, {"stop_requested": False})
    return Result(view=lambda numbers: view_of(job))


def _job(context: Context, job_id: str) -> Job:
    job = read_job(context.read, job_id)
    entities = context.actor.legal_entities
    if job is None or (entities is not None and job.legal_entity_id not in entities):
        raise NotFound("job", job_id)
    return job


def _change(context: Context, job: Job, values: dict[str, Any]) -> Job:
    context.plan.add([Row(JobRow, values, key={"id": job.id, "state": job.state, "fence": job.fence})], rule="jobs.state")
    return attrs.evolve(job, **{name: value for name, value in values.items() if name in COLUMNS})


def _result(row: tuple[Any, ...]) -> JobResultView:
    item, outcome, code, message, document_id = row
    return JobResultView(**attrs.asdict(ItemResult(item=item, outcome=outcome, code=code, message=message, document_id=document_id)))


PERMISSIONS = (
    Permission(name="jobs.read", summary="See jobs and what became of their items"),
    Permission(name="jobs.control", summary="Stop and resume jobs"),
)


def _operation(name: str, summary: str, handler: Any, request: type[Any], response: type[Any], http: Http, **more: Any) -> Operation:
    permission = "jobs.read" if http.method == "GET" else "jobs.control"
    effect: Literal["read", "edit"] = "read" if http.method == "GET" else "edit"
    return Operation(
        name=name,
        summary=summary,
        effect=effect,
        http=http,
        request=request,
        response=response,
        permission=permission,
        handler=handler,
        **more,
    )


OPERATIONS = (
    _operation(
        "jobs.list", "List jobs, the newest first", list_jobs, ListJobs, page_of(JobView), Http(method="GET", path="/jobs"), collection=True
    ),
    _operation(
        "jobs.read",
        "Read a job: how far it is and what went wrong",
        read_one,
        JobRequest,
        JobDetailView,
        Http(method="GET", path="/jobs/{job}"),
    ),
    _operation(
        "jobs.results",
        "List what became of the items of a job",
        list_results,
        ListJobResults,
        page_of(JobResultView),
        Http(method="GET", path="/jobs/{job}/results"),
        collection=True,
    ),
    _operation("jobs.stop", "Stop a job after the chunk at hand", stop, JobRequest, JobView, Http(method="POST", path="/jobs/{job}/stop")),
    _operation(
        "jobs.resume",
        "Let a stopped or failed job go on where it was",
        resume,
        JobRequest,
        JobView,
        Http(method="POST", path="/jobs/{job}/resumption"),
    ),
)
