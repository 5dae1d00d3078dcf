"""The catalogue as frozen values: what sales and stock know of a product and of a rate of tax."""

from __future__ import annotations

from typing import Literal

import attrs

from kassa.kernel.values import Micro, Thousandths
from kassa.org.documents import Store

ProductKind = Literal["goods", "service"]
Dimension = Literal["size", "colour", "style", "configuration"]
DIMENSIONS: tuple[Dimension, ...] = ("size", "colour", "style", "configuration")
TaxRounding = Literal["line", "document"]
Costing = Literal["moving_average", "standard", "fifo"]
NegativeStock = Literal["refuse", "warn", "allow"]


@attrs.frozen(kw_only=True)
class Product:
    """A product as one legal entity sees it.

    `standard_cost` is in millionths of the entity's currency per unit, 0 where none is known. Where it is not `released`
    to the entity, `tax_group` is None and the cost 0. `tax_group` None means: not taxed. A service is never `stocked`.

    A variant has what it does not say itself from its master (`master_id`): category, release, price. A master is never
    `released`, for its variants are sold and not it. `quarantine_management`: what is received goes through quarantine.
    `negative_stock` None leaves it to the store what happens when more is sold than there is.
    """

    id: str
    number: str
    name: str
    kind: ProductKind
    unit: str
    stocked: bool
    costing: Costing
    post_physical: bool
    tax_group: str | None
    standard_cost: Micro
    released: bool
    blocked: bool
    category_id: str | None
    master_id: str | None = None
    is_master: bool = False
    quarantine_management: bool = False
    negative_stock: NegativeStock | None = None


@attrs.frozen(kw_only=True)
class TaxRate:
    """A tax code and its rate in millionths: 210_000 is 21 %."""

    code: str
    rate: Micro


@attrs.frozen(kw_only=True)
class Discount:
    """A discount that can be given on a product: a rate of the price, or an amount off each unit, both in millionths.

    It is given from `minimum` thousandths on, of one line.
    """

    id: str
    code: str
    name: str
    rate: Micro | None
    amount: Micro | None
    minimum: Thousandths


@attrs.frozen(kw_only=True)
class OfferedDiscount:
    """A discount with where and when it is given: `path` is that of its category, `currency` that of its amount."""

    discount: Discount
    product_id: str | None
    path: str | None
    store_id: str | None
    price_list_id: str | None
    currency: str | None
    from_date: str
    to_date: str | None

    def counts(self, store: Store, date: str) -> bool:
        """Whether it is given in a store on a date."""
        dated = self.from_date <= date and (self.to_date is None or date <= self.to_date)
        return dated and self.store_id in (None, store.id) and self.currency in (None, store.currency)

    def fits(self, product: Product, path: str, price_list_id: str | None) -> bool:
        """Whether it is given on a product whose category has this path and whose price is from this list."""
        if self.product_id is not None and self.product_id not in (product.id, product.master_id):
            return False
        return (self.path is None or path.startswith(self.path)) and self.price_list_id in (None, price_list_id)
