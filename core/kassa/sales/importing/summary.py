"""What an import found, by class of row and by reason: sums that can be stored beside the cursor and go on from there."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import attrs

from kassa.kernel.values import Minor, Thousandths
from kassa.sales.importing.documents import (
    EXACT_PLACES,
    GOODS,
    BadDebt,
    Cancellation,
    ImportedValue,
    Rejected,
    RowClass,
    SalesDocument,
    SalesLineRow,
    StockCorrection,
)

_Name = TypeVar("_Name", bound=str)

DIFFERENCES_LISTED_MAX = 1000
_NOT_SALES: dict[type[Cancellation | BadDebt], RowClass] = {Cancellation: RowClass.CANCELLATION, BadDebt: RowClass.BAD_DEBT}


@attrs.frozen(kw_only=True)
class ClassTotals:
    """The sums of one class: `exact` is quantity x price in 10^-9 as the file says, `rounded_minor` the sum of the line amounts."""

    documents: int = 0
    lines: int = 0
    quantity: Thousandths = 0
    exact: int = 0
    rounded_minor: Minor = 0

    def plus(self, other: "ClassTotals") -> "ClassTotals":
        """Both together."""
        return ClassTotals(
            documents=self.documents + other.documents,
            lines=self.lines + other.lines,
            quantity=self.quantity + other.quantity,
            exact=self.exact + other.exact,
            rounded_minor=self.rounded_minor + other.rounded_minor,
        )


@attrs.frozen(kw_only=True)
class RoundingDifference:
    """A line whose exact amount is no whole number of minor units: what the file says, and what is posted."""

    line: int
    number: str
    product_code: str
    exact: int
    amount_minor: Minor


def _empty_totals() -> Mapping[RowClass, ClassTotals]:
    """Nothing of any class."""
    return MappingProxyType({row_class: ClassTotals() for row_class in RowClass})


@attrs.frozen(kw_only=True)
class Summary:
    """The sums of everything read so far.

    A sale counts its free lines under `free_of_charge`, where only documents without any sold line count as documents.
    `services` are the sale lines that are no goods, by kind. Of the rounding differences of posted lines the first thousand are
    listed; `difference_lines` counts all, and `difference_exact` is what posting has more (less: negative) than the file.
    A rejected row counts with the numbers that can be read in it.
    """

    exponent: int
    classes: Mapping[RowClass, ClassTotals] = attrs.field(factory=_empty_totals)
    services: Mapping[str, ClassTotals] = MappingProxyType({})
    reasons: Mapping[str, int] = MappingProxyType({})
    differences: tuple[RoundingDifference, ...] = ()
    difference_lines: int = 0
    difference_exact: int = 0

    @property
    def rows(self) -> int:
        """Every row read, blank lines apart."""
        return sum(totals.lines for totals in self.classes.values())

    @property
    def exact(self) -> int:
        """The exact sum of quantity x price over all rows in 10^-9."""
        return sum(totals.exact for totals in self.classes.values())

    @property
    def posted(self) -> ClassTotals:
        """What is posted as sales: sold and free lines."""
        return self.classes[RowClass.SALE].plus(self.classes[RowClass.FREE_OF_CHARGE])

    def plus(self, values: Iterable[ImportedValue]) -> "Summary":
        """These sums and those of the values of a chunk."""
        tally = _Tally(10 ** (EXACT_PLACES - self.exponent))
        for value in values:
            tally.add(value)
        return attrs.evolve(
            self,
            classes=MappingProxyType(tally.added_to(self.classes, tally.classes)),
            services=MappingProxyType(tally.added_to(self.services, tally.services)),
            reasons=MappingProxyType(dict(Counter(self.reasons) + tally.reasons)),
            differences=(*self.differences, *tally.differences)[:DIFFERENCES_LISTED_MAX],
            difference_lines=self.difference_lines + len(tally.differences),
            difference_exact=self.difference_exact + tally.difference_exact,
        )

    def as_mapping(self) -> dict[str, Any]:
        """The sums as plain values for JSON."""
        return {
            "exponent": self.exponent,
            "classes": {str(row_class): attrs.asdict(totals) for row_class, totals in self.classes.items()},
            "services": {kind: attrs.asdict(totals) for kind, totals in self.services.items()},
            "reasons": dict(self.reasons),
            "differences": [attrs.asdict(one) for one in self.differences],
            "difference_lines": self.difference_lines,
            "difference_exact": self.difference_exact,
        }

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> "Summary":
        """The sums of plain values, as `as_mapping` gave them."""
        return cls(
            exponent=data["exponent"],
            classes=MappingProxyType({RowClass(name): ClassTotals(**totals) for name, totals in data["classes"].items()}),
            services=MappingProxyType({kind: ClassTotals(**totals) for kind, totals in data["services"].items()}),
            reasons=MappingProxyType(dict(data["reasons"])),
            differences=tuple(RoundingDifference(**one) for one in data["differences"]),
            difference_lines=data["difference_lines"],
            difference_exact=data["difference_exact"],
        )


class _Tally:
    """Counts the values of one chunk."""

    def __init__(self, scale: int) -> None:
        """Start at zero; `scale` is one minor unit in 10^-9."""
        self._scale = scale
        self._rejected_document: tuple[str, int] | None = None
        self.classes: dict[RowClass, list[int]] = {}
        self.services: dict[str, list[int]] = {}
        self.reasons: Counter[str] = Counter()
        self.differences: list[RoundingDifference] = []
        self.difference_exact = 0

    def add(self, value: ImportedValue) -> None:
        """Count one value."""
        if isinstance(value, SalesDocument):
            self._add_sale(value)
        elif isinstance(value, Rejected):
            self._add_rejected(value)
        elif isinstance(value, StockCorrection):
            _count(self.classes, RowClass.STOCK_CORRECTION, 1, len(value.lines), sum([line.quantity for line in value.lines]), 0, 0)
        else:
            exact = sum([line.quantity * line.unit_price for line in value.lines])
            rounded = sum([line.amount_minor for line in value.lines])
            quantity = sum([line.quantity for line in value.lines])
            _count(self.classes, _NOT_SALES[type(value)], 1, len(value.lines), quantity, exact, rounded)

    def _add_sale(self, document: SalesDocument) -> None:
        """Count a sale: sold and free lines apart, services by kind, and what rounding changed."""
        sold = sold_quantity = free = free_quantity = exact_sum = rounded_sum = 0
        for line in document.lines:
            _, _, _, quantity, unit_price, amount, kind = line
            if unit_price:
                exact = quantity * unit_price
                sold += 1
                sold_quantity += quantity
                exact_sum += exact
                rounded_sum += amount
                if exact != amount * self._scale:
                    self._add_difference(document, line, exact)
                if kind != GOODS:
                    _count(self.services, kind, 0, 1, quantity, exact, amount)
            else:
                free += 1
                free_quantity += quantity
        if sold:
            _count(self.classes, RowClass.SALE, 1, sold, sold_quantity, exact_sum, rounded_sum)
        if free:
            _count(self.classes, RowClass.FREE_OF_CHARGE, 0 if sold else 1, free, free_quantity, 0, 0)

    def _add_difference(self, document: SalesDocument, line: SalesLineRow, exact: int) -> None:
        """Note a line whose amount was rounded."""
        self.differences.append(
            RoundingDifference(
                line=line.line_number,
                number=document.number,
                product_code=line.product_code,
                exact=exact,
                amount_minor=line.amount_minor,
            )
        )
        self.difference_exact += line.amount_minor * self._scale - exact

    def _add_rejected(self, value: Rejected) -> None:
        """Count a rejected row; the rows of one document follow each other."""
        document = (value.number, value.part)
        is_new = bool(value.number) and document != self._rejected_document
        self._rejected_document = document
        self.reasons[value.code] += 1
        _count(self.classes, RowClass.REJECTED, int(is_new), 1, value.quantity or 0, value.exact or 0, 0)

    @staticmethod
    def added_to(before: Mapping[_Name, ClassTotals], counted: Mapping[_Name, list[int]]) -> dict[_Name, ClassTotals]:
        """Totals by name, with what was counted added."""
        return {name: before.get(name, ClassTotals()).plus(_totals(counted.get(name))) for name in {**before, **counted}}


def _count(sums: dict[_Name, list[int]], name: _Name, *added: int) -> None:
    """Add documents, lines, quantity, exact and rounded amount under a name."""
    known = sums.get(name)
    sums[name] = list(added) if known is None else [one + other for one, other in zip(known, added, strict=True)]


def _totals(counted: list[int] | None) -> ClassTotals:
    """What was counted as totals."""
    documents, lines, quantity, exact, rounded = counted or (0, 0, 0, 0, 0)
    return ClassTotals(documents=documents, lines=lines, quantity=quantity, exact=exact, rounded_minor=rounded)
