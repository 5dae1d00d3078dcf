"""Fields that several requests of stock share."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from kassa.kernel.schema.markers import Scaled
from kassa.kernel.values import MAX_QUANTITY, QUANTITY_PLACES
from kassa.org.editing import about

Pieces: TypeAlias = Annotated[int, Scaled(QUANTITY_PLACES, 1, MAX_QUANTITY)]
"""A quantity without sign, more than 0, with at most 3 digits after the point."""
MovedPieces: TypeAlias = Annotated[int, Scaled(QUANTITY_PLACES, 0, MAX_QUANTITY)]
"""A quantity without sign, also 0."""
STORE = about("Number or id of the store that acts; the caller's where it is left out.", "S001")
WAREHOUSE = about("Code or id of the warehouse; the store's where it is left out.", "W01")
PRODUCT = about("Number or barcode of the product.", "85123A")
NOTE = about("What else is to be said.")
REFERENCE = about("The caller's own key of the document; unique.")
DATE = about("Business date; today in the store's zone where it is left out.")
