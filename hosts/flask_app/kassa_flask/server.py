"""Serving: granian runs the application, on SQLite in one process, on PostgreSQL in as many as wanted."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial

import attrs
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from kassa.kernel.engine import Engine
from kassa.kernel.errors import StartupError
from kassa_flask.app import create_app
from kassa_flask.background import Background
from kassa_flask.config import HostConfig, whole_number
from kassa_flask.logs import forward_logging, make_logger
from kassa_flask.metrics import SHARED_FOLDER
from kassa_flask.stopping import SECONDS_TO_SPARE, hear_as_worker, stopped_by_signals

THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
# Each thread keeps its connections to the database, so threads that come and go would open and close them for nothing.
IDLE_SECONDS = 600


def open_installed(config: ServerConfig) -> Engine:
    """An engine on the configured database with the installed plugins."""
    return Engine.open(config.database, blocked=config.blocked, providers=config.services)


@attrs.frozen(kw_only=True)
class ServerConfig:
    """Where and how to serve: `workers` are processes, `threads` those of each process that run Python.

    `blocked` names plugins to leave out, `services` the active provider of a port where several are installed.
    `stop_seconds` is how long requests in flight may take to end when it is told to stop; then they are broken off.
    `background`: each process also works on jobs and tells listeners of events, in threads of its own. `open_engine` is called
    once in each of them.
    """

    database: str
    blocked: tuple[str, ...] = ()
    services: Mapping[str, str] = attrs.field(factory=dict)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = THREADS
    stop_seconds: int = 30
    background: bool = True
    application: HostConfig = attrs.field(factory=HostConfig)
    open_engine: Callable[[ServerConfig], Engine] = open_installed

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot work: SQLite has one writer, whose queue is fair within one process alone."""
        if self.workers > 1 and self.database.startswith("sqlite:"):
            raise StartupError(f"KASSA_WORKERS is {self.workers}; on SQLite one process serves, with threads. Use 1, or PostgreSQL.")
        if min(self.workers, self.threads) < 1:
            raise StartupError(f"Expected at least one worker and one thread; got {self.workers} and {self.threads}.")
        if not 0 < self.port < 65536:
            raise StartupError(f"Expected a port of 1 to 65535; got {self.port}. Set KASSA_PORT.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> ServerConfig:
        """Read KASSA_DATABASE, KASSA_HOST, KASSA_PORT, KASSA_WORKERS and so on, and those of the host; see the README."""
        given = os.environ if environment is None else environment
        return cls(
            database=given.get("KASSA_DATABASE", "sqlite:///kassa.db"),
            blocked=_listed(given.get("KASSA_BLOCK_PLUGINS", "")),
            services=_services(given.get("KASSA_SERVICES", "")),
            host=given.get("KASSA_HOST", "127.0.0.1"),
            port=whole_number(given, "KASSA_PORT", 8000, 1),
            workers=whole_number(given, "KASSA_WORKERS", 1, 1),
            threads=whole_number(given, "KASSA_THREADS", THREADS, 1),
            stop_seconds=whole_number(given, "KASSA_STOP_SECONDS", 30, 1),
            background=whole_number(given, "KASSA_BACKGROUND", 1, 0) > 0,
            application=HostConfig.from_environment(given),
        )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _services(text: str) -> dict[str, str]:
    found = {}
    for part in _listed(text):
        port, equals, provider = part.partition("=")
        if not (port and equals and provider):
            raise StartupError(f"KASSA_SERVICES holds {part!r}; expected port=provider, several separated by commas.")
        found[port] = provider
    return found


def serve(config: ServerConfig | None = None) -> None:
    """Serve until SIGINT or SIGTERM; requests in flight are answered before it returns.

    Those that take longer than `stop_seconds` are broken off, and SECONDS_TO_SPARE later at the latest no process is left. Raises
    StartupError before anything listens where the configuration, a plugin or the database's address is refused. Must be called
    from the main thread. Without a configuration it is read from the environment.
    """
    config = config or ServerConfig.from_environment()
    with closing(config.open_engine(config)) as engine:
        create_app(engine, config.application)
    server = Granian(
        "kassa_flask.server:application",
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        workers=config.workers,
        blocking_threads=config.threads,
        blocking_threads_idle_timeout=IDLE_SECONDS,
        workers_kill_timeout=config.stop_seconds,
        websockets=False,
        log_level=LogLevels.warning,
    )
    with stopped_by_signals(server.signal_handler_interrupt, config.stop_seconds + SECONDS_TO_SPARE), _shared_metrics(config):
        try:
            server.serve(target_loader=partial(_begin_worker, config), wrap_loader=False)
        except SystemExit:
            # The signal may have gone to the workers too, as systemd sends it; granian takes one that leaves first for a failure.
            if not server.interrupt_signal:
                raise


@contextmanager
def _shared_metrics(config: ServerConfig) -> Iterator[None]:
    if config.workers == 1 or os.environ.get(SHARED_FOLDER):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="kassa-metrics-") as folder:
        os.environ[SHARED_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[SHARED_FOLDER]


def _begin_worker(config: ServerConfig) -> Flask:
    hear_as_worker()
    return application(config)


def application(config: ServerConfig | None = None) -> Flask:
    """The application with an engine of its own, as each worker process makes it; also the factory for any other WSGI server.

    Its threads for jobs and events stand in `extensions["kassa-background"]`; they end with the process, or by `stop()`.
    """
    config = config or ServerConfig.from_environment()
    engine = config.open_engine(config)
    app = create_app(engine, config.application)
    forward_logging(config.application.logger or make_logger(config.application.log))
    if config.background:
        app.extensions["kassa-background"] = background = Background(engine)
        background.start()
    return app
