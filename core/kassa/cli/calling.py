"""`kassa call`: performs any operation as the local administrator, with the same checks as every host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import click

from kassa.cli.commands import AS_JSON, Command, json_option, pass_session
from kassa.cli.output import note, print_json
from kassa.cli.problems import REFUSED, show_issues
from kassa.cli.requests import request_of

if TYPE_CHECKING:
    from kassa.cli.session import Session
    from kassa.kernel.contributions import Operation
    from kassa.kernel.permissions import Actor


@click.command("call", cls=Command)
@click.argument("operation")
@click.argument("command", nargs=-1, metavar="[@FILE.json | - | KEY=VALUE | KEY:=JSON]…")
@click.option("--preview", is_flag=True, help="Compute everything and write nothing.")
@click.option("--key", help="The idempotency key; the same one again gives the same answer.  [default: a new one]")
@click.option("--approval", metavar="TOKEN", help="The approval that somebody else gave to this very request.")
@click.option("--legal-entity", metavar="CODE", help="In which legal entity.  [default: the only one there is]")
@click.option("--store", metavar="NUMBER", help="In which store.")
@click.option("--register", metavar="TILL", help="At which till of the store.")
@click.option("--if-match", type=int, metavar="VERSION", help="Only if it still has this version.")
@json_option
@pass_session
def call(session: Session, operation: str, command: tuple[str, ...], key: str | None, as_json: bool, **given: Any) -> None:
    """Perform an operation and print its answer as JSON.

    The request stands in a file (@FILE.json), comes on standard input (-), or is written as KEY=VALUE, with KEY:=JSON for
    anything that is no plain text; these may be mixed, the later counts. A refusal is shown as a table of what is wrong
    where; with --json as problem document.

    \b
    Examples:  kassa call sales.list_orders limit=5
               kassa call sales.sell store=S001 lines:='[{"product": "85123A", "quantity": "1"}]' --preview
               kassa call catalog.load_products @products.json
    """
    chosen = _operation(session, operation)
    request = request_of(chosen, command)
    if chosen.effect == "post" and key is None and not given["preview"]:
        from kassa.cli.session import new_key

        key = new_key()
        note(f"Idempotency key: {key}")
    actor, entity = _acting(session, given)
    outcome = session.perform(
        chosen.name, request, legal_entity=entity, actor=actor, key=key, preview=given["preview"], if_match=given["if_match"],
        approval=given["approval"],
    )  # fmt: skip
    body = outcome.body
    print_json(body)
    if outcome.replayed:
        note("This was done before under the same key; it was not done again.")
    if outcome.preview and body["issues"]:
        if not click.get_current_context().meta[AS_JSON]:
            show_issues(body["issues"], session)
        click.get_current_context().exit(REFUSED)


def _operation(session: Session, name: str) -> Operation:
    from kassa.kernel.contributions import Operation

    found = session.registry.find(Operation, name)
    if found is None and name in session.registry.absent_operations:
        return session.open().operation(name)
    if found is None:
        known = [operation.name for operation in session.registry.all(Operation)]
        raise click.NoSuchCommand(name, f"There is no operation {name!r}.", possibilities=known)
    return found


def _acting(session: Session, given: dict[str, Any]) -> tuple[Actor, str | None]:
    """The administrator, standing in the store and at the till that were named, and the code of the legal entity."""
    actor, entity = session.actor, given["legal_entity"]
    if given["store"] is None and given["register"] is not None:
        raise click.UsageError("A till stands in a store: give --store too.")
    if given["store"] is not None:
        found = session.answer("org.read_store", {"store": given["store"]}, legal_entity=entity)
        actor = attrs.evolve(actor, store_id=found["id"], register=given["register"])
    return actor, entity
