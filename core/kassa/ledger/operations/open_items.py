"""The subledger: a customer's open items, and settling them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result, cursor_of
from kassa.kernel.values import format_minor, new_id
from kassa.ledger.documents import OpenBalance, Pair, Settlement, dimension_values
from kassa.ledger.facts import open_items
from kassa.ledger.messages import open_items as messages
from kassa.ledger.parties import Party, party_of
from kassa.ledger.queries import a_date, an_id, narrowed, place_after
from kassa.ledger.settling import by_age, chosen, designated
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
    balances, items, following = item_page(request, [customer.legal_entity_id, PARTY, customer.id], context)
    return messages.OpenItemPage(customer=customer.number, balances=balances, items=items, next=following)


def item_page(
    request: Any, party: Sequence[Any], context: Context
) -> tuple[tuple[messages.BalanceView, ...], tuple[messages.OpenItemView, ...], str | None]:
    """Read a page of open items of a party (legal entity, type, id): the balances of all, the items, the next cursor."""
    where, values = narrowed((("i.due_date < ?", request.due_before),))
    after = place_after(request.after, a_date, an_id)
    if after is not None:
        where, values = f"{where} AND (i.date, i.id) > (?, ?)", [*values, *after]
    rows = context.read.rows(f"{ITEMS}{where} ORDER BY i.date, i.id LIMIT ?", [*party, *values, request.limit + 1])
    last = rows[request.limit - 1] if len(rows) > request.limit else None
    balances = context.read.rows(BALANCES, party)
    shown = tuple(messages.BalanceView(currency=code, open=format_minor(int(amount), code)) for code, amount in balances)
    return shown, tuple(_item(row) for row in rows[: request.limit]), cursor_of(last[:2]) if last is not None else None


def _item(row: Sequence[Any]) -> messages.OpenItemView:
    date, item_id, number, kind, item_type, due_date, currency, amount, left, canonical = row
    return messages.OpenItemView(
        id=item_id, number=number, kind=kind, type=item_type, date=date, due_date=due_date, currency=currency,
        amount=format_minor(amount, currency), open=format_minor(left, currency), dimensions=dimension_values(canonical or ""),
    )  # fmt: skip


def settle(command: messages.Settle, context: Context) -> Result:
    """Plan the settlement of the pairs named, of the items named, or of oldest debits with oldest credits (INV-15)."""
    party = party_of(command.customer, command.vendor, context)
    items = open_items(context, party.legal_entity_id, party.type, party.id)
    issues: list[Issue] = []
    if command.pairs is not None and command.items is not None:
        issues = [Issue(code="LEDGER_SETTLE_TWICE", message="Give pairs or items, not both.", pointer="/items")]
        pairs: list[Pair] = []
    elif command.pairs is not None:
        pairs, issues = designated(command.pairs, items)
    elif command.items is not None:
        named, issues = chosen(command.items, items)
        pairs = by_age(named)
    else:
        pairs = by_age(items)
    context.refuse(issues or ([] if pairs else [_nothing(party)]))
    document = settlement(context, party, pairs, command.date)
    (posted,) = context.step("settlement", "post", [document])
    shown = pair_views(pairs, {item.id: item for item in items})
    return Result(view=lambda numbers: settlement_view(posted, party, shown, numbers.get(posted.id)), document_id=posted.id, version=1)


def settlement(context: Context, party: Party, pairs: Sequence[Pair], date: str | None, **more: Any) -> Settlement:
    """Make the document that settles pairs of open items of a party."""
    entity = org.legal_entity(context, party.legal_entity_id)
    return Settlement(
        id=new_id(), legal_entity_id=entity.id, store_id=context.actor.store_id, register=context.actor.register or "office", state="new",
        date=date or date_of(context.now, entity.time_zone), occurred_at=context.now, party_type=party.type, party_id=party.id,
        pairs=tuple(pairs), **{"type": "settlement", **more},
    )  # fmt: skip


def settlement_view(
    document: Settlement, party: Party, pairs: tuple[messages.SettledPairView, ...], number: str | None
) -> messages.SettlementView:
    """Show a settlement."""
    names = {"customer": None, "vendor": None, party.type: party.number}
    return messages.SettlementView(
        id=document.id, number=number, customer=names["customer"], vendor=names["vendor"], date=document.date, pairs=pairs
    )


def _nothing(party: Party) -> Issue:
    message = f"{party.number} has no debit and credit in one currency that could be set against each other. Prepayments must be named."
    return Issue(code="LEDGER_NOTHING_TO_SETTLE", message=message, pointer=f"/{party.type}")


def pair_views(pairs: Sequence[Pair], items: Mapping[str, OpenBalance]) -> tuple[messages.SettledPairView, ...]:
    """Show pairs with the numbers of their documents."""
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
        summary="Settle open items of a customer or vendor",
        description="Sets invoices against payments and credit notes: the pairs named, a set of items, or oldest against oldest. What is open goes down; "
        "booked is only what items of another currency gained or lost since.",
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
