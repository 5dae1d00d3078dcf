"""Stopping: a server that is told to stop does so, at whatever moment it is told, and in a bounded time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SECONDS_TO_SPARE = 5
"""How long the main process may take beyond the time that its workers have."""


@contextmanager
def stopped_by_signals(stop: Callable[[], None], seconds: int) -> Iterator[None]:
    """Call `stop` from a thread when SIGINT or SIGTERM comes; what has not left `seconds` later is ended at once, with exit code 1.

    Handlers of signals would not do: a forked worker inherits those of the main process and swallows with them what comes before
    it has its own, and one that sets an Event on which its own thread begins to wait blocks for ever. So the signals are held
    back in the threads of this process and in the workers that it forks, until `hear_as_worker`.
    """
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    over, woken = threading.Event(), threading.Event()
    watch = threading.Thread(target=_watch, args=(stop, seconds, over, woken), name="kassa-stop", daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        signal.pthread_kill(watch.ident or 0, signal.SIGTERM)
        woken.set()
        watch.join()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _watch(stop: Callable[[], None], seconds: int, over: threading.Event, woken: threading.Event) -> None:
    signal.sigwait(SIGNALS)
    for _ in range(seconds):
        if over.is_set():
            break
        # Again each second: who is told while it reloads its workers may forget it.
        stop()
        over.wait(1)
    if not over.is_set():
        _end_at_once(seconds)
    # A thread that has ended cannot be woken.
    woken.wait()


def _end_at_once(seconds: int) -> None:
    # Not through logging, whose lock may be what the others wait for.
    os.write(2, f"Told to stop {seconds} s ago and still here: ended at once.\n".encode())
    for worker in multiprocessing.active_children():
        worker.kill()
    os._exit(1)


def hear_as_worker() -> None:
    """Let SIGTERM end this process, which the main one has just forked: until it serves it has nothing to finish.

    SIGINT stays held back. A terminal sends it to the main process too, which tells its workers.
    """
    if multiprocessing.parent_process() is None or not hasattr(signal, "pthread_sigmask"):
        return
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM,))
