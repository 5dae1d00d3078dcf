"""A run of rows as one document, or as rejected lines: all rows of a run or none."""

from typing import NamedTuple

from kassa.kernel.values import MAX_MINOR, Micro, Minor, Thousandths, line_amount
from kassa.sales.importing.cells import Cache, CellParser, Instant, clean_text, shown
from kassa.sales.importing.classify import NumberFamily, classify_document, classify_row, family_of
from kassa.sales.importing.documents import (
    EXACT_PLACES,
    BadDebt,
    Cancellation,
    CorrectionRow,
    ImportedDocument,
    ImportedValue,
    MoneyDocument,
    Rejected,
    RowClass,
    SalesDocument,
    SalesLineRow,
    StockCorrection,
)
from kassa.sales.importing.grouping import Run
from kassa.sales.importing.mapping import REJECT, SalesMapping
from kassa.sales.importing.reader import Row
from kassa.sales.importing.reasons import CellRefused, Fault

_MONEY_DOCUMENTS: dict[RowClass, type[MoneyDocument]] = {
    RowClass.SALE: SalesDocument,
    RowClass.FREE_OF_CHARGE: SalesDocument,
    RowClass.CANCELLATION: Cancellation,
    RowClass.BAD_DEBT: BadDebt,
}


class ColumnIndexes(NamedTuple):
    """The positions of the columns in the rows of one file; -1 for an optional column that the mapping does not name."""

    product_code: int
    description: int
    quantity: int
    unit_price: int
    occurred_at: int
    customer: int
    country: int


class Figures(NamedTuple):
    """The numbers of a row, its amount and the class that they give it."""

    quantity: Thousandths
    unit_price: Micro
    amount_minor: Minor
    row_class: RowClass


class DocumentHead(NamedTuple):
    """What all rows of a document share."""

    instant: Instant
    customer: str | None
    country: str | None


class Assembler:
    """Makes documents of runs for one file with one mapping."""

    def __init__(self, mapping: SalesMapping, indexes: ColumnIndexes, cells: CellParser) -> None:
        """Prepare the caches; quantity and price come in pairs that repeat, so a pair is parsed and classified once."""
        self._mapping = mapping
        self._at = indexes
        self._cells = cells
        self._scale = 10**EXACT_PLACES // 10**mapping.exponent
        self._figures: dict[NumberFamily, Cache[tuple[str, str], Figures]] = {
            family: self._figures_cache(family) for family in NumberFamily
        }

    def _figures_cache(self, family: NumberFamily) -> Cache[tuple[str, str], Figures]:
        """The cache of pairs for documents of one family."""
        return Cache(lambda pair: self._read_figures(family, pair[0], pair[1]))

    def _read_figures(self, family: NumberFamily, quantity_cell: str, price_cell: str) -> Figures:
        """Parse and classify one pair; the amount is rounded half-up to the minor unit, once, here."""
        quantity, unit_price = self._cells.quantity(quantity_cell), self._cells.unit_price(price_cell)
        row_class = classify_row(family, quantity, unit_price)
        amount = line_amount(quantity, unit_price, self._mapping.exponent)
        if not -MAX_MINOR <= amount <= MAX_MINOR:
            raise CellRefused("IMPORT_AMOUNT_TOO_LARGE", f"expected an amount that can be kept, got {quantity_cell} x {price_cell}")
        if self._mapping.rounding == REJECT and amount * self._scale != quantity * unit_price:
            said = f"expected an amount in whole minor units of {self._mapping.currency}, got {quantity_cell} x {price_cell}"
            raise CellRefused("IMPORT_AMOUNT_FRACTION", said)
        return Figures(quantity, unit_price, amount, row_class)

    def assemble(self, run: Run) -> tuple[ImportedValue, ...]:
        """The values of a run, in line order: one document, or a rejected line for each row."""
        family = family_of(run.number, self._mapping.documents)
        lines, classes, faults = self._lines(run, family)
        if (fault := _fault_of_all(run)) is not None:
            faults = {row[0]: fault for row in run.rows} | faults
        head = None if faults else self._head(run.rows, faults)
        if head is None or faults:
            return self._rejected(run, faults)
        row_class = classes[0]
        if family is NumberFamily.PLAIN:
            found = classify_document(lines, classes, head.customer, self._mapping.price_zero)
            if isinstance(found, dict):
                return self._rejected(run, found)
            row_class = found
        return (self._document(run, row_class, head, lines),)

    def _lines(self, run: Run, family: NumberFamily) -> tuple[list[SalesLineRow], list[RowClass], dict[int, Fault]]:
        """The rows that can be read with their classes, and the faults of the others by line number."""
        lines: list[SalesLineRow] = []
        classes: list[RowClass] = []
        faults: dict[int, Fault] = {}
        figures_of, products, texts = self._figures[family], self._cells.products, self._cells.texts
        product_at, description_at, quantity_at, price_at = self._at[:4]
        for line, cells, fault in run.rows:
            if fault is not None:
                faults[line] = fault
                continue
            try:
                code, kind = products[cells[product_at]]
                quantity, unit_price, amount, row_class = figures_of[cells[quantity_at], cells[price_at]]
                description = texts[cells[description_at]] if description_at >= 0 else ""
            except CellRefused as refused:
                faults[line] = refused.fault
                continue
            lines.append(SalesLineRow(line, code, description, quantity, unit_price, amount, kind))
            classes.append(row_class)
        return lines, classes, faults

    def _head(self, rows: list[Row], faults: dict[int, Fault]) -> DocumentHead | None:
        """What the rows share; `None` after noting faults where a cell cannot be read or rows contradict each other."""
        instants: dict[str, Instant] = {}
        customers: dict[str, str | None] = {}
        countries: dict[str, str | None] = {}
        at, cells_of = self._at, self._cells
        for line, cells, _ in rows:
            try:
                if cells[at.occurred_at] not in instants:
                    instants[cells[at.occurred_at]] = cells_of.instants[cells[at.occurred_at]]
                if at.customer >= 0 and cells[at.customer] not in customers:
                    customers[cells[at.customer]] = _joined(customers, cells_of.customer(cells[at.customer]), "CUSTOMER")
                if at.country >= 0 and cells[at.country] not in countries:
                    countries[cells[at.country]] = _joined(countries, cells_of.country(cells[at.country]), "COUNTRY")
            except CellRefused as refused:
                faults[line] = refused.fault
        if faults:
            return None
        return DocumentHead(min(instants.values()), _only(customers), _only(countries))

    def _document(self, run: Run, row_class: RowClass, head: DocumentHead, lines: list[SalesLineRow]) -> ImportedDocument:
        """The document of a run without faults."""
        columns = self._mapping.columns
        key = natural_key(self._mapping.source, run.number, run.part)
        first_line, last_line = run.rows[0][0], run.rows[-1][0]
        if row_class is RowClass.STOCK_CORRECTION:
            return StockCorrection(
                natural_key=key,
                number=run.number,
                part=run.part,
                first_line=first_line,
                last_line=last_line,
                occurred_at=head.instant.occurred_at,
                zone=columns.zone,
                local_date=head.instant.local_date,
                country=head.country,
                lines=tuple([CorrectionRow(line.line_number, line.product_code, line.description, line.quantity) for line in lines]),
            )
        return _MONEY_DOCUMENTS[row_class](
            natural_key=key,
            number=run.number,
            part=run.part,
            first_line=first_line,
            last_line=last_line,
            occurred_at=head.instant.occurred_at,
            zone=columns.zone,
            local_date=head.instant.local_date,
            country=head.country,
            customer=head.customer,
            currency=self._mapping.currency,
            lines=tuple(lines),
        )

    def _rejected(self, run: Run, faults: dict[int, Fault]) -> tuple[Rejected, ...]:
        """Every row of a run as rejected: with its own fault, or because of the others."""
        because = ", ".join(f"line {line}: {fault.code}" for line, fault in list(faults.items())[:3])
        incomplete = Fault("IMPORT_DOCUMENT_INCOMPLETE", f'document "{shown(run.number)}" is rejected as a whole because of {because}')
        rejected: list[Rejected] = []
        for line, cells, _ in run.rows:
            code, reason = faults.get(line, incomplete)
            quantity, exact = self._readable(cells)
            rejected.append(
                Rejected(
                    line=line,
                    number=run.number,
                    part=run.part,
                    code=code,
                    reason=reason,
                    raw=tuple(cells),
                    quantity=quantity,
                    exact=exact,
                )
            )
        return tuple(rejected)

    def _readable(self, cells: list[str]) -> tuple[Thousandths | None, int | None]:
        """Quantity and exact amount in 10^-9 of a rejected row, as far as they can be read."""
        quantity: Thousandths | None = None
        try:
            quantity = self._cells.quantity(cells[self._at.quantity])
            return quantity, quantity * self._cells.unit_price(cells[self._at.unit_price])
        except (CellRefused, IndexError):
            return quantity, None


def _fault_of_all(run: Run) -> Fault | None:
    """What keeps every row of a run from being imported, whatever stands in its other cells."""
    try:
        if clean_text(run.number) == run.number:
            divided = Fault("IMPORT_DOCUMENT_DIVIDED", "expected the rows of a document together, got some of them elsewhere before")
            return divided if run.divided else None
    except CellRefused as refused:
        return refused.fault
    return Fault("IMPORT_TEXT_UNREADABLE", f"expected a document number without line breaks and tabs, got {run.number!r}")


def natural_key(source: str, number: str, part: int) -> str:
    """The key of a document among all that were ever imported: source, number, and the part where it is not the first.

    The number is escaped, so that no number can look like another number with a part.
    """
    escaped = number.replace("%", "%25").replace(":", "%3A")
    return f"{source}:{escaped}" if part == 1 else f"{source}:{escaped}:{part}"


def _joined(known: dict[str, str | None], found: str | None, what: str) -> str | None:
    """A customer or country that fits those already known; an empty one fits all. `CellRefused` for a second one."""
    before = _only(known)
    if found is not None and before is not None and found != before:
        raise CellRefused(f"IMPORT_{what}_DIFFERS", f'expected one {what.lower()} in a document, got "{found}" after "{before}"')
    return found


def _only(known: dict[str, str | None]) -> str | None:
    """The one that is not empty, `None` if all are."""
    return next((one for one in known.values() if one is not None), None)
