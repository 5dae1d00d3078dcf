"""The catalogue as frozen values: what sales and stock know of a product and of a rate of tax."""

from __future__ import annotations

from typing import Literal

import attrs

from kassa.kernel.values import Micro

ProductKind = Literal["goods", "service"]
Costing = Literal["moving_average", "standard", "fifo"]
NegativeStock = Literal["refuse", "warn", "allow"]


@attrs.frozen(kw_only=True)
class Product:
    """A product as one legal entity sees it.

    `standard_cost` is in millionths of the entity's currency per unit, 0 where none is known. Where it is not `released`
    to the entity, `tax_group` is None and the cost 0. `tax_group` None means: not taxed. A service is never `stocked`.
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
    negative_stock: NegativeStock | None = None


@attrs.frozen(kw_only=True)
class TaxRate:
    """A tax code and its rate in millionths: 210_000 is 21 %."""

    code: str
    rate: Micro
