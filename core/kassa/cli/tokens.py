"""`kassa token`: keys by which apps and tills are let in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Group, json_option, pass_session
from kassa.cli.output import note, print_json, print_table, say

if TYPE_CHECKING:
    from kassa.cli.session import Session

UNITS = {"h": 3600, "d": 86400}
MICROSECONDS = 1_000_000


@click.group("token", cls=Group)
def token() -> None:
    """Create, list and revoke the keys by which apps and tills are let in.

    \b
    Example:  kassa token create "Till 1" --role till --store S001 --register T1
    """


@token.command("create")
@click.argument("name")
@click.option("--role", "roles", multiple=True, help="What it may do; may be repeated. `kassa call org.list_roles` lists roles.")
@click.option("--worker", metavar="NUMBER", help="The worker whose acts these are; the key holds that one's roles too.")
@click.option("--store", metavar="NUMBER", help="The store in which it stands; it may act there alone.")
@click.option("--register", metavar="TILL", help="The till at which it stands.")
@click.option(
    "--legal-entity", "legal_entities", multiple=True, metavar="CODE", help="Where it may act; may be repeated.  [default: everywhere]"
)
@click.option("--expires", metavar="30d", help="After how many hours (12h) or days (30d) it ends.  [default: when it is revoked]")
@json_option
@pass_session
def create(session: Session, as_json: bool, expires: str | None, **asked: Any) -> None:
    """Create a key and print it; it is shown here and never again.

    \b
    Examples:  kassa token create "Web shop" --role integrator
               kassa token create "Till 1" --role till --store S001 --register T1
               kassa token create "Night audit" --role accountant --expires 30d
    """
    command = {name: list(value) if isinstance(value, tuple) else value for name, value in asked.items() if value not in (None, ())}
    if expires is not None:
        from kassa.kernel.clock import instant_text

        command["expires_at"] = instant_text(session.open().clock.now() + _duration(expires))
    made = session.answer("org.create_api_key", command)
    if as_json:
        print_json(made)
        return
    say(made["token"])
    note(f"This is the key {made['id']} ({made['api_key']['name']}). Keep it: it cannot be shown again.")


def _duration(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,5})([hd])", text)
    if found is None:
        raise click.BadParameter(f"{text!r} is no duration; expected hours or days such as 12h or 30d.", param_hint="--expires")
    return int(found[1]) * UNITS[found[2]] * MICROSECONDS


@token.command("list")
@click.option("--revoked", is_flag=True, help="Also those that were revoked.")
@json_option
@pass_session
def list_tokens(session: Session, revoked: bool, as_json: bool) -> None:
    """List what is known of the keys; the keys themselves are kept nowhere.

    \b
    Example:  kassa token list --revoked
    """
    found = session.items("org.list_api_keys", {"revoked": revoked})
    if as_json:
        print_json(found)
        return
    stores = _stores(session) if found else {}
    rows = [
        (
            key["id"],
            key["name"],
            ", ".join(key["roles"]),
            stores.get(key["store_id"], key["store_id"]),
            key["register"],
            key["last_used_at"],
            key["expires_at"],
            key["revoked_at"],
        )
        for key in found
    ]
    print_table(("id", "name", "roles", "store", "till", "last used", "expires", "revoked"), rows, empty="There are no keys.")


def _stores(session: Session) -> dict[str, str]:
    entities = session.items("org.list_legal_entities")
    return {store["id"]: store["number"] for entity in entities for store in session.items("org.list_stores", legal_entity=entity["code"])}


@token.command("revoke")
@click.argument("key")
@pass_session
def revoke(session: Session, key: str) -> None:
    """Revoke a key by its id, at once.

    \b
    Example:  kassa token revoke 0190a1b2-…
    """
    found = session.answer("org.revoke_api_key", {"api_key": key})
    say(f"The key {found['name']} ends at {found['revoked_at']}.")
