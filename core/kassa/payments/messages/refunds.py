"""Requests and views of refunds: money that goes back to customers."""

from __future__ import annotations

from typing import Annotated, Literal

import attrs

from kassa.kernel.schema import Amount, Code, Date, DecimalText, Identifier, Items, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference
from kassa.payments.messages.payments import PaymentView


@attrs.frozen(kw_only=True)
class Refund:
    """Pays out what a customer is owed: the credits named, or else the oldest; no more than is open.

    With `payment` it gives back that payment, no more than was taken. With `advance` it is paid before the credit note.
    """

    customer: Reference = attrs.field(metadata=about("Number or id of the customer.", "C0001"))
    tender: Code = attrs.field(metadata=about("How it is paid out; customer_account leaves the credit open.", "bank_transfer"))
    amount: Amount | None = attrs.field(default=None, metadata=about("How much, above 0; all that is open where it is left out.", "90.00"))
    credits: Annotated[tuple[Text, ...], Items(1, 500)] | None = attrs.field(
        default=None, metadata=about("Numbers of the credit notes or payments that are paid out, in this order.", ["CN-S001-000007"])
    )
    payment: Text | None = attrs.field(default=None, metadata=about("Number or id of the payment that is given back.", "PAY-S001-000042"))
    when: Literal["now", "run"] = attrs.field(default="now", metadata=about("now, or by the next refund run."))
    advance: bool = attrs.field(default=False, metadata=about("Pay before the credit note is posted; the setting must allow it."))
    reference: Text | None = attrs.field(default=None, metadata=about("Reference of the refund."))
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of the store that pays it.", "S001"))
    date: Date | None = attrs.field(default=None, metadata=about("Business date; today where it is left out."))


@attrs.frozen(kw_only=True)
class RefundView:
    """What became of a refund: it was paid, waits for a run (`refund` is its id), or stays open on the account."""

    state: Literal["paid", "waiting", "on_account"]
    amount: DecimalText
    currency: str
    payment: PaymentView | None = None
    refund: Identifier | None = None


@attrs.frozen(kw_only=True)
class CancelRefund:
    """Names a refund that waits for a run."""

    refund: Identifier = attrs.field(metadata=about("Id of the refund."))


@attrs.frozen(kw_only=True)
class RefundRun:
    """Pays every refund of the legal entity that waits; each by itself."""

    tender: Code | None = attrs.field(default=None, metadata=about("Only refunds by one tender.", "check"))
    until: Date | None = attrs.field(default=None, metadata=about("Only refunds of this business date or before."))
    date: Date | None = attrs.field(default=None, metadata=about("Business date of the payments; today where it is left out."))
