"""What a row is, by its document number, quantity and price; and what a document is, by its rows.

| number     | quantity | price | class                                                                       |
|------------|----------|-------|-----------------------------------------------------------------------------|
| plain      | +        | +     | sale                                                                        |
| plain      | +        | 0     | free of charge; a stock correction if it stands alone and names no customer |
| plain      | -        | 0     | stock correction, without customer                                          |
| plain      | -        | +     | rejected                                                                    |
| C (cancel) | -        | 0, +  | cancellation                                                                |
| A (adjust) | not 0    | any   | bad debt                                                                    |

The letters are prefixes of the mapping. Quantity 0, and a negative price outside of adjustments, are rejected everywhere.
"""

from collections.abc import Sequence
from enum import StrEnum

from kassa.kernel.values import Micro, Thousandths
from kassa.sales.importing.documents import GOODS, RowClass, SalesLineRow
from kassa.sales.importing.mapping import CORRECTION, FREE, DocumentRules, PriceZeroRules
from kassa.sales.importing.reasons import CellRefused, Fault


class NumberFamily(StrEnum):
    """What the prefix of a document number says of all its rows."""

    PLAIN = "plain"
    CANCELLATION = "cancellation"
    ADJUSTMENT = "adjustment"


def family_of(number: str, rules: DocumentRules) -> NumberFamily:
    """The family of a document number; the longer of two prefixes that fit wins."""
    found = [
        (len(prefix), family)
        for prefix, family in (
            (rules.cancellation_prefix, NumberFamily.CANCELLATION),
            (rules.adjustment_prefix, NumberFamily.ADJUSTMENT),
        )
        if prefix and number.startswith(prefix)
    ]
    return max(found)[1] if found else NumberFamily.PLAIN


def classify_row(family: NumberFamily, quantity: Thousandths, unit_price: Micro) -> RowClass:
    """The class of a row by the table above, before its document is looked at; `CellRefused` if it is none."""
    if quantity == 0:
        raise CellRefused("IMPORT_QUANTITY_ZERO", "expected a quantity other than 0, got 0")
    if family is NumberFamily.ADJUSTMENT:
        return RowClass.BAD_DEBT
    if unit_price < 0:
        raise CellRefused("IMPORT_PRICE_NEGATIVE", "expected a price of 0 or more, got a negative one")
    if family is NumberFamily.CANCELLATION:
        if quantity > 0:
            raise CellRefused("IMPORT_CANCELLATION_POSITIVE", "expected a negative quantity in a cancellation, got a positive one")
        return RowClass.CANCELLATION
    if quantity > 0:
        return RowClass.SALE if unit_price else RowClass.FREE_OF_CHARGE
    if unit_price:
        raise CellRefused("IMPORT_QUANTITY_NEGATIVE", "expected a positive quantity in a sale, got a negative one")
    return RowClass.STOCK_CORRECTION


def classify_document(
    lines: Sequence[SalesLineRow], classes: Sequence[RowClass], customer: str | None, rules: PriceZeroRules
) -> RowClass | dict[int, Fault]:
    """What the rows of one plain document are together, or the faults by line number of those that do not fit.

    A document with any sold line is a sale, one of free lines alone is free of charge: both are posted as sales. A single row
    with price 0 and no customer is stock that was found, unless the mapping says otherwise.
    """
    faults: dict[int, Fault] = {}
    is_correction = RowClass.STOCK_CORRECTION in classes
    free = RowClass.FREE_OF_CHARGE in classes
    if is_correction and RowClass.SALE in classes:
        fault = Fault("IMPORT_DOCUMENT_MIXED", "expected a sale or a stock correction, got both in one document")
        return _of_class(lines, classes, RowClass.STOCK_CORRECTION, fault)
    if is_correction and customer is not None:
        fault = Fault("IMPORT_CORRECTION_WITH_CUSTOMER", f'expected no customer for a stock correction, got "{customer}"')
        return _of_class(lines, classes, RowClass.STOCK_CORRECTION, fault)
    if free and not is_correction:
        policy = rules.with_customer if customer is not None else rules.beside_other_lines if len(lines) > 1 else rules.alone
        is_correction = policy == CORRECTION
        if policy not in (FREE, CORRECTION):
            fault = Fault("IMPORT_PRICE_ZERO", "expected a price, got 0")
            return _of_class(lines, classes, RowClass.FREE_OF_CHARGE, fault)
    if is_correction:
        for line in lines:
            if line.kind != GOODS:
                said = f'expected goods in a stock correction, got "{line.product_code}", which the mapping calls {line.kind}'
                faults[line.line_number] = Fault("IMPORT_CORRECTION_NOT_STOCKED", said)
        return faults or RowClass.STOCK_CORRECTION
    return RowClass.SALE if RowClass.SALE in classes else RowClass.FREE_OF_CHARGE


def _of_class(lines: Sequence[SalesLineRow], classes: Sequence[RowClass], concerned: RowClass, fault: Fault) -> dict[int, Fault]:
    """The same fault for each row of one class, by line number."""
    return {line.line_number: fault for line, found in zip(lines, classes, strict=True) if found is concerned}
