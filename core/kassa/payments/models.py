"""Tables of payments."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Id, Integer, Table, Text, document_reference


class PaymentRow(Table):
    """A payment by one tender: positive is received, negative is paid out; minor units of its currency."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    tender = Text()
    currency = Text()
    amount = Integer()
    party_type = Text()
    party_id = Id()
    reference = Text(null=True)

    class Meta:
        table_name = "payments_payment"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference(), peewee.Check("amount <> 0")]


PaymentRow.add_index(
    PaymentRow.index(PaymentRow.party_id, PaymentRow.document_id, where=peewee.SQL("party_type = 'customer'"), name="payments_payment_customer")
)

TABLES: tuple[type[Table], ...] = (PaymentRow,)
