"""`kassa init`: makes an installation that can sell, from nothing; done again, it adds what is missing."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Command, json_option, pass_session
from kassa.cli.configuration import FILE
from kassa.cli.migrating import apply, create_database, waiting
from kassa.cli.output import print_json, print_table, say
from kassa.cli.serving import address
from kassa.cli.session import hidden_password

if TYPE_CHECKING:
    from kassa.cli.session import Session

ADMINISTRATOR, GROUP, PRICES, TAX_CODE, TAX_GROUP = "administrator", "GOODS", "RETAIL", "VAT", "STANDARD"
QUESTIONS = {
    "legal_entity": ("Code of the legal entity", "MAIN"),
    "name": ("Its name", "My company"),
    "currency": ("Currency of its books (ISO 4217)", "EUR"),
    "time_zone": ("Its time zone", None),
    "store": ("Number of the store", "S001"),
    "store_name": ("Name of the store", "Main store"),
    "tax": ("Rate of tax in percent (0: none)", "0"),
}
CONFIGURATION = """# Configuration of Kassa; options of the command line and KASSA_* variables go before it. See `kassa --help`.
database = "{database}"
# block = ["name"]          # plugins to leave out
# legal_entity = "{entity}"      # which one commands act in, where there are several
# host = "127.0.0.1"        # where `kassa serve` listens
# port = 8000
"""


@click.command("init", cls=Command)
@click.option("--legal-entity", metavar="CODE", help="Code of the legal entity.  [default: MAIN]")
@click.option("--name", metavar="TEXT", help="Its name.  [default: My company]")
@click.option("--currency", metavar="CODE", help="The currency of its books.  [default: EUR]")
@click.option("--time-zone", metavar="ZONE", help="Its time zone.  [default: that of this machine]")
@click.option("--country", metavar="XX", help="Its country, ISO 3166.")
@click.option("--first-year", type=click.IntRange(1900, 2200), help="The first year of its books.  [default: this year]")
@click.option("--store", metavar="NUMBER", help="Number of its store.  [default: S001]")
@click.option("--store-name", metavar="TEXT", help="The name of the store.  [default: Main store]")
@click.option("--tax", metavar="PERCENT", help="Rate of tax; makes a tax code and the tax group STANDARD.  [default: none]")
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults for what is not given.")
@click.option("--new-key", is_flag=True, help="Make an administrator's key although there is one.")
@json_option
@pass_session
def init(session: Session, yes: bool, new_key: bool, as_json: bool, first_year: int | None, **given: str | None) -> None:
    """Make an installation that can sell: database, tables, a legal entity with books, a store, an administrator's key.

    What is there already stays as it is, so it can be done again. On a terminal it asks for what is not given.

    \b
    Examples:  kassa init
               kassa init --yes --name "Warenhuis B.V." --currency EUR --tax 21
               kassa --database postgresql://kassa@localhost/kassa init --yes
    """
    created = create_database(session.configuration.database)
    # Where a machine reads the answer, what was applied is said beside it.
    if as_json:
        apply_quietly(session)
    else:
        say(f"The database is {hidden_password(session.configuration.database)}{', newly created' if created else ''}.")
        if waiting(session):
            apply(session)
    entities = {entity["code"]: entity for entity in session.items("org.list_legal_entities")}
    answers = _answers(given, entities, ask=not yes and on_terminal())
    made: list[tuple[str, str, str]] = []
    _legal_entity(session, answers, entities, first_year, made)
    _catalogue(session, answers, made)
    _store(session, answers, made)
    token = _key(session, new_key, made)
    _configuration(session, answers, made)
    if as_json:
        print_json(
            {
                "legal_entity": answers["legal_entity"],
                "store": answers["store"],
                "token": token,
                "made": [row[0] for row in made if row[2] == "made"],
            }
        )
        return
    print_table(("what", "which", ""), made)
    _next(session, token)


def apply_quietly(session: Session) -> None:
    """Apply what is waiting, and say nothing."""
    from kassa.kernel.migrations import migrate

    engine = session.connect()
    migrate(engine.database, engine.registry)


def _answers(given: Mapping[str, str | None], entities: Mapping[str, Any], *, ask: bool) -> dict[str, Any]:
    """What was given, else asked, else the default; where a legal entity is there, nothing is asked about it."""
    answers: dict[str, Any] = dict(given)
    if answers["legal_entity"] is None and entities:
        answers["legal_entity"] = next(iter(entities))
    present = answers["legal_entity"] in entities
    for option, (question, default) in QUESTIONS.items():
        if answers[option] is None and not present:
            usual = default if default is not None else zone_of_machine()
            answers[option] = click.prompt(question, default=usual) if ask else usual
    return answers


def on_terminal() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin.isatty()


def zone_of_machine() -> str:
    """The IANA name of this machine's time zone, UTC where it cannot be told."""
    named = os.environ.get("TZ") or os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    from kassa.kernel.clock import time_zone

    try:
        time_zone(named)
    except ValueError:
        return "UTC"
    return named


def _legal_entity(
    session: Session, answers: dict[str, Any], entities: Mapping[str, Any], first_year: int | None, made: list[tuple[str, str, str]]
) -> None:
    code = answers["legal_entity"]
    if code not in entities:
        command = {name: answers[name] for name in ("name", "currency", "time_zone", "country") if answers[name] is not None}
        session.answer("org.create_legal_entity", {"code": code, **command})
    made.append(("legal entity", code, "there already" if code in entities else "made"))
    if session.answer("ledger.list_accounts", {"limit": 1}, legal_entity=code)["items"]:
        made.append(("books", f"of {code}", "there already"))
        return
    zone = session.answer("org.read_legal_entity", {"legal_entity": code})["time_zone"]
    year = int(session.open().clock.today(zone)[:4])
    books = session.answer("ledger.set_up_books", {"first_year": first_year or year, "last_year": year + 1}, legal_entity=code)
    made.append(("books", f"{books['accounts']} accounts, {books['first_date']} to {books['last_date']}", "made"))


def _catalogue(session: Session, answers: dict[str, Any], made: list[tuple[str, str, str]]) -> None:
    """Make what products need: an item model group, a price list, and where there is tax a tax group."""
    code = answers["legal_entity"]
    groups = {group["code"] for group in session.items("catalog.list_item_model_groups", legal_entity=code)}
    if not groups:
        session.answer("catalog.create_item_model_group", {"code": GROUP, "all_legal_entities": True}, legal_entity=code)
    made.append(("item model group", ", ".join(sorted(groups)) or f"{GROUP} (moving average)", "there already" if groups else "made"))
    lists = {prices["code"] for prices in session.items("catalog.list_price_lists", legal_entity=code)}
    if not lists:
        session.answer("catalog.create_price_list", {"code": PRICES, "name": "Retail prices"}, legal_entity=code)
    made.append(("price list", ", ".join(sorted(lists)) or PRICES, "there already" if lists else "made"))
    rate = _rate(answers["tax"])
    if rate is None:
        return
    taxed = {group["tax_group"] for group in session.items("catalog.list_tax_groups", legal_entity=code)}
    if TAX_GROUP not in taxed:
        first = f"{session.answer('ledger.list_periods', {'limit': 1}, legal_entity=code)['items'][0]['first_date'][:4]}-01-01"
        session.answer("catalog.enter_tax_rate", {"code": TAX_CODE, "rate": rate, "from_date": first}, legal_entity=code)
        session.answer("catalog.set_tax_group", {"tax_group": TAX_GROUP, "codes": [TAX_CODE]}, legal_entity=code)
    made.append(("tax group", f"{TAX_GROUP}: {TAX_CODE} {answers['tax']} %", "there already" if TAX_GROUP in taxed else "made"))


def _rate(percent: str | None) -> str | None:
    """A rate in percent as decimal text of one, None for no tax; BadParameter for anything else."""
    from kassa.kernel.values import DecimalTextError, format_scaled, parse_scaled

    if percent is None:
        return None
    try:
        rate = parse_scaled(percent.strip().rstrip("%").strip(), 4, maximum=100 * 10**4)
    except DecimalTextError as error:
        raise click.BadParameter(f"{error}", param_hint="--tax") from error
    return format_scaled(rate, 6, trim=True) if rate > 0 else None


def _store(session: Session, answers: dict[str, Any], made: list[tuple[str, str, str]]) -> None:
    entity = answers["legal_entity"]
    numbers = [store["number"] for store in session.items("org.list_stores", legal_entity=entity)]
    number = answers["store"] or (numbers[0] if numbers else QUESTIONS["store"][1])
    if number not in numbers:
        name = answers["store_name"] or QUESTIONS["store_name"][1]
        session.answer("org.create_store", {"number": number, "name": name}, legal_entity=entity)
    answers["store"] = number
    made.append(("store with warehouse", str(number), "there already" if number in numbers else "made"))


def _key(session: Session, new_key: bool, made: list[tuple[str, str, str]]) -> str | None:
    present = [key for key in session.items("org.list_api_keys") if ADMINISTRATOR in key["roles"]]
    if present and not new_key:
        made.append(("administrator's key", present[0]["name"], "there already; --new-key makes another"))
        return None
    answer = session.answer("org.create_api_key", {"name": "Administrator", "roles": [ADMINISTRATOR]})
    made.append(("administrator's key", answer["id"], "made"))
    return str(answer["token"])


def _configuration(session: Session, answers: dict[str, Any], made: list[tuple[str, str, str]]) -> None:
    """Write kassa.toml where there is none, so that later commands find the database; the environment speaks for itself."""
    configuration = session.configuration
    if configuration.file is not None or os.environ.get("KASSA_DATABASE") or os.environ.get("KASSA_CONFIG"):
        return
    text = CONFIGURATION.format(database=configuration.database.replace("\\", "\\\\").replace('"', '\\"'), entity=answers["legal_entity"])
    Path(FILE).write_text(text, encoding="utf-8")
    made.append(("configuration", FILE, "made"))


def _next(session: Session, token: str | None) -> None:
    if token is not None:
        say()
        say(f"The administrator's token, shown this once (only its hash is kept):  {token}")
    say()
    say("Next:  kassa call catalog.load_products @products.json     products with prices (`kassa operations catalog.load_products`)")
    say(f"       kassa serve                                         the API, with its page at {address(session)}")
