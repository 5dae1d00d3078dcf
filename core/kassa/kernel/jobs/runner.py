"""The runner: takes jobs by lease and works on them chunk by chunk, in the calling thread or in one of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable

import attrs

from kassa.kernel import failpoints
from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.context import Context
from kassa.kernel.contributions import JobKind, Operation
from kassa.kernel.database import PLAN_AGAIN, DuplicateKey, LostRace, Retryable, UnknownCommit
from kassa.kernel.engine import Engine, Request
from kassa.kernel.errors import Conflict, Issue, KassaError, NotFound, OutcomeUnknown, PluginError, Unavailable
from kassa.kernel.jobs.chunks import Chunk, settle
from kassa.kernel.jobs.leases import Job, claim, kept, leave, read_job
from kassa.kernel.loop import Loop, uncollected
from kassa.kernel.operations import Numbers, Result
from kassa.kernel.schema import structure
from kassa.kernel.values import new_id

ATTEMPTS = 3
CLAIMS_WITHOUT_PROGRESS = 5
PAUSE = 5 * MICROSECONDS_PER_SECOND
ERROR_AT_MOST = 2000
Progress = Callable[[Job], None]
logger = logging.getLogger("kassa.jobs")


class LeaseLost(Exception):
    """Another runner has taken the job; what this one planned was not written."""


@attrs.frozen
class ChunkView:
    """What a chunk answers; nobody reads it, the job's row tells."""

    job: str


class Runner:
    """Works on the jobs of one engine. `owner` names it in the leases."""

    def __init__(self, engine: Engine, owner: str | None = None) -> None:
        self.engine = engine
        self.owner = owner or f"runner-{new_id()}"
        self._local = tuple(kind.name for kind in engine.registry.all(JobKind) if kind.local)
        self._loop = Loop("kassa-jobs", self.run_next)

    def start(self) -> None:
        """Work on jobs in a thread until `stop`."""
        self._loop.start()

    def stop(self) -> None:
        """End after the chunk at hand; the job waits for the next runner. Returns when the thread has ended."""
        self._loop.stop()

    def run_next(self, progress: Progress | None = None) -> bool:
        """Take the oldest free job and work on it to its end; False where there is none."""
        return self.take_next(progress) is not None

    def take_next(self, progress: Progress | None = None) -> Job | None:
        """Take the oldest free job and work on it to its end; gives it as it then stands, None where there is none."""
        job = claim(self.engine.database, self.owner, self.engine.clock.now(), passed_over=self._local)
        if job is None:
            return None
        self._work(job, progress)
        return self.read(job.id)

    def run(self, job_id: str, progress: Progress | None = None) -> Job:
        """Work on one job in this thread until it is done, failed or stopped; `progress` gets the job after each chunk.

        Raises NotFound, or Conflict where it is not free: finished, stopped, or worked on by another.
        """
        job = claim(self.engine.database, self.owner, self.engine.clock.now(), job_id)
        if job is None:
            found = self.read(job_id)
            raise Conflict(
                f"The job is {found.state}" + ("; another worker has it." if found.state == "running" else "; only a waiting job is run.")
            )
        self._work(job, progress)
        return self.read(job_id)

    def read(self, job_id: str) -> Job:
        """Read a job as it stands; NotFound where there is none."""
        with self.engine.database.snapshot() as read:
            found = read_job(read, job_id)
        if found is None:
            raise NotFound("job", job_id)
        return found

    def _work(self, job: Job, progress: Progress | None) -> None:
        database, clock = self.engine.database, self.engine.clock
        try:
            if job.attempts > CLAIMS_WITHOUT_PROGRESS:
                raise Conflict(
                    f"Given up: {CLAIMS_WITHOUT_PROGRESS} workers in a row ended without finishing one chunk. Resume it after repair."
                )
            while job.state == "running":
                if job.stop_requested:
                    leave(database, job, "stopped", now=clock.now())
                    return
                if self._loop.stopping.is_set():
                    leave(database, job, "waiting", now=clock.now())
                    return
                with kept(database, job):
                    self.run_chunk(job)
                fence, job = job.fence, self.read(job.id)
                if job.fence != fence:
                    raise LeaseLost
                if progress is not None:
                    progress(job)
                    job = self.read(job.id)
        except LeaseLost:
            logger.warning("job %s was taken over by another worker", job.id)
        except (Unavailable, OutcomeUnknown, Retryable) as error:
            logger.warning("job %s pauses: %s", job.id, error)
            leave(database, job, "waiting", now=clock.now(), error=str(error)[:ERROR_AT_MOST], pause=PAUSE)
        except Exception as error:
            logger.error("job %s failed", job.id, exc_info=error)
            words = error.detail if isinstance(error, KassaError) else f"{type(error).__name__}: {error}"
            leave(database, job, "failed", now=clock.now(), error=words[:ERROR_AT_MOST])
        except BaseException:
            # Interrupted, as by Ctrl-C: the chunk was not committed, and the job need not wait for the lease to end.
            leave(database, job, "waiting", now=clock.now())
            raise

    def run_chunk(self, job: Job) -> None:
        """Plan and commit one chunk of a claimed job.

        A lost race is planned again, after three times item by item; an item that still loses is left out with that reason.
        Raises LeaseLost where another runner has the job.
        """
        kind = self.engine.registry.find(JobKind, job.kind)
        if failpoints.armed is not None:
            failpoints.armed("job.claimed")
        if kind is None:
            raise Conflict(f"The kind {job.kind} belongs to a plugin that is not enabled. Enable it and resume the job.")
        lost: Exception | None = None
        for size, give_up in ((kind.size, False), (1, False), (1, True)):
            chunk = self._chunk(kind, job, size)
            for _ in range(ATTEMPTS):
                try:
                    with uncollected():
                        return self._attempt(kind, job, chunk, _reason(lost, self.engine) if give_up else None)
                except (LostRace, DuplicateKey, Retryable) as error:
                    found = self.read(job.id)
                    if (found.fence, found.chunks, found.state) != (job.fence, job.chunks, "running"):
                        raise LeaseLost from error
                    lost = error
        raise Unavailable(f"The chunk could not be committed: {lost}")

    def _chunk(self, kind: JobKind, job: Job, size: int) -> Chunk:
        chunk = Chunk(
            job_id=job.id, request=structure(kind.request, job.request), cursor=job.cursor, done=job.done, total=job.total,
            summary=job.summary or {}, size=size,
        )  # fmt: skip
        if kind.prepare is None:
            return chunk
        try:
            return attrs.evolve(chunk, prepared=kind.prepare(chunk, self.engine))
        except (KassaError, *PLAN_AGAIN):
            raise
        except Exception as error:
            raise self._blame(kind, error) from error

    def _attempt(self, kind: JobKind, job: Job, chunk: Chunk, give_up: Issue | None) -> None:
        def plan(context: Context) -> Result:
            context.actor.require(kind.permission)
            try:
                settle(kind, chunk, context, fence=job.fence, chunks=job.chunks, give_up=give_up)
            except (KassaError, *PLAN_AGAIN):
                raise
            except Exception as error:
                raise self._blame(kind, error) from error

            def view(numbers: Numbers) -> ChunkView:
                return ChunkView(job.id)

            return Result(view=view)

        try:
            self.engine.perform_planned(self._request(kind, job, chunk), plan)
        except UnknownCommit as unknown:
            self._resolve(job, unknown)

    def _request(self, kind: JobKind, job: Job, chunk: Chunk) -> Request:
        operation = Operation(
            name=kind.name, summary=kind.summary, effect="post", request=kind.request, response=ChunkView, permission=kind.permission, handler=kind.run,
        )  # fmt: skip
        return Request(
            operation=operation, command=chunk.request, actor=job.actor, legal_entity_id=job.legal_entity_id, once=None,
            now=self.engine.clock.now(), origin=kind.origin, request_id=job.id, if_match=None, preview=False,
        )  # fmt: skip

    def _resolve(self, job: Job, unknown: UnknownCommit) -> None:
        """Look a commit up whose answer was lost: the count of chunks tells whether it happened."""
        try:
            found = self.read(job.id)
        except Exception as error:
            raise OutcomeUnknown("The connection was lost while committing a chunk; the job's cursor tells whether it was.") from error
        if found.fence != job.fence:
            raise LeaseLost from unknown
        if found.chunks == job.chunks:
            raise Retryable("the connection was lost and the chunk was not committed") from unknown

    def _blame(self, kind: JobKind, error: Exception) -> PluginError:
        return PluginError(self.engine.registry.owner(JobKind, kind.name).name, kind.name, error)


def _reason(lost: Exception | None, engine: Engine) -> Issue:
    if isinstance(lost, DuplicateKey) and not engine.lost_race(lost):
        return Issue(code="KEY_TAKEN", message=f"A key of this item is already taken: {lost.detail}.")
    return Issue(code="LOST_RACE", message="Others kept changing the same goods, document or balance. Run it again.")
