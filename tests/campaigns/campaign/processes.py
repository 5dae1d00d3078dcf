"""Processes of their own, such as those that racers act in, and victims that are killed.

They are forked from a clean server that has imported Kassa and compiled the registry once, so one more costs milliseconds.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import attrs

from kassa.kernel import failpoints
from kassa.kernel.engine import Engine
from kassa.kernel.errors import KassaError
from kassa.kernel.jobs import Runner
from kassa.kernel.permissions import SYSTEM

KILLED = 137
WORK = "work"
"""The act of working on a job, instead of the name of an operation; its command names the job."""
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["campaign.preloaded"])
SECONDS_AT_MOST = 300


@contextmanager
def forking() -> Iterator[None]:
    """Let the server find what it preloads, and let no child import what was run here, such as pytest: it needs none of it."""
    main, path = sys.modules["__main__"], os.environ.get("PYTHONPATH")
    file, spec = main.__dict__.pop("__file__", None), main.__spec__
    main.__spec__ = None
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    try:
        yield
    finally:
        main.__spec__ = spec
        if file is not None:
            main.__file__ = file
        if path is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = path


def started(target: Callable[..., None], *arguments: Any) -> Any:
    """Start a process that does something and dies with this one."""
    process = FORKED.Process(target=target, args=arguments, daemon=True)
    with forking():
        process.start()
    return process


@attrs.frozen(kw_only=True)
class Act:
    """What a process is told to do."""

    url: str
    legal_entity_id: str
    operation: str
    command: Mapping[str, Any]
    key: str


@attrs.frozen(kw_only=True)
class Answer:
    """What came of an act; `status` is that of HTTP, 0 for an exception that is none of Kassa's.

    `during` is when a racer began and ended, by the clock that all processes of the machine share.
    """

    status: int
    code: str = ""
    text: str = ""
    replayed: bool = False
    during: tuple[int, int] = (0, 0)

    @property
    def done(self) -> bool:
        """Whether it was done, now or before."""
        return 200 <= self.status < 300

    @property
    def again(self) -> bool:
        """Whether the caller is told to try again."""
        return self.code in ("LOST_RACE", "IDEMPOTENCY_IN_FLIGHT", "OUTCOME_UNKNOWN", "UNAVAILABLE")


def perform(engine: Engine, act: Act) -> Answer:
    """Perform an act and say what came of it."""
    try:
        if act.operation == WORK:
            return worked(engine, act.command["job"])
        outcome = engine.perform(act.operation, act.command, actor=SYSTEM, key=act.key, legal_entity_id=act.legal_entity_id)
    except KassaError as error:
        return Answer(status=error.status, code=error.code, text=str(error)[:300])
    except Exception as error:  # noqa: BLE001 - whatever it is, the campaign has to hear of it
        return Answer(status=0, code=type(error).__name__, text=str(error)[:300])
    return Answer(status=outcome.status, text=outcome.text, replayed=outcome.replayed)


def worked(engine: Engine, job_id: str) -> Answer:
    """Work on a job to its end; it was done where any of its items was."""
    job = Runner(engine).run(job_id)
    if job.state != "done":
        return Answer(status=0, code=job.state, text=str(job.error))
    return Answer(status=200 if any(job.summary.values()) else 409, text=str(job.summary))


class Trap:
    """Ends this process when failpoints were passed so often, of one name or of any."""

    def __init__(self, after: int, name: str | None = None) -> None:
        self.left, self.name = after, name

    def __call__(self, name: str) -> None:
        """Count one and die at the last."""
        if self.name in (None, name):
            self.left -= 1
            if self.left == 0:
                os._exit(KILLED)


class Counter:
    """Counts the failpoints that are passed."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, name: str) -> None:
        """Note one."""
        self.names.append(name)


def dying(after: int, body: Callable[..., None], arguments: Sequence[Any]) -> None:
    """Run something that ends this process at its failpoint number `after`."""
    failpoints.armed = Trap(after)
    body(*arguments)


def kill_at(after: int, body: Callable[..., None], *arguments: Any) -> int | None:
    """Run something in a process that ends at its failpoint number `after`; the exit code, 0 where it had not so many."""
    process = started(dying, after, body, arguments)
    process.join(SECONDS_AT_MOST)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    return process.exitcode
