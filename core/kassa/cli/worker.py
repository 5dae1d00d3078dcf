"""`kassa worker`: works on jobs, schedules, listeners and webhooks, in a process of its own."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Command, json_option, pass_session
from kassa.cli.output import note, print_json, print_table, say
from kassa.cli.problems import REFUSED
from kassa.cli.working import Faults, log_in_words, owner_name

if TYPE_CHECKING:
    from kassa.cli.session import Session
    from kassa.kernel.engine import Engine

LOOK_AGAIN = 200_000
HELD = ("jobs", "events", "listeners", "deliveries")


@click.command("worker", cls=Command)
@click.option("--once", is_flag=True, help="Do what is due now and end.")
@click.option("--status", is_flag=True, help="Show who works and what waits, and do nothing.")
@json_option
@pass_session
def worker(session: Session, once: bool, status: bool, as_json: bool) -> None:
    """Work on jobs, schedules, events and webhooks until it is told to stop.

    A server does so by itself (KASSA_BACKGROUND); on PostgreSQL any number of workers may stand beside it. Ctrl+C or SIGTERM ends
    it after the chunk and the attempts at hand; what was not finished, the next worker takes up. With --once the exit status is 1
    where a job failed.

    \b
    Examples:  kassa worker
               kassa worker --once
               kassa worker --status
    """
    if once and status:
        raise click.UsageError("Give --once or --status, not both.")
    if status:
        _status(session, as_json)
    elif once:
        _once(session, as_json)
    else:
        _keep_on(session.open())


def _once(session: Session, as_json: bool) -> None:
    import attrs

    from kassa.kernel.worker import Worker

    with log_in_words():
        done = Worker(session.open(), owner_name()).once()
    if as_json:
        print_json(attrs.asdict(done))
    else:
        say(
            f"{done.schedules} schedules were run, {done.jobs} jobs worked on ({done.failed_jobs} failed), {done.events} events published, "
            f"{done.deliveries} deliveries tried."
        )
    if done.failed_jobs:
        click.get_current_context().exit(REFUSED)


def _keep_on(engine: Engine) -> None:
    """Work until a signal comes."""
    from kassa.kernel.worker import Worker

    with _logged(), _signals() as told:
        working = Worker(engine, owner_name())
        working.start()
        note("Working; Ctrl+C ends it.")
        while not told:
            engine.clock.sleep(LOOK_AGAIN)
        note("Stopping after what is at hand …")
        working.stop()


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Let SIGINT and SIGTERM end the work, and a second one the process; gives the list of those that came.

    A list and no event: a handler runs in the main thread wherever that is, also inside the lock of an event that it waits for.
    """
    told: list[int] = []

    def handle(number: int, frame: Any) -> None:
        told.append(number)
        if len(told) > 1:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        # Signals reach the main thread alone, and only there may it be said what they do.
        yield told
        return
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


@contextmanager
def _logged() -> Iterator[None]:
    """Let the log go to standard error, also what went well."""
    logger, level, handler = logging.getLogger("kassa"), logging.getLogger("kassa").level, Faults()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def _status(session: Session, as_json: bool) -> None:
    found = session.answer("worker.status", {})
    if as_json:
        print_json(found)
        return
    say(f"Workers: {', '.join(found['workers']) or 'none'}")
    rows = [(name, found[name]["waiting"], found[name]["running"], found[name]["failed"], found[name]["oldest_at"]) for name in HELD]
    print_table(("what", ("waiting", "right"), ("running", "right"), ("failed", "right"), "oldest since"), rows)
    schedules = found["schedules"]
    say(
        f"Schedules: {schedules['active']} active, {schedules['paused']} paused, {schedules['overdue']} overdue, {schedules['failed']} failed. "
        f"Disabled webhooks: {found['disabled_webhooks']}."
    )
