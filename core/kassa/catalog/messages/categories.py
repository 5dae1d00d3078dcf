"""Requests and views of categories and item model groups."""

from __future__ import annotations

import attrs

from kassa.catalog.documents import Costing, NegativeStock
from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Identifier, Text
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import PlainCode, Reference


@attrs.frozen(kw_only=True)
class CreateCategory:
    """A node of the category tree, the same in all legal entities."""

    code: PlainCode = attrs.field(metadata=about("Unique, never changed.", "LIGHTS"))
    name: Text = attrs.field(metadata=about("Name.", "Lights"))
    parent: Reference | None = attrs.field(default=None, metadata=about("Code or id of the category above; none: a root."))
    return_policy: PlainCode | None = attrs.field(default=None, metadata=about("Code of a return policy; none: that of the category above."))


@attrs.frozen(kw_only=True)
class ReadCategory:
    """Names a category."""

    category: Reference = attrs.field(metadata=about("Code or id.", "LIGHTS"))


@attrs.frozen(kw_only=True)
class ChangeCategory(ReadCategory):
    """What shall be different at a category; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    parent: Reference | None = attrs.field(factory=left_out, metadata=about("Code or id of the category above; null makes it a root."))
    return_policy: PlainCode | None = attrs.field(factory=left_out, metadata=about("Code of a return policy; null: that of the category above."))


@attrs.frozen(kw_only=True)
class CategoryView:
    """A category; `path` is the codes from the root down to it."""

    id: Identifier
    code: str
    name: str
    parent_id: Identifier | None
    path: str
    return_policy: str | None
    version: int


@attrs.frozen(kw_only=True)
class ListCategories(PageRequest):
    """Asks for categories."""

    parent: Reference | None = attrs.field(default=None, metadata=about("Code or id: only those directly below it."))


@attrs.frozen(kw_only=True)
class CreateItemModelGroup:
    """How products of a kind are kept."""

    code: PlainCode = attrs.field(metadata=about("Unique, never changed.", "AVERAGE"))
    costing: Costing = attrs.field(default="moving_average", metadata=about("How what leaves is valued."))
    stocked: bool = attrs.field(default=True, metadata=about("Whether quantities are kept."))
    post_physical: bool = attrs.field(default=False, metadata=about("Whether deliveries are posted to the ledger before the invoice."))
    quarantine_management: bool = attrs.field(default=False, metadata=about("Whether all that is received goes through quarantine."))
    negative_stock: NegativeStock | None = attrs.field(
        default=None, metadata=about("What happens when more is sold than there is; null leaves it to the store's setting.")
    )
    all_legal_entities: bool = attrs.field(
        default=False, metadata=about("Whether it holds in all legal entities; one of an entity's own goes before it.")
    )


@attrs.frozen(kw_only=True)
class ReadItemModelGroup:
    """Names an item model group."""

    item_model_group: Identifier


@attrs.frozen(kw_only=True)
class ChangeItemModelGroup(ReadItemModelGroup):
    """What shall be different at an item model group; what is left out stays."""

    post_physical: bool = attrs.field(factory=left_out, metadata=about("Whether deliveries are posted to the ledger before the invoice."))
    quarantine_management: bool = attrs.field(factory=left_out, metadata=about("Whether all that is received goes through quarantine."))
    negative_stock: NegativeStock | None = attrs.field(
        factory=left_out, metadata=about("What happens when more is sold than there is; null leaves it to the store's setting.")
    )


@attrs.frozen(kw_only=True)
class ItemModelGroupView:
    """An item model group; `legal_entity_id` null where it holds in all."""

    id: Identifier
    legal_entity_id: Identifier | None
    code: str
    costing: Costing
    stocked: bool
    post_physical: bool
    quarantine_management: bool
    negative_stock: NegativeStock | None
    version: int


@attrs.frozen(kw_only=True)
class ListItemModelGroups(PageRequest):
    """Asks for the item model groups that hold in the legal entity."""
