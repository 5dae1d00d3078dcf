"""Requests and views of products, their barcodes and releases, and of the search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

import attrs

from kassa.catalog.barcodes import BarcodeKind
from kassa.catalog.documents import Dimension, ProductKind
from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Date, Identifier, Items, JsonObject, Length, Pattern, Range, Text, UnitPrice
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import Number, PlainCode, Reference

Unit: TypeAlias = Annotated[str, Length(1, 20)]
Keywords: TypeAlias = Annotated[str, Length(0, 500)]
Barcode: TypeAlias = Annotated[str, Length(1, 60), Pattern(r"[!-~]+", "printable ASCII characters without blanks")]
SearchScopeName: TypeAlias = Annotated[str, Length(1, 100)]
Decorations: TypeAlias = Annotated[Mapping[str, JsonObject], Items(0, 50)]
LOADED_AT_MOST = 5000


@attrs.frozen(kw_only=True)
class BarcodeEntry:
    """A code that scanners read."""

    barcode: Barcode = attrs.field(metadata=about("The code as it is printed.", "4006381333931"))
    kind: BarcodeKind | None = attrs.field(
        default=None,
        metadata=about("Left out: 8, 12, 13 or 14 digits must be a GTIN with the right check digit, anything else is internal."),
    )


@attrs.frozen(kw_only=True)
class ReleaseTerms:
    """What a legal entity says of a product that it sells."""

    tax_group: PlainCode | None = attrs.field(default=None, metadata=about("How it is taxed; none: it is not taxed.", "STANDARD"))
    standard_cost: UnitPrice = attrs.field(
        default=0, metadata=about("Cost of one unit in the entity's currency; 0 where none is known.", "4.20")
    )
    blocked: bool = attrs.field(default=False, metadata=about("A blocked product is neither found nor sold."))


@attrs.frozen(kw_only=True)
class CreateProduct:
    """Something that can be sold; the same in all legal entities."""

    number: Number = attrs.field(metadata=about("Unique, case sensitive, never changed.", "85123A"))
    name: Text = attrs.field(metadata=about("What the customer reads.", "White hanging heart T-light holder"))
    kind: ProductKind = attrs.field(default="goods", metadata=about("Goods have stock and cost, services have neither."))
    unit: Unit = attrs.field(default="pcs", metadata=about("In what it is counted, weighed or measured.", "pcs"))
    item_model_group: PlainCode | None = attrs.field(
        default=None, metadata=about("How its stock is kept and costed; goods need one.", "AVERAGE")
    )
    category: Reference | None = attrs.field(default=None, metadata=about("Code or id of its category."))
    keywords: Keywords = attrs.field(default="", metadata=about("Further words that find it."))
    dimensions: Annotated[tuple[Dimension, ...], Items(0, 4)] = attrs.field(
        default=(), metadata=about("Makes it a master: in what its variants differ. A master is not sold, its variants are.", ["size"])
    )
    barcodes: Annotated[tuple[BarcodeEntry, ...], Items(0, 50)] = ()
    release: ReleaseTerms | None = attrs.field(default=None, metadata=about("Releases it to the legal entity of the request at once."))


@attrs.frozen(kw_only=True)
class ReadProduct:
    """Names a product."""

    product: Reference = attrs.field(metadata=about("Number, barcode or id.", "85123A"))


@attrs.frozen(kw_only=True)
class ChangeProduct(ReadProduct):
    """What shall be different at a product; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("What the customer reads."))
    unit: Unit = attrs.field(factory=left_out, metadata=about("In what it is counted, weighed or measured."))
    item_model_group: PlainCode = attrs.field(factory=left_out, metadata=about("How its stock is kept and costed."))
    category: Reference | None = attrs.field(factory=left_out, metadata=about("Code or id of its category."))
    keywords: Keywords = attrs.field(factory=left_out, metadata=about("Further words that find it."))


@attrs.frozen(kw_only=True)
class ReleaseProduct(ReleaseTerms):
    """Makes a product available to the legal entity of the request."""

    product: Reference = attrs.field(metadata=about("Number, barcode or id.", "85123A"))


@attrs.frozen(kw_only=True)
class ChangeRelease(ReadProduct):
    """What the legal entity of the request shall say of a product from now on; what is left out stays."""

    tax_group: PlainCode | None = attrs.field(factory=left_out, metadata=about("How it is taxed; null: it is not taxed."))
    standard_cost: UnitPrice = attrs.field(factory=left_out, metadata=about("Cost of one unit in the entity's currency."))
    blocked: bool = attrs.field(factory=left_out, metadata=about("A blocked product is neither found nor sold."))


@attrs.frozen(kw_only=True)
class ReadRelease(ReadProduct):
    """Names a product whose release to the legal entity of the request shall be shown."""


@attrs.frozen(kw_only=True)
class AddBarcode(BarcodeEntry):
    """A further barcode of a product."""

    product: Reference = attrs.field(metadata=about("Number, barcode or id.", "85123A"))


@attrs.frozen(kw_only=True)
class RemoveBarcode(ReadProduct):
    """Names a barcode that shall not find the product any more."""

    barcode: Barcode = attrs.field(metadata=about("The code as it is printed.", "4006381333931"))


@attrs.frozen(kw_only=True)
class ReleaseView:
    """A product as a legal entity sells it."""

    product_id: Identifier
    legal_entity_id: Identifier
    tax_group: str | None
    standard_cost: UnitPrice
    blocked: bool
    version: int


@attrs.frozen(kw_only=True)
class BarcodeView:
    """A barcode of a product."""

    barcode: str
    kind: BarcodeKind


@attrs.frozen(kw_only=True)
class VariantValues:
    """The values in which a variant differs from others of its master; null for dimensions that its master does not have."""

    size: str | None
    colour: str | None
    style: str | None
    configuration: str | None


@attrs.frozen(kw_only=True)
class ProductView:
    """A product; `release` is what the legal entity of the request says of it, null where it does not sell it.

    A master has `dimensions`, a variant has `master_id` and `variant`. Where a variant has no release of its own, `release` is
    that of its master, as its `product_id` tells.
    """

    id: Identifier
    number: str
    name: str
    kind: ProductKind
    unit: str
    item_model_group: str | None
    category_id: Identifier | None
    keywords: str
    dimensions: tuple[Dimension, ...]
    master_id: Identifier | None
    variant: VariantValues | None
    barcodes: tuple[BarcodeView, ...]
    release: ReleaseView | None
    version: int


@attrs.frozen(kw_only=True)
class ListedProductView:
    """A product in a list."""

    id: Identifier
    number: str
    name: str
    kind: ProductKind
    unit: str
    item_model_group: str | None
    category_id: Identifier | None
    master_id: Identifier | None
    version: int


@attrs.frozen(kw_only=True)
class ListProducts(PageRequest):
    """Asks for products."""

    category: Reference | None = attrs.field(default=None, metadata=about("Code or id: only those of this category and those below it."))
    kind: ProductKind | None = attrs.field(default=None, metadata=about("Only goods, or services."))
    released: bool | None = attrs.field(default=None, metadata=about("Only those released to the legal entity, or those that are not."))


@attrs.frozen(kw_only=True)
class LoadedProduct:
    """A product to create or, where its number is known, to bring up to date; what is left out stays or gets its default."""

    number: Number = attrs.field(metadata=about("Case sensitive.", "85123A"))
    name: Text | None = attrs.field(default=None, metadata=about("Needed for a new product.", "White hanging heart T-light holder"))
    kind: ProductKind | None = attrs.field(default=None, metadata=about("Goods where left out; never changed."))
    unit: Unit | None = attrs.field(default=None, metadata=about("`pcs` where left out."))
    item_model_group: PlainCode | None = attrs.field(default=None, metadata=about("That of the request where left out."))
    category: PlainCode | None = attrs.field(default=None, metadata=about("Code of its category."))
    keywords: Keywords | None = None
    barcode: Barcode | None = attrs.field(default=None, metadata=about("A barcode to add.", "4006381333931"))
    tax_group: PlainCode | None = attrs.field(default=None, metadata=about("That of the request where left out."))
    standard_cost: UnitPrice | None = attrs.field(default=None, metadata=about("Cost of one unit.", "1.20"))
    price: UnitPrice | None = attrs.field(default=None, metadata=about("Price of one unit in the price list of the request.", "2.55"))


@attrs.frozen(kw_only=True)
class LoadProducts:
    """Creates or brings up to date many products at once, released to the legal entity of the request, with prices."""

    products: Annotated[tuple[LoadedProduct, ...], Items(1, LOADED_AT_MOST)]
    price_list: Reference | None = attrs.field(default=None, metadata=about("Code or id of the price list; needed where prices are given."))
    from_date: Date | None = attrs.field(default=None, metadata=about("The first day of the prices; today where left out."))
    item_model_group: PlainCode | None = attrs.field(default=None, metadata=about("For new goods that name none."))
    tax_group: PlainCode | None = attrs.field(default=None, metadata=about("For products released by this request that name none."))


@attrs.frozen(kw_only=True)
class LoadedProductsView:
    """What a load did, in numbers; what was as it should be already is in none of them."""

    created: int
    changed: int
    released: int
    barcodes: int
    prices: int


@attrs.frozen(kw_only=True)
class SearchProducts:
    """A text as a worker or customer types it; the last word may be the beginning of one."""

    text: Annotated[str, Length(1, 200)] = attrs.field(metadata=about("Words, a number or a barcode.", "white heart"))
    store: Reference | None = attrs.field(
        default=None, metadata=about("Number or id: shows its prices, and is the store of the scope; the token's where it is left out.", "S001")
    )
    scope: SearchScopeName | None = attrs.field(
        default=None, metadata=about("One of GET /products/search-scopes; that of the setting catalog.search_scope where left out.", "released")
    )
    limit: Annotated[int, Range(1, 100)] = attrs.field(default=20, metadata=about("How many at most."))


@attrs.frozen(kw_only=True)
class FoundProductView:
    """A product that was found; `price` is today's in the store, null without store or price.

    `decorations` is what plugins say of it, by the name of the decorator; a decorator that has nothing to say of it is left out.
    """

    id: Identifier
    number: str
    name: str
    kind: ProductKind
    unit: str
    master_id: Identifier | None
    price: UnitPrice | None
    currency: str | None
    decorations: Decorations


@attrs.frozen(kw_only=True)
class SearchResultView:
    """The best products for a text; one whose number or barcode was typed exactly stands first."""

    items: tuple[FoundProductView, ...]


@attrs.frozen(kw_only=True)
class RebuildSearchIndex:
    """Asks that the text index be made again from the products."""


@attrs.frozen(kw_only=True)
class SearchIndexView:
    """The text index, in numbers."""

    products: int


@attrs.frozen(kw_only=True)
class ListSearchScopes(PageRequest):
    """Asks where products can be searched."""


@attrs.frozen(kw_only=True)
class SearchScopeView:
    """Where products can be searched: a scope that a room or an enabled plugin contributes."""

    name: str
    summary: str
    needs_store: bool
