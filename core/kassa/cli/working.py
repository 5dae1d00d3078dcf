"""Working on a job in this process: how far it is, how fast, how long still; Ctrl+C ends after the chunk at hand.

Where a server or another process has the job, its progress is shown and the job taken over when it is free again.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kassa.cli.output import console, note

if TYPE_CHECKING:
    from kassa.cli.session import Session
    from kassa.kernel.engine import Engine
    from kassa.kernel.jobs import Job, Runner

ENDED = ("done", "failed", "stopped")
LOOK_AGAIN = 500_000
LINES_OF_A_LOG = 10
OWNER = re.compile(r"cli:(?P<machine>[^:]*):(?P<process>[0-9]+)")
Tell = Callable[[Any], None]


def run_job(session: Session, job_id: str, unit: str, label: str) -> Job:
    """Work on a job until it is done, failed or stopped, and give it as it then stands.

    Raises KeyboardInterrupt after the chunk at hand where somebody pressed Ctrl+C; the job waits for the next runner then.
    """
    from kassa.kernel.jobs import Runner

    engine = session.open()
    runner = Runner(engine, owner_name())
    free_dead(engine, job_id)
    with log_in_words(), _interruptible(runner) as interrupted, _progress(engine, runner.read(job_id), unit, label) as tell:
        while True:
            job = _worked(runner, job_id, tell)
            if job.state in ENDED:
                return job
            if interrupted():
                raise KeyboardInterrupt
            tell(job)
            engine.clock.sleep(LOOK_AGAIN)


class Faults(logging.Handler):
    """Shows what is logged as one line, and the stack of a fault alone: an error of Kassa says in words what happened."""

    def emit(self, record: logging.LogRecord) -> None:
        """Show one record."""
        from kassa.kernel.errors import KassaError

        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, KassaError):
            note("".join(traceback.format_exception(error)).rstrip())
        elif error is None:
            note(record.getMessage())


@contextmanager
def log_in_words() -> Iterator[None]:
    """Let the log of jobs go to standard error in words; what it says of errors of Kassa stands in the job as well."""
    logger, handler = logging.getLogger("kassa"), Faults()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def owner_name() -> str:
    """Name this process in leases, so that another one can tell whether it still lives."""
    return f"cli:{socket.gethostname()}:{os.getpid()}"


def _worked(runner: Runner, job_id: str, tell: Tell) -> Job:
    """Work on the job if it is free, and give it as it then stands."""
    from kassa.kernel.errors import Conflict

    try:
        return runner.run(job_id, tell)
    except Conflict:
        return runner.read(job_id)


def free_dead(engine: Engine, job_id: str) -> None:
    """Free a job at once whose process was killed on this machine; otherwise its lease would have to run out first."""
    from kassa.kernel.jobs import read_job
    from kassa.kernel.jobs.leases import leave

    with engine.database.snapshot() as read:
        job = read_job(read, job_id)
        owner = read.value("SELECT lease_owner FROM kernel_job WHERE id = ?", (job_id,))
    named = OWNER.fullmatch(owner or "")
    if job is None or job.state != "running" or named is None:
        return
    if named["machine"] == socket.gethostname() and not _alive(int(named["process"])):
        # Only the claim that was read is ended: whoever took the job since then has another fence.
        leave(engine.database, job, "waiting", now=engine.clock.now())


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _awaits_burial(process)


def _awaits_burial(process: int) -> bool:
    """Whether a process has ended but nobody took note, as in a container without an init process; only Linux tells."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state in ("Z", "X")


@contextmanager
def _interruptible(runner: Runner) -> Iterator[Callable[[], bool]]:
    """Let the first Ctrl+C end the work after the chunk at hand, and a second one at once."""
    pressed: list[int] = []

    def handle(number: int, frame: Any) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)
        note("Stopping after the chunk at hand …")
        runner.stop()

    if threading.current_thread() is not threading.main_thread():
        # Signals reach the main thread alone, and only there may it be said what they do.
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, handle)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(engine: Engine, job: Job, unit: str, label: str) -> Iterator[Tell]:
    """Show how far a job is: as a bar on a terminal, else as a line now and then."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield _log(job, unit, label)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(f"{unit} {{task.fields[rate]}}"), TimeElapsedColumn(),
        TextColumn("to go"), TimeRemainingColumn(),
    )  # fmt: skip
    begun, first = engine.clock.monotonic(), job.done
    with Progress(*columns, console=screen) as bar:
        task = bar.add_task(f"{label}: reading", total=None, completed=first, rate="")

        def tell(job: Job) -> None:
            rate = per_second(job.done - first, engine.clock.monotonic() - begun)
            shown = f"at {rate:,} a second" if rate else ""
            bar.update(task, completed=job.done, total=job.total, description=f"{label}: {phase(job)}", rate=shown)

        yield tell


def phase(job: Job) -> str:
    """What a job is at: the first word of its cursor where that is one, else its state."""
    cursor = job.cursor
    return cursor[0] if isinstance(cursor, list) and cursor and isinstance(cursor[0], str) else job.state


def _log(job: Job, unit: str, label: str) -> Tell:
    told = job.done * LINES_OF_A_LOG // job.total if job.total else 0

    def tell(job: Job) -> None:
        nonlocal told
        if job.total and job.done * LINES_OF_A_LOG // job.total > told:
            told = job.done * LINES_OF_A_LOG // job.total
            note(f"{label}: {job.done:,} of {job.total:,} {unit}")

    return tell


def per_second(count: int, microseconds: int) -> int:
    """How many a second, in whole numbers."""
    return count * 1_000_000 // max(microseconds, 1)
