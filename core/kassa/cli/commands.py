"""Commands: imported when they are asked for, so that `kassa --help` is quick, and all taking the global options.

A distribution adds commands of its own by entry points of the group `kassa.commands`: the name, and a click command.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import click

from kassa.cli.session import Session

GROUP = "kassa.commands"
AS_JSON = "kassa.json"
EPILOG = "\b\nExit status: 0 done, 1 refused or something was found, 2 wrong usage,\n3 cannot start, 4 unavailable or outcome unknown."


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    if value not in (None, ()) and parameter.name is not None:
        session_of(context).give(parameter.name, value)
    return value


def session_of(context: click.Context) -> Session:
    """The session of an invocation, made at its first use and closed when the command has ended."""
    root = context.find_root()
    if root.obj is None:
        root.obj = Session()
        root.call_on_close(root.obj.close)
    session: Session = root.obj
    return session


def global_options(*, hidden: bool = False) -> list[click.Parameter]:
    """The options that every command takes; shown at `kassa --help` alone."""
    database = "The database: sqlite:///FILE or postgresql://USER@HOST/NAME.  [default: sqlite:///kassa.db]"
    block = "Leave a plugin out; may be repeated, * leaves all out."
    config = "The configuration file.  [default: kassa.toml, where there is one]"
    shared: dict[str, Any] = {"expose_value": False, "callback": _keep, "hidden": hidden}
    return [
        click.Option(["--database"], metavar="URL", help=database, **shared),
        click.Option(["--block"], metavar="PLUGIN", multiple=True, help=block, **shared),
        click.Option(["--config"], metavar="FILE", help=config, **shared),
    ]


class Command(click.Command):
    """A command that takes the global options after its name too."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params = [*self.params, *global_options(hidden=True)]


class Group(click.Group):
    """A group of commands that take the global options."""

    command_class = Command


class LazyGroup(Group):
    """A group whose commands stand as `module:attribute` in a table and in entry points, imported when they are asked for."""

    def __init__(self, *arguments: Any, table: Mapping[str, str], entry_points: str | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._table = table
        self._entry_points = entry_points
        self._found: dict[str, Callable[[], Any]] | None = None

    def list_commands(self, context: click.Context) -> list[str]:
        """The names of the commands, in the order of the table."""
        return [*self._table, *sorted(set(self._further()) - set(self._table))]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import a command; None where there is none of that name."""
        command: click.Command | None = None
        if name in self._table:
            module, _, attribute = self._table[name].partition(":")
            command = getattr(importlib.import_module(module), attribute)
        elif name in self._further():
            command = self._load(name)
        return command

    def _load(self, name: str) -> click.Command:
        """Import a command of another distribution; one that cannot be imported says so, and harms no other."""
        try:
            found: click.Command = self._further()[name]()
        except (ImportError, AttributeError, SyntaxError) as error:
            words = f"It cannot be imported: {type(error).__name__}: {error}"

            def refuse() -> None:
                raise click.UsageError(words)

            return Command(name, callback=refuse, help=words)
        return found

    def resolve_command(self, context: click.Context, arguments: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names; NoSuchCommand suggests another name."""
        try:
            return super().resolve_command(context, arguments)
        except click.NoSuchCommand:
            raise click.NoSuchCommand(arguments[0], possibilities=self.list_commands(context), ctx=context) from None

    def _further(self) -> dict[str, Callable[[], Any]]:
        """The commands that other distributions add."""
        if self._found is None:
            self._found = {}
            if self._entry_points is not None:
                from importlib.metadata import entry_points

                self._found = {point.name: point.load for point in entry_points(group=self._entry_points)}
        return self._found


def pass_session(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the session of its invocation as first argument."""

    @wraps(function)
    def run(*arguments: Any, **options: Any) -> Any:
        return function(session_of(click.get_current_context()), *arguments, **options)

    return run


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--json`: the answer, and where it fails the problem document, as JSON on standard output."""

    def keep(context: click.Context, parameter: click.Parameter, value: bool) -> bool:
        context.meta[AS_JSON] = value
        return value

    return click.option("--json", "as_json", is_flag=True, callback=keep, help="Answer as JSON.")(function)
