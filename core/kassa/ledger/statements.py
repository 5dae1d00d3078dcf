"""Statements as reports: of one account, of one customer or vendor, and balances by the values of a dimension."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from kassa.kernel.clock import date_of
from kassa.kernel.contributions import Report
from kassa.kernel.database import Reader
from kassa.kernel.errors import NotFound
from kassa.kernel.schema import Date, Text
from kassa.kernel.values import format_minor
from kassa.ledger.documents import DimensionName, dimension_values
from kassa.ledger.operations.accounts import account
from kassa.ledger.operations.balances import STATEMENT, opening_balance
from kassa.ledger.queries import OF_DIMENSION, dimension_pattern, narrowed
from kassa.ledger.store import sides
from kassa.org import facts as org
from kassa.org.editing import about
from kassa.org.messages.scalars import PlainCode, Reference
from kassa.parties import facts as parties

ALL = 2**31
ITEMS = (
    'SELECT i.date, i.id, k.value, d.kind, i.type, i.due_date, i.currency, i.amount, i."open" FROM ledger_open_item i '
    "JOIN kernel_document d ON d.id = i.document_id LEFT JOIN kernel_document_key k ON k.document_id = i.document_id AND k.name = 'number' "
    "WHERE i.legal_entity_id = ? AND i.party_type = ? AND i.party_type <> 'store' AND i.party_id = ?{where} ORDER BY i.currency, i.date, i.id"
)
BEFORE = (
    "SELECT currency, sum(amount) FROM ledger_open_item WHERE legal_entity_id = ? AND party_type = ? AND party_type <> 'store' "
    "AND party_id = ? AND date < ? GROUP BY currency ORDER BY currency"
)
BY_DIMENSION = (
    "SELECT a.number, a.name, s.canonical, sum(e.amount) FROM ledger_voucher v JOIN ledger_entry e ON e.document_id = v.document_id "
    "JOIN ledger_account a ON a.id = e.account_id JOIN ledger_dimension_set s ON s.id = e.dimension_set_id WHERE v.legal_entity_id = ?{where} "
    "GROUP BY a.number, a.name, s.canonical"
)


@attrs.frozen(kw_only=True)
class AccountStatementParameters:
    """Which account, which dates, which value of a dimension."""

    account: Reference = attrs.field(metadata=about("Number or id.", "1100"))
    from_date: Date | None = attrs.field(default=None, metadata=about("From this date on; what was before is the opening balance."))
    to_date: Date | None = attrs.field(default=None, metadata=about("Up to and with this date."))
    dimension: Text | None = attrs.field(default=None, metadata=about("Only entries with this value of a dimension.", "store=S001"))


@attrs.frozen(kw_only=True)
class CustomerStatementParameters:
    """Which customer, and which dates."""

    customer: Reference = attrs.field(metadata=about("Number or id.", "C0001"))
    from_date: Date | None = attrs.field(default=None, metadata=about("From this date on; what was before is the opening balance."))
    to_date: Date | None = attrs.field(default=None, metadata=about("Up to and with this date."))


@attrs.frozen(kw_only=True)
class DimensionParameters:
    """Which dimension, and which dates."""

    dimension: PlainCode = attrs.field(metadata=about("The dimension.", "store"))
    date: Date | None = attrs.field(default=None, metadata=about("Up to and with this date; today where it is left out."))
    from_date: Date | None = attrs.field(default=None, metadata=about("Only what was booked from this date on."))


def account_statement(read: Reader, parameters: AccountStatementParameters, context: Any) -> Iterable[Sequence[Any]]:
    """Give the opening balance of an account and one row for each entry with the balance after it, debit positive."""
    entity = org.legal_entity(context)
    chosen = account(context, parameters.account)
    pattern = dimension_pattern(parameters.dimension)
    balance = opening_balance(read, entity.id, chosen.id, parameters.from_date, pattern)
    yield parameters.from_date or "", "", "opening", "", "", format_minor(balance, entity.currency), ""
    where, values = narrowed((("v.date >= ?", parameters.from_date), ("v.date <= ?", parameters.to_date), (OF_DIMENSION, pattern)))
    for date, _, _, number, kind, amount, correction, canonical in read.rows(
        STATEMENT.replace("{where}", where), [chosen.id, entity.id, *values, ALL]
    ):
        balance += amount
        debit, credit = sides(amount, bool(correction), entity.currency)
        yield date, number or "", kind, debit or "", credit or "", format_minor(balance, entity.currency), canonical or ""


def party_statement(read: Reader, party: tuple[str, str, str], from_date: str | None, to_date: str | None) -> Iterable[Sequence[Any]]:
    """Give what a party (legal entity, type, id) owed and was owed, document by document, with the balance by currency."""
    where, values = narrowed((("i.date >= ?", from_date), ("i.date <= ?", to_date)))
    balances = {code: int(amount) for code, amount in read.rows(BEFORE, (*party, from_date))} if from_date is not None else {}
    for code, amount in balances.items():
        yield code, from_date, "", "opening", "", "", format_minor(amount, code), ""
    for date, _, number, kind, _, due_date, code, amount, left in read.rows(ITEMS.replace("{where}", where), [*party, *values]):
        balances[code] = balances.get(code, 0) + amount
        yield (
            code,
            date,
            number or "",
            kind,
            due_date,
            format_minor(amount, code),
            format_minor(balances[code], code),
            format_minor(left, code),
        )


STATEMENT_COLUMNS = ("currency", "date", "number", "kind", "due_date", "amount", "balance", "open")


def customer_statement(read: Reader, parameters: CustomerStatementParameters, context: Any) -> Iterable[Sequence[Any]]:
    """Give the statement of a customer: positive is owed by the customer."""
    customer = parties.customer(context, parameters.customer)
    return party_statement(read, (customer.legal_entity_id, "customer", customer.id), parameters.from_date, parameters.to_date)


def balances_by_dimension(read: Reader, parameters: DimensionParameters, context: Any) -> Iterable[Sequence[Any]]:
    """Give one row for each account and value of a dimension; what has no value of it stands under an empty one."""
    entity = org.legal_entity(context)
    if context.registry.find(DimensionName, parameters.dimension) is None:
        raise NotFound("dimension", parameters.dimension)
    until = parameters.date or date_of(context.now, entity.time_zone)
    where, values = narrowed((("v.date >= ?", parameters.from_date), ("v.date <= ?", until)))
    sums: dict[tuple[str, str, str], int] = {}
    for number, name, canonical, amount in read.rows(BY_DIMENSION.replace("{where}", where), [entity.id, *values]):
        place = (number, name, dimension_values(canonical).get(parameters.dimension, ""))
        sums[place] = sums.get(place, 0) + int(amount)
    for (number, name, value), amount in sorted(sums.items()):
        yield number, name, value, format_minor(amount, entity.currency)


STATEMENTS = (
    Report(
        name="ledger.account_statement",
        summary="Entries of an account with the balance after each",
        parameters=AccountStatementParameters,
        columns=("date", "number", "kind", "debit", "credit", "balance", "dimensions"),
        run=account_statement,
        permission="ledger.read",
    ),
    Report(
        name="ledger.customer_statement",
        summary="What a customer owed and was owed, document by document",
        parameters=CustomerStatementParameters,
        columns=STATEMENT_COLUMNS,
        run=customer_statement,
        permission="ledger.read_open_items",
    ),
    Report(
        name="ledger.balances_by_dimension",
        summary="Balance of every account by the values of a dimension",
        parameters=DimensionParameters,
        columns=("account", "name", "value", "balance"),
        run=balances_by_dimension,
        permission="ledger.read",
    ),
)
