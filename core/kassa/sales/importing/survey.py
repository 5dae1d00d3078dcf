"""What a file names before any of it is posted: products with names, prices and the stock they need, customers, days, countries."""

from collections import Counter
from collections.abc import Iterable

import attrs

from kassa.kernel.values import Micro, Minor, Thousandths
from kassa.sales.importing.documents import (
    GOODS,
    ImportedValue,
    SalesDocument,
    StockCorrection,
)


@attrs.frozen(kw_only=True)
class ProductFound:
    """A product that sales or stock corrections name.

    `name` and `unit_price` are those that most sold lines have (the first met among equals); a product that was never sold is
    named by its code and has no price. `opening_quantity` is the least stock to begin with so that none of its lines, in the
    order of the file, takes more than there is; 0 for services.
    """

    code: str
    kind: str
    name: str
    unit_price: Micro | None
    opening_quantity: Thousandths


@attrs.frozen(kw_only=True)
class DayTotal:
    """The sales of one day and country: documents, lines and the sum of the line amounts."""

    local_date: str
    country: str | None
    documents: int
    lines: int
    amount_minor: Minor


class _ProductSeen:
    """What the lines of one product say so far."""

    __slots__ = ("balance", "kind", "lowest", "names", "prices")

    def __init__(self, kind: str) -> None:
        """Nothing said yet."""
        self.kind = kind
        self.names: Counter[str] = Counter()
        self.prices: Counter[Micro] = Counter()
        self.balance = 0
        self.lowest = 0

    def move(self, quantity: Thousandths) -> None:
        """Add to the stock, or take from it."""
        self.balance += quantity
        if self.balance < self.lowest:
            self.lowest = self.balance


class Survey:
    """Takes up values chunk by chunk; grows with products, customers and days, not with documents."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        self._products: dict[str, _ProductSeen] = {}
        self._customers: dict[str, str | None] = {}
        self._days: dict[tuple[str, str | None], list[int]] = {}

    def add(self, values: Iterable[ImportedValue]) -> None:
        """Take up the values of a chunk; only what is posted counts."""
        for value in values:
            if isinstance(value, SalesDocument):
                self._add_sale(value)
            elif isinstance(value, StockCorrection):
                for line in value.lines:
                    self._product(line.product_code, GOODS).move(line.quantity)

    def _add_sale(self, document: SalesDocument) -> None:
        """Take up one sale."""
        for line in document.lines:
            product = self._product(line.product_code, line.kind)
            if line.unit_price:
                if line.description:
                    product.names[line.description] += 1
                product.prices[line.unit_price] += 1
            product.move(-line.quantity)
        if document.customer is not None:
            self._customers.setdefault(document.customer, document.country)
        sums = self._days.setdefault((document.local_date, document.country), [0, 0, 0])
        sums[0] += 1
        sums[1] += len(document.lines)
        sums[2] += document.total_minor

    def _product(self, code: str, kind: str) -> _ProductSeen:
        """What is known of a product."""
        product = self._products.get(code)
        if product is None:
            product = self._products[code] = _ProductSeen(kind)
        return product

    def products(self) -> tuple[ProductFound, ...]:
        """All products, in the order in which they were first named."""
        return tuple(
            ProductFound(
                code=code,
                kind=seen.kind,
                name=seen.names.most_common(1)[0][0] if seen.names else code,
                unit_price=seen.prices.most_common(1)[0][0] if seen.prices else None,
                opening_quantity=-seen.lowest if seen.kind == GOODS else 0,
            )
            for code, seen in self._products.items()
        )

    def customers(self) -> dict[str, str | None]:
        """The customers of sales, each with the country of its first document: some buy in two."""
        return dict(self._customers)

    def days(self) -> tuple[DayTotal, ...]:
        """The sales by day and country, to compare with what was posted."""
        return tuple(
            DayTotal(local_date=local_date, country=country, documents=sums[0], lines=sums[1], amount_minor=sums[2])
            for (local_date, country), sums in self._days.items()
        )
