"""Values of payments: tender types, and the documents in which money moves or is meant to move."""

from __future__ import annotations

from typing import ClassVar

import attrs

from kassa.kernel.contributions import Definition
from kassa.kernel.plan import Document
from kassa.kernel.values import Minor


@attrs.frozen(kw_only=True)
class TenderType(Definition):
    """A way to pay.

    It `takes`, `refunds` and `reverses` (a payment of the day is voided) or not. `change`: more than due may be given and the
    rest is handed back. `refund_to`: what was paid by it is given back by another tender. `later`: a refund is paid by a run.
    `on_account`: nothing is booked, what is due stays open. `port`: a processor carries it out. `currency`: it takes no other.
    `minimum` and `maximum` bound one payment, in minor units. `rounding`: the smallest coin by currency, in minor units; where
    it `rounds`, the setting payments.cash_rounding says it for the others. `account_number` is its default account.
    """

    takes: bool = True
    refunds: bool = True
    reverses: bool = True
    change: bool = False
    refund_to: str | None = None
    later: bool = False
    on_account: bool = False
    port: str | None = None
    currency: str | None = None
    minimum: Minor = 0
    maximum: Minor | None = None
    rounds: bool = False
    rounding: tuple[tuple[str, Minor], ...] = ()
    account_number: str = ""


@attrs.frozen
class AllowedRefund:
    """A tender by which a refund may be paid, and up to which amount (minor units; None: any)."""

    tender: str
    limit: Minor | None = None


@attrs.frozen
class SettledItem:
    """An open item that a payment settles, by a positive amount of minor units; `stored` where it is in the database already."""

    open_item_id: str
    amount: Minor
    stored: bool = False


@attrs.frozen
class PaymentSource:
    """The payment that another one gives back or voids: its id, its tender, what it moved with its sign, and its own source."""

    id: str
    tender: str
    amount: Minor
    source_id: str | None = None


@attrs.frozen(kw_only=True)
class Payment(Document):
    """A payment by one tender. `amount` in minor units: positive is received from the party, negative paid out to it.

    Of type `payment` it stands on the party's account, of type `deposit` it belongs to `order_id`. `rounding` is what the
    party is credited (or, negative, debited) beyond the amount because cash has a smallest coin. `corrects_id` makes it the
    void of another payment; it is `forced` where a processor declined what was booked. `pointer` is where the request names the
    tender, for what is said about it.
    """

    kind: ClassVar[str] = "payment"

    tender: str
    currency: str
    amount: Minor
    rounding: Minor = 0
    party_type: str
    party_id: str
    store_number: str = ""
    reference: str | None = None
    open_item_id: str
    order_id: str | None = None
    source: PaymentSource | None = None
    forced: bool = False
    settles: tuple[SettledItem, ...] = ()
    pointer: str = "/payments"

    @property
    def total(self) -> Minor:
        """Tell what the party is credited (negative: debited) by it."""
        return self.amount + self.rounding


@attrs.frozen
class OpenDeposit:
    """A deposit of an order with what is left of it (positive minor units), and the payment that made it where one did.

    `dimensions` is the canonical text of those with which it was booked.
    """

    order_id: str
    open_item_id: str
    left: Minor
    payment_id: str | None = None
    tender: str | None = None
    dimensions: str = ""


@attrs.frozen
class AppliedDeposit:
    """What an invoice takes from one deposit of an order: the open prepayment, and a positive amount of minor units.

    `dimensions`, known while the invoice is posted, is the canonical text of those with which the deposit was booked.
    """

    order_id: str
    open_item_id: str
    amount: Minor
    dimensions: str = ""


@attrs.frozen(kw_only=True)
class DepositMove(Document):
    """A deposit that goes to another order of the same customer (type transfer) or is kept by the shop (type forfeit)."""

    kind: ClassVar[str] = "deposit_move"

    order_id: str
    to_order_id: str | None = None
    party_type: str
    party_id: str
    currency: str
    amount: Minor
    store_number: str = ""
    note: str | None = None
    taken: tuple[SettledItem, ...] = ()
    out_item_id: str = ""
    in_item_id: str = ""


@attrs.frozen(kw_only=True)
class Intent(Document):
    """What a processor is to do with money, committed before it is told: its id is the key under which the processor does it once.

    Its type is the action: authorise, capture, void or refund. `amount` is positive; `processor_reference` is what the
    processor calls what it did, `parent_reference` the same of the intent that this one follows. At `expires_at` (microseconds)
    an authorisation that no payment uses is given back.
    """

    kind: ClassVar[str] = "payment_intent"

    port: str
    tender: str
    currency: str
    amount: Minor
    token: str | None = None
    payment_id: str | None = None
    parent_id: str | None = None
    expires_at: int | None = None
    processor_reference: str | None = None
    parent_reference: str | None = None


@attrs.frozen(kw_only=True)
class RefundOrder(Document):
    """A refund that a later run pays, as far as the credit is then still open."""

    kind: ClassVar[str] = "refund_order"

    tender: str
    currency: str
    amount: Minor
    party_type: str
    party_id: str
    store_number: str = ""
    credit_item_id: str | None = None
    source_id: str | None = None
    reference: str | None = None


@attrs.frozen(kw_only=True)
class DrawerMovement(Document):
    """Cash that comes into a drawer (positive) or leaves it, other than by a payment: float_entry, safe_drop, petty_cash."""

    kind: ClassVar[str] = "drawer_movement"

    tender: str
    currency: str
    amount: Minor
    store_number: str = ""
    note: str | None = None
