"""Request and view of availability: many products at many places, and how sure the answer is."""

from __future__ import annotations

from typing import Annotated, Literal

import attrs

from kassa.kernel.schema import Instant, Items, Quantity, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference

Source = Literal["books", "estimate"]


@attrs.frozen(kw_only=True)
class ReadAvailability:
    """Asks how much of products can be promised where; all warehouses of the legal entity where no place is named."""

    product: Annotated[tuple[Text, ...], Items(1, 200)] = attrs.field(metadata=about("Numbers or barcodes of products.", ["85123A"]))
    store: Reference | None = attrs.field(
        default=None, metadata=about("Number or id of a store: its warehouses come first, alone where no others are named.", "S001")
    )
    warehouse: Annotated[tuple[Reference, ...], Items(0, 100)] = attrs.field(
        default=(), metadata=about("Codes or ids of warehouses, in the order of the answer.", ["W01"])
    )


@attrs.frozen(kw_only=True)
class PlaceAvailability:
    """What can be promised at one place: `available` of what is there, `inbound` of what is on its way."""

    warehouse: str
    name: str
    kind: str
    on_hand: Quantity
    available: Quantity
    reserved: Quantity
    blocked: Quantity
    ordered: Quantity
    in_transit: Quantity
    inbound: Quantity


@attrs.frozen(kw_only=True)
class ProductAvailability:
    """A product at every place that was asked for; without places where it is not stocked or not released (`released` false)."""

    product: str
    name: str
    unit: str
    released: bool
    stocked: bool
    places: tuple[PlaceAvailability, ...]


@attrs.frozen(kw_only=True)
class AvailabilityView:
    """What can be promised, and how sure that is: `books` is exact at `as_of`; `estimate` is what was known here last, and why."""

    source: Source
    reason: str | None
    as_of: Instant
    items: tuple[ProductAvailability, ...]
