"""What the messages of sales have in common: how a field is described, and the types of their own."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from kassa.kernel.schema import Scaled
from kassa.kernel.schema.markers import MAX_UNIT_PRICE
from kassa.kernel.values import MAX_QUANTITY, MICRO, PRICE_PLACES, QUANTITY_PLACES, RATE_PLACES

PositiveQuantity: TypeAlias = Annotated[int, Scaled(QUANTITY_PLACES, 1, MAX_QUANTITY)]
"""Thousandths of the unit, without sign."""
DiscountRate: TypeAlias = Annotated[int, Scaled(RATE_PLACES, 0, MICRO)]
"""Millionths of one, at most all of it."""
SignedPrice: TypeAlias = Annotated[int, Scaled(PRICE_PLACES, -MAX_UNIT_PRICE, MAX_UNIT_PRICE)]
"""Millionths of the currency's unit for each piece; negative where the customer is credited."""


def about(text: str, *examples: str) -> dict[str, object]:
    """Describe a field."""
    return {"description": text, "examples": list(examples)} if examples else {"description": text}
