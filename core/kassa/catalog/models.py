"""The tables of the catalogue."""

from __future__ import annotations

import peewee

from kassa.catalog.text_index import STATEMENTS
from kassa.kernel.keys import NO_ID
from kassa.kernel.tables import Date, Flag, Id, Integer, Table, Text

OF_ENTITY = peewee.SQL("FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id)")
OF_PRODUCT = peewee.SQL("FOREIGN KEY (product_id) REFERENCES catalog_product (id)")


class ItemModelGroupRow(Table):
    """How products of a kind are kept: costed how, stocked or not, physical movements posted or not, received by way of quarantine or not.

    A group without legal entity holds for all; one of the same code in an entity goes before it.
    """

    id = Id(primary_key=True)
    legal_entity_id = Id(null=True)
    code = Text()
    costing = Text()
    stocked = Flag()
    post_physical = Flag()
    quarantine_management = Flag()
    negative_stock = Text(null=True)
    version = Integer()

    class Meta:
        table_name = "catalog_item_model_group"
        reference = "catalog"
        constraints = [
            OF_ENTITY,
            peewee.Check("costing IN ('moving_average', 'standard', 'fifo')"),
            peewee.Check("negative_stock IN ('refuse', 'warn', 'allow')"),
            peewee.Check("version > 0"),
        ]


ItemModelGroupRow.add_index(
    peewee.SQL(
        f"CREATE UNIQUE INDEX catalog_item_model_group_code ON catalog_item_model_group (code, (coalesce(legal_entity_id, '{NO_ID}')))"
    )
)


class CategoryRow(Table):
    """A node of the category tree; `path` is the codes from the root down to it, `/HOME/LIGHTS/`.

    `return_policy` is the code of the policy by which legal entities say where its goods go when they come back; none: that of
    the category above.
    """

    id = Id(primary_key=True)
    code = Text(unique=True)
    name = Text()
    parent_id = Id(null=True)
    path = Text(index=True)
    return_policy = Text(null=True)
    version = Integer()

    class Meta:
        table_name = "catalog_category"
        reference = "catalog"
        constraints = [peewee.SQL("FOREIGN KEY (parent_id) REFERENCES catalog_category (id)"), peewee.Check("version > 0")]


class ProductRow(Table):
    """What can be sold, the same in all legal entities; `search_name` and `search_more` hold the words that find it.

    A master has `dimensions`, a JSON list, and is not sold itself; each of its variants has a value for each of them, and what it
    does not say itself (category, release, price) it has from its master.
    """

    id = Id(primary_key=True)
    number = Text(unique=True)
    name = Text()
    category_id = Id(null=True, index=True)
    kind = Text()
    unit = Text()
    item_model_group = Text(null=True)
    keywords = Text()
    master_id = Id(null=True)
    dimensions = Text(null=True)
    size = Text(null=True)
    colour = Text(null=True)
    style = Text(null=True)
    configuration = Text(null=True)
    search_name = Text()
    search_more = Text()
    version = Integer()

    class Meta:
        table_name = "catalog_product"
        reference = "catalog"
        constraints = [
            peewee.SQL("FOREIGN KEY (category_id) REFERENCES catalog_category (id)"),
            peewee.SQL("FOREIGN KEY (master_id) REFERENCES catalog_product (id)"),
            peewee.Check("master_id IS NULL OR dimensions IS NULL"),
            peewee.Check("kind IN ('goods', 'service')"),
            peewee.Check("kind = 'service' OR item_model_group IS NOT NULL"),
            peewee.Check("version > 0"),
        ]
        extra_statements = STATEMENTS


ProductRow.add_index(
    peewee.SQL(
        "CREATE UNIQUE INDEX catalog_product_variant ON catalog_product (master_id, (coalesce(size, '')), (coalesce(colour, '')), "
        "(coalesce(style, '')), (coalesce(configuration, ''))) WHERE master_id IS NOT NULL"
    )
)


class BarcodeRow(Table):
    """A code that scanners read; `code` is its one spelling (a GTIN in 14 digits), `barcode` the spelling that was given.

    An inactive one finds nothing and can be given to another product.
    """

    code = Text(primary_key=True)
    barcode = Text()
    product_id = Id(index=True)
    kind = Text()
    active = Flag()

    class Meta:
        table_name = "catalog_barcode"
        reference = "catalog"
        constraints = [OF_PRODUCT, peewee.Check("kind IN ('gtin', 'internal')")]


class ReleaseRow(Table):
    """A product made available to a legal entity, with what that entity says of it; cost in millionths of its currency."""

    product_id = Id()
    legal_entity_id = Id()
    tax_group = Text(null=True)
    standard_cost_micro = Integer()
    blocked = Flag()
    version = Integer()

    class Meta:
        table_name = "catalog_release"
        reference = "catalog"
        primary_key = peewee.CompositeKey("product_id", "legal_entity_id")
        constraints = [OF_PRODUCT, OF_ENTITY, peewee.Check("standard_cost_micro >= 0"), peewee.Check("version > 0")]


class PriceListRow(Table):
    """A list of prices of a legal entity or of one of its stores; among lists of the same reach the higher priority goes first.

    `includes_tax` says whether its prices have tax in them; such a list counts only in stores that say the same. NULL: the list
    counts in every store, and its prices are as the store says.
    """

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    name = Text()
    currency = Text()
    store_id = Id(null=True)
    priority = Integer()
    includes_tax = Flag(null=True)
    version = Integer()

    class Meta:
        table_name = "catalog_price_list"
        reference = "catalog"
        constraints = [
            peewee.SQL("UNIQUE (legal_entity_id, code)"),
            OF_ENTITY,
            peewee.SQL("FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, legal_entity_id)"),
            peewee.Check("version > 0"),
        ]


class PriceRow(Table):
    """A price from a date on; never changed: a later entry for the same first date takes its place, both are kept."""

    id = Id(primary_key=True)
    price_list_id = Id()
    product_id = Id()
    from_date = Date()
    to_date = Date(null=True)
    unit_price_micro = Integer()
    entered_at = Integer()

    class Meta:
        table_name = "catalog_price"
        reference = "catalog"
        append_only = True
        constraints = [
            peewee.SQL("FOREIGN KEY (price_list_id) REFERENCES catalog_price_list (id)"),
            OF_PRODUCT,
            peewee.Check("unit_price_micro >= 0"),
            peewee.Check("to_date IS NULL OR to_date >= from_date"),
        ]
        indexes = ((("product_id", "price_list_id"), False),)


class DiscountRow(Table):
    """A discount from a date on: a rate of the price, or an amount off each unit, both in millionths.

    It is given on one product, one category with all below it, or all; in one store or all; on prices of one list or of any.
    """

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    name = Text()
    product_id = Id(null=True)
    category_id = Id(null=True)
    store_id = Id(null=True)
    price_list_id = Id(null=True)
    rate_micro = Integer(null=True)
    amount_micro = Integer(null=True)
    currency = Text(null=True)
    minimum_quantity = Integer()
    from_date = Date()
    to_date = Date(null=True)
    active = Flag()
    version = Integer()

    class Meta:
        table_name = "catalog_discount"
        reference = "catalog"
        append_only = True
        mutable = ("name", "to_date", "active", "version")
        constraints = [
            peewee.SQL("UNIQUE (legal_entity_id, code)"),
            OF_ENTITY,
            OF_PRODUCT,
            peewee.SQL("FOREIGN KEY (category_id) REFERENCES catalog_category (id)"),
            peewee.SQL("FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, legal_entity_id)"),
            peewee.SQL("FOREIGN KEY (price_list_id) REFERENCES catalog_price_list (id)"),
            peewee.Check("product_id IS NULL OR category_id IS NULL"),
            peewee.Check("(rate_micro IS NULL) <> (amount_micro IS NULL)"),
            peewee.Check("(amount_micro IS NULL) = (currency IS NULL)"),
            peewee.Check("rate_micro IS NULL OR (rate_micro > 0 AND rate_micro <= 1000000)"),
            peewee.Check("amount_micro IS NULL OR amount_micro > 0"),
            peewee.Check("minimum_quantity >= 0"),
            peewee.Check("to_date IS NULL OR to_date >= from_date"),
            peewee.Check("version > 0"),
        ]


class TaxCodeRow(Table):
    """A rate of tax from a date on, in millionths; never changed: a later entry for the same first date takes its place."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    rate_micro = Integer()
    from_date = Date()
    to_date = Date(null=True)
    entered_at = Integer()

    class Meta:
        table_name = "catalog_tax_code"
        reference = "catalog"
        append_only = True
        constraints = [OF_ENTITY, peewee.Check("rate_micro >= 0"), peewee.Check("to_date IS NULL OR to_date >= from_date")]
        indexes = ((("legal_entity_id", "code"), False),)


class TaxGroupRow(Table):
    """That a tax code belongs to a tax group of a legal entity; inactive where it belonged to it once."""

    legal_entity_id = Id()
    tax_group = Text()
    tax_code = Text()
    active = Flag()

    class Meta:
        table_name = "catalog_tax_group"
        reference = "catalog"
        primary_key = peewee.CompositeKey("legal_entity_id", "tax_group", "tax_code")
        constraints = [OF_ENTITY]


TABLES: tuple[type[Table], ...] = (
    ItemModelGroupRow,
    CategoryRow,
    ProductRow,
    BarcodeRow,
    ReleaseRow,
    PriceListRow,
    PriceRow,
    DiscountRow,
    TaxCodeRow,
    TaxGroupRow,
)
