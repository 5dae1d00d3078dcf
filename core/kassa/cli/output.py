"""What is shown: tables and progress for people, JSON for machines; plain where the output is no terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

WIDTH_OF_FILES = 200
"""How many columns a table may have where it goes to a file or another program."""
Column = str | tuple[str, str]
"""A heading, or a heading and `right` for numbers."""
Advance = Callable[[int, int, str], None]


def console(*, stderr: bool = False) -> Console:
    """The terminal, or the file or program that the output goes to; without colours there."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    terminal = stream.isatty()
    return Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=False, width=None if terminal else WIDTH_OF_FILES)


def table(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Table:
    """A table; None is shown as an empty cell."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        heading, justify = (column, "left") if isinstance(column, str) else column
        made.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    return made


def show(renderable: Any, *, stderr: bool = False) -> None:
    """Print something of rich's; to a file without the blanks that fill its lines up."""
    screen = console(stderr=stderr)
    if screen.is_terminal:
        screen.print(renderable)
        return
    with screen.capture() as captured:
        screen.print(renderable)
    for line in captured.get().splitlines():
        (note if stderr else say)(line.rstrip())


def bold(text: str, rest: str = "") -> None:
    """Print a heading, with something plain beside it."""
    import click

    click.echo(click.style(text, bold=True) + (f"  {rest}" if rest else ""))


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[Any]], title: str | None = None, empty: str = "Nothing.") -> None:
    """Print a table, or a sentence where it has no rows; one with a title is followed by a blank line."""
    found = list(rows)
    if title is not None:
        bold(title)
    if found:
        show(table(columns, found))
    else:
        say(empty)
    if title is not None:
        say()


def print_json(value: Any) -> None:
    """Print JSON: in colour on a terminal, else as plain indented text."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    if sys.stdout.isatty():
        console().print_json(text, indent=2)
    else:
        say(text)


def say(text: str = "") -> None:
    """Print a line as it is, never wrapped, so that it can be copied."""
    import click

    click.echo(text)


def note(text: str) -> None:
    """Print a line to standard error, beside an answer that a machine reads."""
    import click

    click.echo(text, err=True)


@contextmanager
def steps(label: str) -> Iterator[Advance]:
    """Show the progress of named steps; gives a function of how many are done, how many there are, and what comes next."""
    with _bar("{task.completed}/{task.total}") as bar:
        task = bar.add_task(label, total=None)

        def advance(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=f"{label} {name}".rstrip())

        yield advance


def _bar(counted: str) -> Progress:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn(counted), TimeElapsedColumn())
    return Progress(*columns, console=console(stderr=True))


def decimal(value: int, places: int) -> str:
    """A scaled integer as people write it, with commas between thousands."""
    from kassa.kernel.values import format_scaled

    whole, point, fraction = format_scaled(abs(value), places).partition(".")
    return f"{'-' if value < 0 else ''}{int(whole):,}{point}{fraction}"
