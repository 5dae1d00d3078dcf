"""What comes out of a file of invoice lines: frozen values, one for each document or rejected line, in the order of the file.

Quantities are thousandths, unit prices millionths, amounts minor units of the document's currency; signs are those of the
file: sale positive, cancellation negative. Exact amounts are quantity x price without rounding, in units of 10^-9.
"""

from enum import StrEnum
from typing import NamedTuple, TypeAlias

import attrs

from kassa.kernel.values import PRICE_PLACES, QUANTITY_PLACES, Micro, Minor, Thousandths

GOODS = "goods"
"""The kind of every product that no service of the mapping claims: kept in stock."""

EXACT_PLACES = QUANTITY_PLACES + PRICE_PLACES
"""Decimal places of an exact amount: quantity in thousandths x price in millionths."""


class RowClass(StrEnum):
    """What a row of the file is; every row is exactly one of these."""

    SALE = "sale"
    FREE_OF_CHARGE = "free_of_charge"
    STOCK_CORRECTION = "stock_correction"
    CANCELLATION = "cancellation"
    BAD_DEBT = "bad_debt"
    REJECTED = "rejected"


class SalesLineRow(NamedTuple):
    """A row with money in it, or free of charge (price 0); `kind` is `goods` or a service of the mapping."""

    line_number: int
    product_code: str
    description: str
    quantity: Thousandths
    unit_price: Micro
    amount_minor: Minor
    kind: str


class CorrectionRow(NamedTuple):
    """A row that only changes stock: found is positive, lost or damaged negative; the remark is what the source says of it."""

    line_number: int
    product_code: str
    remark: str
    quantity: Thousandths


@attrs.frozen(kw_only=True)
class SourceDocument:
    """What all documents of a file have in common.

    `natural_key` is the same whenever the same document is read again, whatever stood before it in the file; two documents of a
    file never share one. `first_line` and `last_line` are lines of the file, the header being line 1. `occurred_at` is the
    earliest row in microseconds since the epoch, UTC; `local_date` is its date in `zone`.
    """

    natural_key: str
    number: str
    part: int
    first_line: int
    last_line: int
    occurred_at: int
    zone: str
    local_date: str
    country: str | None


@attrs.frozen(kw_only=True)
class SalesDocument(SourceDocument):
    """An invoice to post as a sale; lines with price 0 leave the stock free of charge."""

    customer: str | None
    currency: str
    lines: tuple[SalesLineRow, ...]

    @property
    def total_minor(self) -> Minor:
        """The sum of the line amounts, without tax."""
        return sum([line.amount_minor for line in self.lines])


@attrs.frozen(kw_only=True)
class Cancellation(SourceDocument):
    """A cancelled or returned sale: quantities and amounts negative. It is counted and kept for an import of returned goods."""

    customer: str | None
    currency: str
    lines: tuple[SalesLineRow, ...]


@attrs.frozen(kw_only=True)
class BadDebt(SourceDocument):
    """An adjustment for debts that were not paid: amounts of either sign, no goods. It is counted, never posted as a sale."""

    customer: str | None
    currency: str
    lines: tuple[SalesLineRow, ...]


@attrs.frozen(kw_only=True)
class StockCorrection(SourceDocument):
    """Stock found, counted, damaged or thrown away: quantities without money and without customer."""

    lines: tuple[CorrectionRow, ...]


@attrs.frozen(kw_only=True)
class Rejected:
    """A row that is not imported: why, and its cells as they came; `quantity` and `exact` amount where they can be read.

    `part` is the part of the document that its row belongs to, so that the repaired document gets the key it should have had.
    """

    line: int
    number: str
    part: int
    code: str
    reason: str
    raw: tuple[str, ...]
    quantity: Thousandths | None
    exact: int | None


MoneyDocument: TypeAlias = SalesDocument | Cancellation | BadDebt
ImportedDocument: TypeAlias = MoneyDocument | StockCorrection
ImportedValue: TypeAlias = ImportedDocument | Rejected
