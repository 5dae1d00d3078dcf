"""`kassa demo`: loads the demo once, with visible progress, and says what to open and how to sell something."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Command, json_option, pass_session
from kassa.cli.configuration import HIGHEST_PORT

if TYPE_CHECKING:
    from pathlib import Path

    from kassa.cli.session import Session
    from kassa_demo.builder import Builder

IMPORT = "sales.import"
FAVOURITE = "85123A"
"""The product of which the file sells most often."""


@click.command("demo", cls=Command)
@click.option("--serve", is_flag=True, help="Serve the API afterwards.")
@click.option("--small", is_flag=True, help="Load the first day alone: 3,108 lines instead of 42,481.")
@click.option("--host", metavar="ADDRESS", help="Where to serve.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, HIGHEST_PORT), help="The port to serve at.  [default: 8000]")
@json_option
@pass_session
def demo(session: Session, serve: bool, small: bool, host: str | None, port: int | None, as_json: bool) -> None:
    """Make a shop out of a month of real sales: products with prices, stock, stores, workers, and the month's sales themselves.

    What is there already is not made again, so the second time it is quick. The data is Online Retail by Daqing Chen
    (UCI Machine Learning Repository, 2015, doi 10.24432/C5BW33), CC BY 4.0.

    \b
    Examples:  kassa demo --serve
               kassa --database sqlite:///demo.db demo --small
    """
    from kassa.cli.output import say
    from kassa.cli.serving import address, prepare, take_address

    take_address(session, host, port)
    if serve:
        prepare(session)
    builder = _build(session, small, quiet=as_json)
    call = _example(session)
    if as_json:
        from kassa.cli.output import print_json

        print_json({"made": dict(builder.made), "address": address(session), "tokens": dict(builder.tokens), "example": call})
    else:
        _tell(session, builder, call, serve=serve)
    if serve:
        run = prepare(session)
        say(f"Serving at {address(session)}; stop it with Ctrl+C.")
        run()


def _build(session: Session, small: bool, *, quiet: bool) -> Builder:
    """Make what is missing, import the sales, make the keys."""
    from kassa.cli.migrating import create_database
    from kassa.cli.output import note, steps
    from kassa.kernel.migrations import migrate
    from kassa_demo import data
    from kassa_demo.builder import Builder, survey

    create_database(session.configuration.database)
    if not quiet:
        note(f"The demo lives in {session.configuration.database}.")
    engine = session.connect()
    migrate(engine.database, engine.registry)
    _refuse_other_shops(session)
    path = data.DAY if small else data.MONTH
    with steps("Making") as progress:
        builder = Builder(session, survey(path))
        plan = builder.steps()
        for place, (name, act) in enumerate(plan):
            progress(place, len(plan), name)
            act()
        progress(len(plan), len(plan), "the shop")
    _import(session, builder, path)
    builder.returns(path)
    builder.keys()
    return builder


def _refuse_other_shops(session: Session) -> None:
    """UsageError where the database is somebody's, so that no demo gets into real books by oversight."""
    from kassa_demo import shop

    others = [entity["code"] for entity in session.items("org.list_legal_entities") if entity["code"] != shop.ENTITY["code"]]
    if others:
        raise click.UsageError(
            f"{session.configuration.database} holds the legal entity {', '.join(others)}, which is not the demo's. "
            "Name another database: kassa --database sqlite:///demo.db demo"
        )


def _import(session: Session, builder: Builder, path: Path) -> None:
    """Import the sales of the slice by the code of `kassa import sales`, unless an import of them has ended already."""
    from kassa.cli.importing import finished_import, import_file
    from kassa.cli.output import decimal, note
    from kassa.kernel.values import currency
    from kassa.sales.importing.summary import Summary
    from kassa_demo import data, shop

    job = finished_import(session, IMPORT, path, data.MAPPING)
    if job is None:
        imported = import_file(session, IMPORT, path, data.MAPPING, None, label="Importing sales")
        job = imported.job
        if job.error:
            note(f"The import stopped: {job.error}")
        for problem in imported.problems[:5]:
            note(f"Left out: {problem['item']}: {problem['message']}")
    posted = Summary.from_mapping(job.summary["read"]).posted
    amount = decimal(posted.rounded_minor, currency(shop.ENTITY["currency"]).exponent)
    builder.made.append(
        (
            "sales imported",
            f"{posted.documents:,} with {posted.lines:,} lines, {amount} {shop.ENTITY['currency']}, from {data.FIRST_DAY} on",
        )
    )


def _example(session: Session) -> dict[str, Any]:
    """A sale that can be made now: two pieces of a product that the first store has, paid in cash to the penny."""
    from kassa_demo import shop
    from kassa_demo.builder import ACTOR

    lines = [{"product": FAVOURITE, "quantity": "2"}]
    command = {"store": shop.SELLING[0], "lines": lines}
    note_of_100 = {"payments": [{"tender": "cash", "amount": "100.00"}]}
    asked = session.answer("sales.sell", command | note_of_100, legal_entity=shop.ENTITY["code"], actor=ACTOR, preview=True)
    return {**command, "payments": [{"tender": "cash", "amount": asked["result"]["total"]}]}


def _tell(session: Session, builder: Builder, call: dict[str, Any], *, serve: bool) -> None:
    """Say what was made, what to open, with which token, and how to sell something."""
    from kassa.cli.output import bold, print_table, say
    from kassa.cli.serving import address
    from kassa.cli.session import new_key

    print_table(("what", "in the demo"), builder.made)
    say()
    where = address(session)
    bold("Open ", where if serve else f"{where} once `kassa serve` runs")
    say("      the API page, with every operation and an example of each; press Authorize and paste the token")
    for name, token in builder.tokens:
        bold("Token", f"{token}   {name}")
    say()
    bold("Sell two pieces from another shell (sent again with the same key, it gives the same answer and is still one sale):")
    say(curl(where, builder.tokens[0][1], new_key(), call))
    say()


def curl(where: str, token: str, key: str, command: dict[str, Any]) -> str:
    """A line for a shell that sells something."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
    options = " ".join(f"-H '{name}: {text}'" for name, text in headers.items())
    return f"curl -s {where}v1/sales {options} -d '{json.dumps(command)}'"
