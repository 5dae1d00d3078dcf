"""`kassa events`: what happened, in the order of the feed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Group, json_option, pass_session
from kassa.cli.output import print_json, print_table

if TYPE_CHECKING:
    from kassa.cli.session import Session


@click.group("events", cls=Group)
def events() -> None:
    """List events, and the types of events that can happen.

    \b
    Example:  kassa events list --type "sales.*"
    """


@events.command("list")
@click.option("--type", "kind", metavar="TYPE", help="Only this type, or a group such as sales.*.")
@click.option("--subject", metavar="ID", help="Only about this document or record.")
@click.option("--since", metavar="INSTANT", help="Only from then on, such as 2026-11-21T00:00:00Z.")
@click.option("--behind", metavar="SEQUENCE", help="Only behind this place.")
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="How many at most.")
@click.option("--legal-entity", metavar="CODE", help="Of this legal entity.")
@json_option
@pass_session
def list_events(session: Session, kind: str | None, legal_entity: str | None, as_json: bool, **asked: Any) -> None:
    """List events, the oldest first; an event shows up when a worker has published it.

    \b
    Example:  kassa events list --type "sales.*" --since 2026-11-21T00:00:00Z
    """
    command = {name: value for name, value in {"type": kind, **asked}.items() if value is not None}
    found = session.answer("events.list", command, legal_entity=legal_entity)["items"]
    if as_json:
        print_json(found)
        return
    rows = [(item["sequence"].lstrip("0"), item["time"], item["type"], item["subject"], json.dumps(item["data"], ensure_ascii=False)) for item in found]
    print_table((("place", "right"), "time", "type", "about", "data"), rows, empty="There are no such events.")


@events.command("types")
@json_option
@pass_session
def list_types(session: Session, as_json: bool) -> None:
    """List the types of events that can happen here.

    \b
    Example:  kassa events types
    """
    found = session.items("events.types")
    if as_json:
        print_json(found)
        return
    print_table(("type", "what happened", "data"), [(item["name"], item["summary"], ", ".join(item["fields"])) for item in found])
