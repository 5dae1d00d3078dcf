"""`kassa settings`: what can be set, the values that count, and who changed them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Group, json_option, pass_session
from kassa.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from kassa.cli.session import Session


def _place(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.option("--store", metavar="NUMBER", help="For this store.")(function)
    return click.option("--legal-entity", metavar="CODE", help="For this legal entity.")(function)


@click.group("settings", cls=Group)
def settings() -> None:
    """List the settings, show one with its history, change one.

    \b
    Example:  kassa settings set stock.negative warn --store S001
    """


@settings.command("list")
@_place
@json_option
@pass_session
def list_settings(session: Session, store: str | None, legal_entity: str | None, as_json: bool) -> None:
    """List the settings with the values that count.

    \b
    Example:  kassa settings list --store S001
    """
    asked = {"store_id": _store_id(session, store, legal_entity)} if store else {}
    found = session.items("settings.list", asked, legal_entity=legal_entity)
    if as_json:
        print_json(found)
        return
    rows = [(item["name"], item["value"], item["level"] or "default", _allowed(item), item["summary"]) for item in found]
    print_table(("setting", "value", "given at", "may be", "what it does"), rows)


def _store_id(session: Session, store: str, legal_entity: str | None) -> str:
    return str(session.answer("org.read_store", {"store": store}, legal_entity=legal_entity)["id"])


def _allowed(item: dict[str, Any]) -> str:
    if item["choices"]:
        return " | ".join(item["choices"])
    bounds = " to ".join(bound for bound in (item["minimum"], item["maximum"]) if bound is not None)
    return {"bool": "true | false"}.get(item["type"], f"{item['type']} {bounds}".strip())


@settings.command("show")
@click.argument("name")
@_place
@json_option
@pass_session
def show(session: Session, name: str, store: str | None, legal_entity: str | None, as_json: bool) -> None:
    """Show one setting, every value that is given to it, and its newest changes.

    \b
    Example:  kassa settings show stock.negative
    """
    asked = {"name": name} | ({"store_id": _store_id(session, store, legal_entity)} if store else {})
    found = session.answer("settings.read", asked, legal_entity=legal_entity)
    if as_json:
        print_json(found)
        return
    item = found["setting"]
    say(f"{item['name']}: {item['summary']}")
    say(f"It is {item['value']} ({'given at ' + item['level'] if item['level'] else 'the default'}); it may be {_allowed(item)}.")
    if found["values"]:
        print_table(("level", "of", "value"), [(value["level"], value["target_id"], value["value"]) for value in found["values"]])
    if found["history"]:
        rows = [
            (change["at"], change["actor"], change["level"], change["target_id"], change["old"], change["new"])
            for change in found["history"]
        ]
        print_table(("when", "who", "level", "of", "from", "to"), rows)


@settings.command("set")
@click.argument("name")
@click.argument("value", required=False)
@click.option("--unset", is_flag=True, help="Take the value back, so that the wider level counts again.")
@_place
@pass_session
def change(session: Session, name: str, value: str | None, unset: bool, store: str | None, legal_entity: str | None) -> None:
    """Give a setting a value: for the installation, or for a legal entity or a store.

    \b
    Examples:  kassa settings set stock.negative warn
               kassa settings set stock.negative refuse --store S001
               kassa settings set stock.negative --unset --store S001
    """
    if (value is None) is not unset:
        raise click.UsageError("Give a value, or --unset to take it back.")
    command: dict[str, Any] = {"name": name, "level": "installation", "value": value}
    if store is not None:
        command |= {"level": "store", "target_id": _store_id(session, store, legal_entity)}
    elif legal_entity is not None:
        command |= {"level": "legal_entity", "target_id": session.legal_entity_id(legal_entity)}
    found = session.answer("settings.change", command, legal_entity=legal_entity)
    say(f"{name} is {found['value']} at {found['level']}." if value is not None else f"{name} is not given at {found['level']} any more.")
