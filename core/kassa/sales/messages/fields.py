"""What the messages of sales have in common: how a field is described, and the types of their own."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from kassa.kernel.schema import Scaled
from kassa.kernel.values import MAX_QUANTITY, QUANTITY_PLACES

PositiveQuantity: TypeAlias = Annotated[int, Scaled(QUANTITY_PLACES, 1, MAX_QUANTITY)]
"""Thousandths of the unit, without sign."""


def about(text: str, *examples: str) -> dict[str, object]:
    """Describe a field."""
    return {"description": text, "examples": list(examples)} if examples else {"description": text}
