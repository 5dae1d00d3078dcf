"""Requests and views of counts."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Date, Identifier, Items, LongText, Quantity, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference
from kassa.stock.messages.fields import DATE, NOTE, PRODUCT, REFERENCE, STORE, WAREHOUSE, MovedPieces

COUNT = about("Number, reference or id.", "CNT-S001-000001")


@attrs.frozen(kw_only=True)
class BeginCount:
    """Begins a count: what the books expect now is kept beside what will be found."""

    warehouse: Reference | None = attrs.field(default=None, metadata=WAREHOUSE)
    store: Reference | None = attrs.field(default=None, metadata=STORE)
    products: Annotated[tuple[Text, ...], Items(1, 5000)] | None = attrs.field(
        default=None, metadata=about("Numbers or barcodes; everything of which something is there where it is left out.", ["85123A"])
    )
    reference: Text | None = attrs.field(default=None, metadata=REFERENCE)
    note: LongText | None = attrs.field(default=None, metadata=NOTE)
    date: Date | None = attrs.field(default=None, metadata=DATE)


@attrs.frozen(kw_only=True)
class Counted:
    """What was found of a product."""

    product: Text = attrs.field(metadata=PRODUCT)
    counted: MovedPieces = attrs.field(metadata=about("How much is there.", "23"))


@attrs.frozen(kw_only=True)
class ReadCount:
    """Names a count."""

    count: Text = attrs.field(metadata=COUNT)


@attrs.frozen(kw_only=True)
class RecordCount(ReadCount):
    """Writes down what was found; a product that is written down again takes the later quantity."""

    lines: Annotated[tuple[Counted, ...], Items(1, 5000)] = attrs.field(metadata=about("Which products, how much."))


@attrs.frozen(kw_only=True)
class PostCount(ReadCount):
    """Posts the differences of a count; products that nobody counted stay as they are."""

    date: Date | None = attrs.field(default=None, metadata=DATE)


@attrs.frozen(kw_only=True)
class ListCounts(PageRequest):
    """Asks for counts, newest first."""

    warehouse: Reference | None = attrs.field(default=None, metadata=about("Only those of one warehouse, by code or id."))


@attrs.frozen(kw_only=True)
class CountLineView:
    """A product of a count; `difference` is null until it was counted."""

    line: int
    product: str
    expected: Quantity
    counted: Quantity | None
    difference: Quantity | None


@attrs.frozen(kw_only=True)
class CountView:
    """A count; `adjustment` is the number of the document that posted its differences, as far as this answer knows it."""

    id: Identifier
    number: str | None
    state: str
    warehouse: str
    note: str | None
    date: Date
    version: int
    lines: tuple[CountLineView, ...]
    adjustment: str | None


@attrs.frozen(kw_only=True)
class CountSummaryView:
    """A count in a list."""

    id: Identifier
    number: str | None
    state: str
    warehouse: str
    date: Date
