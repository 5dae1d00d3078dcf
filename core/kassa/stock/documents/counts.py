"""Values of counts: what was expected in a warehouse, and what was found."""

from __future__ import annotations

from typing import ClassVar

import attrs

from kassa.kernel.plan import Document
from kassa.kernel.values import Thousandths


@attrs.frozen(kw_only=True)
class CountLine:
    """One product of a count, in thousandths; `counted` is None until somebody counted it."""

    number: int
    product_id: str
    product_number: str
    expected: Thousandths
    counted: Thousandths | None = None


@attrs.frozen(kw_only=True)
class Count(Document):
    """A count of a warehouse: begun with what the books expect, posted as an adjustment of the differences."""

    kind: ClassVar[str] = "stock_count"

    warehouse_id: str
    note: str | None = None
    lines: tuple[CountLine, ...]
