"""Exchange rates: enter and list."""

from __future__ import annotations

from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result, page, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import currency, format_scaled
from kassa.ledger.messages import dimensions as messages
from kassa.ledger.models import ExchangeRateRow
from kassa.ledger.queries import a_date, narrowed, place_after
from kassa.ledger.rates import RATE_PLACES
from kassa.org import facts as org

SELECT = "SELECT currency, from_date, rate FROM ledger_exchange_rate WHERE legal_entity_id = ?"


def enter_exchange_rate(command: messages.EnterExchangeRate, context: Context) -> Result:
    """Plan a rate; one of the same date is replaced, and what is booked keeps the rate that stands on its voucher."""
    entity = org.legal_entity(context)
    context.refuse(_unfit(command.currency, entity.currency))
    values = {
        "legal_entity_id": entity.id, "currency": command.currency, "from_date": command.from_date, "rate": command.rate, "at": context.now,
        "actor": context.actor.id,
    }  # fmt: skip
    context.plan.add([Row(ExchangeRateRow, values)], rule="ledger.enter_exchange_rate")
    view = _view((command.currency, command.from_date, command.rate), entity.currency)
    return Result(view=lambda numbers: view)


def _unfit(code: str, books_currency: str) -> list[Issue]:
    if code == books_currency:
        message = f"The books are kept in {code}; it has no rate. Name another currency."
        return [Issue(code="LEDGER_RATE_CURRENCY", message=message, pointer="/currency", got=code)]
    try:
        currency(code)
    except ValueError as error:
        return [Issue(code="LEDGER_RATE_CURRENCY", message=f"{error}", pointer="/currency", got=code)]
    return []


def _view(row: Any, books_currency: str) -> messages.ExchangeRateView:
    rate = format_scaled(row[2], RATE_PLACES, trim=True)
    return messages.ExchangeRateView(currency=row[0], books_currency=books_currency, from_date=row[1], rate=rate)


def list_exchange_rates(request: messages.ListExchangeRates, context: Context) -> Any:
    """Show a page of rates, by currency and date."""
    entity = org.legal_entity(context)
    where, values = narrowed((("currency = ?", request.currency),))
    after = place_after(request.after, str, a_date)
    if after is not None:
        where, values = f"{where} AND (currency, from_date) > (?, ?)", [*values, *after]
    rows = context.read.rows(f"{SELECT}{where} ORDER BY currency, from_date LIMIT ?", [entity.id, *values, request.limit + 1])
    views = [_view(row, entity.currency) for row in rows]
    return page(request, messages.ExchangeRateView, views, lambda view: (view.currency, view.from_date))


OPERATIONS = (
    Operation(
        name="ledger.enter_exchange_rate",
        announces="ledger.exchange_rate_entered",
        summary="Enter an exchange rate",
        description="It counts from its date until a later one does. Vouchers keep the rate with which they were booked.",
        effect="edit",
        http=Http(method="PUT", path="/ledger/exchange-rates"),
        request=messages.EnterExchangeRate,
        response=messages.ExchangeRateView,
        permission="ledger.enter_rates",
        handler=enter_exchange_rate,
        example={"currency": "USD", "from_date": "2026-11-01", "rate": "0.917431193"},
    ),
    Operation(
        name="ledger.list_exchange_rates",
        summary="List exchange rates",
        effect="read",
        http=Http(method="GET", path="/ledger/exchange-rates"),
        request=messages.ListExchangeRates,
        response=page_of(messages.ExchangeRateView),
        permission="ledger.read",
        handler=list_exchange_rates,
        collection=True,
    ),
)
