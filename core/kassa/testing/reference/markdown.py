"""Markdown from plain texts: tables, code, and prose whose signs mean nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

GENERATED = "<!-- Made from the source; a change here is lost. -->"
CODE_SPAN = re.compile(r"(`[^`]*`)")


def prose(text: str) -> str:
    """Text in which `<` and `*` stand for themselves; what stands in backticks is code already."""
    parts = CODE_SPAN.split(text)
    return "".join(part if part.startswith("`") else part.replace("<", "\\<").replace("*", "\\*") for part in parts)


def docstring(text: str) -> str:
    """A docstring as Markdown: its paragraphs and lists are Markdown already, only `<` is not."""
    parts = CODE_SPAN.split(text.strip())
    return "".join(part if part.startswith("`") else part.replace("<", "\\<") for part in parts)


def code(text: str) -> str:
    """Text as code; empty stays empty."""
    return f"`{text}`" if text else ""


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown, their line breaks and bars are made harmless."""
    lines = [f"| {' | '.join(headings)} |", f"|{'|'.join('---' for _ in headings)}|"]
    for row in rows:
        cells = [" ".join(cell.split()).replace("|", "\\|") for cell in row]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def anchor(heading: str) -> str:
    """The name by which a heading is linked to, as the hosting sites and MyST make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def page(title: str, parts: Iterable[str]) -> str:
    """A whole page: title, the note that it is generated, and its parts with an empty line between them."""
    return "\n\n".join([f"# {title}", GENERATED, *(part.strip("\n") for part in parts if part)]) + "\n"
