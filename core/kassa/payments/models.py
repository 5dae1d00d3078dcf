"""Tables of payments: payments, deposits, what was refunded of a payment, intents for processors, and movements of drawers."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Id, Integer, Table, Text, document_reference


class PaymentRow(Table):
    """A payment by one tender: positive is received, negative is paid out; minor units of its currency.

    `rounding` is what the party is credited beyond the amount, where cash is paid in coins. `source_id` is the payment that
    this one gives back.
    """

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    tender = Text()
    currency = Text()
    amount = Integer()
    rounding = Integer()
    party_type = Text()
    party_id = Id()
    reference = Text(null=True)
    source_id = Id(null=True)

    class Meta:
        table_name = "payments_payment"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference(), peewee.Check("amount <> 0 OR rounding <> 0")]


PaymentRow.add_index(
    PaymentRow.index(
        PaymentRow.party_id, PaymentRow.document_id, where=peewee.SQL("party_type = 'customer'"), name="payments_payment_customer"
    )
)
PaymentRow.add_index(PaymentRow.index(PaymentRow.source_id, where=peewee.SQL("source_id IS NOT NULL"), name="payments_payment_source"))


class CaptureRow(Table):
    """What a payment moved and how much of that was given back, without sign; made by the first refund that names the payment."""

    payment_id = Id(primary_key=True)
    captured = Integer()
    refunded = Integer()

    class Meta:
        table_name = "payments_capture"
        without_rowid = True
        constraints = [
            peewee.Check("refunded BETWEEN 0 AND captured"),
            peewee.SQL("FOREIGN KEY (payment_id) REFERENCES payments_payment (document_id)"),
        ]


class DepositRow(Table):
    """The deposits of one order, in minor units: what came in, and where it went."""

    order_id = Id(primary_key=True)
    paid = Integer()
    applied = Integer()
    refunded = Integer()
    transferred = Integer()
    forfeited = Integer()

    class Meta:
        table_name = "payments_deposit"
        without_rowid = True
        constraints = [
            peewee.Check("applied + refunded + transferred + forfeited <= paid"),
            peewee.Check("paid >= 0 AND applied >= 0 AND refunded >= 0 AND transferred >= 0 AND forfeited >= 0"),
        ]


class DepositItemRow(Table):
    """Which order an open prepayment belongs to, and the document that made it."""

    open_item_id = Id(primary_key=True)
    document_id = Id()
    order_id = Id(index=True)

    class Meta:
        table_name = "payments_deposit_item"
        append_only = True
        evidence = "document_id"
        without_rowid = True


DepositItemRow.add_index(DepositItemRow.index(DepositItemRow.document_id))


class DepositMoveRow(Table):
    """A deposit that goes to another order of the customer, or is forfeited; positive minor units."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    order_id = Id()
    to_order_id = Id(null=True)
    currency = Text()
    amount = Integer()
    note = Text(null=True)

    class Meta:
        table_name = "payments_deposit_move"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference(), peewee.Check("amount > 0")]


class IntentRow(Table):
    """What a processor is to do: an authorisation, a capture, a void or a refund, in positive minor units.

    `payment_id` is the payment that it carries out, `parent_id` the intent that it follows: a capture its authorisation. At
    `expires_at` (microseconds) an authorisation that no payment uses is given back.
    """

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    port = Text()
    tender = Text()
    currency = Text()
    amount = Integer()
    token = Text(null=True)
    payment_id = Id(null=True)
    parent_id = Id(null=True)
    expires_at = Integer(null=True)

    class Meta:
        table_name = "payments_intent"
        append_only = True
        constraints = [document_reference(), peewee.Check("amount > 0")]


IntentRow.add_index(IntentRow.index(IntentRow.payment_id, where=peewee.SQL("payment_id IS NOT NULL"), name="payments_intent_payment"))
IntentRow.add_index(IntentRow.index(IntentRow.parent_id, where=peewee.SQL("parent_id IS NOT NULL"), name="payments_intent_parent"))


class IntentResultRow(Table):
    """An answer of a processor to an intent, as it came: approved, declined, or none that could be understood (unknown)."""

    id = Id(primary_key=True)
    intent_id = Id(index=True)
    outcome = Text()
    reference = Text(null=True)
    reason = Text(null=True)
    at = Integer()

    class Meta:
        table_name = "payments_intent_result"
        append_only = True
        constraints = [
            peewee.Check("outcome IN ('approved', 'declined', 'unknown')"),
            peewee.SQL("FOREIGN KEY (intent_id) REFERENCES payments_intent (document_id)"),
        ]


class RefundOrderRow(Table):
    """A refund that a later run pays: to whom, by which tender, at most how much; positive minor units."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    tender = Text()
    currency = Text()
    amount = Integer()
    party_type = Text()
    party_id = Id()
    credit_item_id = Id(null=True)
    source_id = Id(null=True)
    reference = Text(null=True)

    class Meta:
        table_name = "payments_refund_order"
        append_only = True
        constraints = [document_reference(), peewee.Check("amount > 0")]


class DrawerRow(Table):
    """Cash that moves between a drawer and the safe, or is spent out of it; positive goes into the drawer."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    tender = Text()
    currency = Text()
    amount = Integer()
    note = Text(null=True)

    class Meta:
        table_name = "payments_drawer_movement"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference(), peewee.Check("amount <> 0")]


TABLES: tuple[type[Table], ...] = (
    PaymentRow, CaptureRow, DepositRow, DepositItemRow, DepositMoveRow, IntentRow, IntentResultRow, RefundOrderRow, DrawerRow,
)  # fmt: skip
