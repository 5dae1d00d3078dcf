"""The subledger: a customer's open items, and settling them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result, cursor_of
from kassa.kernel.values import format_minor, new_id
from kassa.ledger.documents import OpenBalance, Pair, Settlement
from kassa.ledger.facts import open_items
from kassa.ledger.messages import open_items as messages
from kassa.ledger.queries import a_date, an_id, narrowed, place_after
from kassa.ledger.settling import by_age, designated
from kassa.ledger.store import dimensions_of
from kassa.org import facts as org
from kassa.parties import facts as parties

PARTY = "customer"
ITEMS = (
    'SELECT i.date, i.id, k.value, d.kind, i.type, i.due_date, i.currency, i.amount, i."open", s.canonical FROM ledger_open_item i '
    "JOIN kernel_document d ON d.id = i.document_id LEFT JOIN kernel_document_key k ON k.document_id = i.document_id AND k.name = 'number' "
    "LEFT JOIN ledger_dimension_set s ON s.id = i.dimension_set_id "
    'WHERE i.legal_entity_id = ? AND i.party_type = ? AND i.party_id = ? AND i."open" <> 0'
)
BALANCES = (
    'SELECT currency, sum("open") FROM ledger_open_item WHERE legal_entity_id = ? AND party_type = ? AND party_id = ? AND "open" <> 0 '
    "GROUP BY currency ORDER BY currency"
)


def list_open_items(request: messages.ListOpenItems, context: Context) -> messages.OpenItemPage:
    """Show a page of what a customer owes and is owed, oldest first, and the balance of all of it."""
    customer = parties.customer(context, request.customer)
    party = [customer.legal_entity_id, PARTY, customer.id]
    where, values = narrowed((("i.due_date < ?", request.due_before),))
    after = place_after(request.after, a_date, an_id)
    if after is not None:
        where, values = f"{where} AND (i.date, i.id) > (?, ?)", [*values, *after]
    rows = context.read.rows(f"{ITEMS}{where} ORDER BY i.date, i.id LIMIT ?", [*party, *values, request.limit + 1])
    last = rows[request.limit - 1] if len(rows) > request.limit else None
    balances = context.read.rows(BALANCES, party)
    return messages.OpenItemPage(
        customer=customer.number,
        balances=tuple(messages.BalanceView(currency=code, open=format_minor(int(amount), code)) for code, amount in balances),
        items=tuple(_item(row) for row in rows[: request.limit]),
        next=cursor_of(last[:2]) if last is not None else None,
    )


def _item(row: Sequence[Any]) -> messages.OpenItemView:
    date, item_id, number, kind, item_type, due_date, currency, amount, left, canonical = row
    return messages.OpenItemView(
        id=item_id, number=number, kind=kind, type=item_type, date=date, due_date=due_date, currency=currency,
        amount=format_minor(amount, currency), open=format_minor(left, currency), dimensions=dimensions_of(canonical or ""),
    )  # fmt: skip


def settle(command: messages.Settle, context: Context) -> Result:
    """Plan the settlement of the pairs named, or of oldest debits with oldest credits (INV-15)."""
    customer = parties.customer(context, command.customer)
    entity = org.legal_entity(context, customer.legal_entity_id)
    items = open_items(context, entity.id, PARTY, customer.id)
    if command.pairs is None:
        pairs = by_age(items)
        issues = [] if pairs else [_nothing(customer.number)]
    else:
        pairs, issues = designated(command.pairs, items)
    context.refuse(issues)
    document = Settlement(
        id=new_id(), type="settlement", legal_entity_id=entity.id, store_id=context.actor.store_id,
        register=context.actor.register or "office", state="new", date=command.date or date_of(context.now, entity.time_zone),
        occurred_at=context.now, party_type=PARTY, party_id=customer.id, pairs=tuple(pairs),
    )  # fmt: skip
    (posted,) = context.step("settlement", "post", [document])
    shown = _pairs(pairs, {item.id: item for item in items})
    return Result(
        view=lambda numbers: messages.SettlementView(
            id=posted.id, number=numbers.get(posted.id), customer=customer.number, date=posted.date, pairs=shown
        ),
        document_id=posted.id,
        version=1,
    )


def _nothing(number: str) -> Issue:
    message = f"Customer {number} has no debit and credit in one currency that could be set against each other. Prepayments must be named."
    return Issue(code="LEDGER_NOTHING_TO_SETTLE", message=message, pointer="/customer")


def _pairs(pairs: Sequence[Pair], items: dict[str, OpenBalance]) -> tuple[messages.SettledPairView, ...]:
    views = []
    for pair in pairs:
        debit, credit = items[pair.debit_item_id], items[pair.credit_item_id]
        amount = format_minor(pair.amount, debit.currency)
        views.append(messages.SettledPairView(debit=debit.number, credit=credit.number, currency=debit.currency, amount=amount))
    return tuple(views)


OPERATIONS = (
    Operation(
        name="ledger.list_open_items",
        summary="List a customer's open items",
        description="What the customer owes (positive) and is owed (negative), oldest first, with the balance by currency.",
        effect="read",
        http=Http(method="GET", path="/customers/{customer}/open-items"),
        request=messages.ListOpenItems,
        response=messages.OpenItemPage,
        permission="ledger.read_open_items",
        handler=list_open_items,
        collection=True,
    ),
    Operation(
        name="ledger.settle",
        summary="Settle open items of a customer",
        description="Sets invoices against payments and credit notes: the pairs named, or oldest against oldest. Nothing is booked; what is open goes down.",
        effect="post",
        http=Http(method="POST", path="/ledger/settlements", status=201),
        request=messages.Settle,
        response=messages.SettlementView,
        permission="ledger.settle",
        handler=settle,
        rules=("INV-15",),
        example={"customer": "C0001", "pairs": [{"debit": "INV-S001-000042", "credit": "PAY-S001-000042", "amount": "25.00"}]},
    ),
)
