"""Requests and views of deposits."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa.kernel.schema import Amount, Code, CurrencyCode, Date, DecimalText, Identifier, Items, LongText, Text
from kassa.payments.messages import PaymentView
from kassa.sales.messages.fields import about
from kassa.sales.messages.orders import TenderRequest


@attrs.frozen(kw_only=True)
class TakeDeposit:
    """Takes a deposit on an order; each tender is a payment of its own."""

    order: Text = attrs.field(metadata=about("Number or any key of the order.", "SO-S001-000001"))
    payments: Annotated[tuple[TenderRequest, ...], Items(1, 20)] = attrs.field(metadata=about("How it is paid, above 0."))
    store: Text | None = attrs.field(
        default=None, metadata=about("Number of the store that takes it; the order's where it is left out.", "S001")
    )
    date: Date | None = attrs.field(default=None, metadata=about("Business date; today where it is left out."))


@attrs.frozen(kw_only=True)
class DepositRefund:
    """One payment by which a deposit is given back, above 0."""

    tender: Code = attrs.field(metadata=about("Tender.", "cash"))
    amount: Amount = attrs.field(metadata=about("How much, above 0.", "5.00"))
    gives_back: Text | None = attrs.field(
        default=None, metadata=about("Number or id of the deposit that is given back; those of the same tender first where left out.")
    )
    reference: Text | None = attrs.field(default=None, metadata=about("Reference of the payment."))


@attrs.frozen(kw_only=True)
class RefundDeposit:
    """Gives what is left of an order's deposits back, or part of it."""

    order: Text = attrs.field(metadata=about("Number or any key of the order.", "SO-S001-000001"))
    payments: Annotated[tuple[DepositRefund, ...], Items(1, 20)] = attrs.field(metadata=about("How it is given back."))
    store: Text | None = attrs.field(
        default=None, metadata=about("Number of the store that pays it; the order's where it is left out.", "S001")
    )
    date: Date | None = attrs.field(default=None, metadata=about("Business date; today where it is left out."))


@attrs.frozen(kw_only=True)
class TransferDeposit:
    """Transfers what is left of an order's deposits, or part of it, to another order of the same customer."""

    order: Text = attrs.field(metadata=about("Number or any key of the order.", "SO-S001-000001"))
    to_order: Text = attrs.field(metadata=about("Number or any key of the order that gets it.", "SO-S001-000002"))
    amount: Amount | None = attrs.field(default=None, metadata=about("How much; all that is left where it is left out.", "5.00"))
    date: Date | None = attrs.field(default=None, metadata=about("Business date; today where it is left out."))
    note: LongText | None = None


@attrs.frozen(kw_only=True)
class ForfeitDeposit:
    """Keeps what is left of an order's deposits, or part of it, as income."""

    order: Text = attrs.field(metadata=about("Number or any key of the order.", "SO-S001-000001"))
    amount: Amount | None = attrs.field(default=None, metadata=about("How much; all that is left where it is left out.", "5.00"))
    date: Date | None = attrs.field(default=None, metadata=about("Business date; today where it is left out."))
    note: LongText | None = attrs.field(default=None, metadata=about("Why it is kept.", "Not picked up"))


@attrs.frozen(kw_only=True)
class DepositsByOrder:
    """Names an order."""

    order: Text = attrs.field(metadata=about("Number or any key of the order.", "SO-S001-000001"))


@attrs.frozen(kw_only=True)
class DepositView:
    """An open deposit: the payment or transfer that made it, and what is left."""

    document: str | None
    tender: str | None
    left: DecimalText


@attrs.frozen(kw_only=True)
class DepositsView:
    """The deposits of an order: what came in, where it went, and what is left; payments are those that were just made."""

    order_id: Identifier
    order: str | None
    state: str
    currency: CurrencyCode
    paid: DecimalText
    applied: DecimalText
    refunded: DecimalText
    transferred: DecimalText
    forfeited: DecimalText
    left: DecimalText
    open: tuple[DepositView, ...] = ()
    payments: tuple[PaymentView, ...] = ()
