"""The table of drafts."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Date, Id, Integer, Table, Text


class DraftRow(Table):
    """A draft of an order: a cart, a quote or an edit in progress; `content` is the order that it would become, as JSON."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    store_id = Id()
    kind = Text()
    state = Text()
    version = Integer()
    customer_id = Id(null=True)
    of_id = Id(null=True)
    of_version = Integer(null=True)
    expires_on = Date()
    currency = Text()
    total = Integer()
    content = Text()
    created_at = Integer()
    created_by = Text()
    changed_at = Integer()
    reason = Text(null=True)

    class Meta:
        table_name = "sales_draft"
        constraints = [
            peewee.SQL("FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id)"),
            peewee.Check("kind IN ('cart', 'quote', 'edit')"),
            peewee.Check("state IN ('open', 'committed', 'void', 'lost', 'expired')"),
            peewee.Check("(kind = 'edit') = (of_id IS NOT NULL)"),
            peewee.Check("version > 0"),
        ]
        indexes = ((("legal_entity_id", "id"), False),)


DraftRow.add_index(
    DraftRow.index(
        DraftRow.of_id, DraftRow.of_version, unique=True, where=peewee.SQL("state = 'open' AND of_id IS NOT NULL"), name="sales_draft_edit"
    )
)
DraftRow.add_index(
    DraftRow.index(DraftRow.legal_entity_id, DraftRow.expires_on, where=peewee.SQL("state = 'open'"), name="sales_draft_expiry")
)
DraftRow.add_index(DraftRow.index(DraftRow.of_id, DraftRow.id, where=peewee.SQL("of_id IS NOT NULL"), name="sales_draft_of"))
DraftRow.add_index(
    DraftRow.index(DraftRow.customer_id, DraftRow.id, where=peewee.SQL("customer_id IS NOT NULL"), name="sales_draft_customer")
)
