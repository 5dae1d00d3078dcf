"""`kassa serve`: starts the host that is installed, and says what to open."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from kassa.cli.commands import Command, pass_session
from kassa.cli.configuration import HIGHEST_PORT
from kassa.cli.output import say

if TYPE_CHECKING:
    from kassa.cli.session import Session

GROUP = "kassa.hosts"
ANYWHERE = ("0.0.0.0", "::")
Serve = Callable[[], None]


@click.command("serve", cls=Command)
@click.option("--host", metavar="ADDRESS", help="Where to listen; 0.0.0.0 for everywhere.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, HIGHEST_PORT), help="The port.  [default: 8000]")
@click.option("--workers", type=click.IntRange(1), help="Processes; on SQLite one.  [default: 1]")
@click.option("--with", "chosen", metavar="NAME", help="Which host, where several are installed.")
@pass_session
def serve(session: Session, host: str | None, port: int | None, workers: int | None, chosen: str | None) -> None:
    """Serve the API until it is told to stop (Ctrl+C).

    Further settings of the host are KASSA_* variables, which may stand under [environment] in kassa.toml.

    \b
    Examples:  kassa serve
               kassa serve --host 0.0.0.0 --port 80
               kassa --database postgresql://kassa@db/kassa serve --workers 4
    """
    take_address(session, host, port)
    if workers is not None:
        os.environ["KASSA_WORKERS"] = str(workers)
    session.open()
    run = prepare(session, chosen)
    say(f"Kassa serves at {address(session)} (the API page); stop it with Ctrl+C.")
    run()


def take_address(session: Session, host: str | None, port: int | None) -> None:
    """Let options of a command say where to listen."""
    if host is not None:
        session.give("host", host)
    if port is not None:
        session.give("port", port)


def prepare(session: Session, chosen: str | None = None) -> Serve:
    """Make ready to serve; the engine of this session is closed, for the host opens its own.

    Raises StartupError where no host is installed, several could be meant, or the port is taken.
    """
    run = find_host(chosen)
    _check_port(session)
    session.configuration.export(os.environ)
    session.close()
    return run


def find_host(chosen: str | None = None) -> Serve:
    """Import the host: a function that serves by what KASSA_* variables say until the process is told to stop."""
    from importlib.metadata import entry_points

    from kassa.kernel.errors import StartupError

    points = {point.name: point for point in entry_points(group=GROUP)}
    names = ", ".join(sorted(points))
    if not points:
        raise StartupError(f"No host is installed: nothing names one in the entry points {GROUP!r}. Install Kassa again, with its host.")
    if chosen is None and len(points) > 1:
        raise StartupError(f"Several hosts are installed ({names}). Choose one: kassa serve --with NAME")
    name = chosen or names
    if name not in points:
        raise StartupError(f"There is no host {name!r}; installed are: {names}.")
    serve_: Serve = points[name].load()
    return serve_


def _check_port(session: Session) -> None:
    from kassa.kernel.errors import StartupError

    host, port = session.configuration.host, session.configuration.port
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise StartupError(
            f"Cannot listen at {host}, port {port}: {error.strerror or error}. Give another: --port {port % HIGHEST_PORT + 1}"
        ) from error


def address(session: Session) -> str:
    """The address to open in a browser on this machine."""
    host = session.configuration.host
    shown = "127.0.0.1" if host in ANYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{session.configuration.port}/"
