"""The sums of an import by class and reason, and what a survey finds before it."""

import json

from kassa.sales.importing.documents import (
    BadDebt,
    Cancellation,
    CorrectionRow,
    Rejected,
    RowClass,
    SalesDocument,
    SalesLineRow,
    StockCorrection,
)
from kassa.sales.importing.summary import DIFFERENCES_LISTED_MAX, ClassTotals, RoundingDifference, Summary
from kassa.sales.importing.survey import DayTotal, ProductFound, Survey

COMMON = {"part": 1, "first_line": 2, "last_line": 9, "occurred_at": 0, "zone": "UTC"}


def line(number: int, *, code="P", text="Pan", quantity=1000, price=2_000_000, amount=200, kind="goods") -> SalesLineRow:
    """A sold line."""
    return SalesLineRow(number, code, text, quantity, price, amount, kind)


def sale(number: str, *lines: SalesLineRow, day="2011-01-01", country="GB", customer=None) -> SalesDocument:
    """A sale."""
    return SalesDocument(
        natural_key=f"s:{number}", number=number, local_date=day, country=country, customer=customer, currency="GBP", lines=lines, **COMMON
    )


def correction(number: str, *lines: CorrectionRow) -> StockCorrection:
    """A stock correction."""
    return StockCorrection(natural_key=f"s:{number}", number=number, local_date="2011-01-01", country=None, lines=lines, **COMMON)


def other(kind, number: str, *lines: SalesLineRow):
    """A cancellation or a bad debt."""
    return kind(
        natural_key=f"s:{number}",
        number=number,
        local_date="2011-01-01",
        country=None,
        customer=None,
        currency="GBP",
        lines=lines,
        **COMMON,
    )


def rejected(row: int, number: str, code: str, *, part=1, quantity=None, exact=None) -> Rejected:
    """A rejected row."""
    return Rejected(line=row, number=number, part=part, code=code, reason="", raw=(), quantity=quantity, exact=exact)


VALUES = (
    sale("1", line(2), line(3, price=0, amount=0), line(4, code="POST", kind="postage", price=15_000_000, amount=1500)),
    sale("2", line(5, price=0, amount=0, quantity=3000)),
    correction("3", CorrectionRow(6, "P", "found", 5000)),
    other(Cancellation, "C4", line(7, quantity=-1000, amount=-200)),
    other(BadDebt, "A5", line(8, price=-7_000_000, amount=-700)),
    rejected(9, "6", "IMPORT_PRICE_ZERO", quantity=4000, exact=0),
    rejected(10, "6", "IMPORT_DOCUMENT_INCOMPLETE", quantity=1000, exact=5_000_000_000),
    rejected(11, "6", "IMPORT_PRICE_ZERO", part=2),
    rejected(12, "", "IMPORT_DOCUMENT_NUMBER_MISSING"),
)


def test_every_row_counts_in_one_class():
    summary = Summary(exponent=2).plus(VALUES)
    assert summary.classes[RowClass.SALE] == ClassTotals(documents=1, lines=2, quantity=2000, exact=17 * 10**9, rounded_minor=1700)
    assert summary.classes[RowClass.FREE_OF_CHARGE] == ClassTotals(documents=1, lines=2, quantity=4000)
    assert summary.classes[RowClass.STOCK_CORRECTION] == ClassTotals(documents=1, lines=1, quantity=5000)
    assert summary.classes[RowClass.CANCELLATION] == ClassTotals(documents=1, lines=1, quantity=-1000, exact=-2 * 10**9, rounded_minor=-200)
    assert summary.classes[RowClass.BAD_DEBT] == ClassTotals(documents=1, lines=1, quantity=1000, exact=-7 * 10**9, rounded_minor=-700)
    assert summary.classes[RowClass.REJECTED] == ClassTotals(documents=2, lines=4, quantity=5000, exact=5 * 10**9)
    assert summary.rows == 11
    assert summary.exact == 13 * 10**9
    assert summary.posted == ClassTotals(documents=2, lines=4, quantity=6000, exact=17 * 10**9, rounded_minor=1700)


def test_services_and_reasons_are_listed():
    summary = Summary(exponent=2).plus(VALUES)
    assert dict(summary.services) == {"postage": ClassTotals(lines=1, quantity=1000, exact=15 * 10**9, rounded_minor=1500)}
    assert dict(summary.reasons) == {"IMPORT_PRICE_ZERO": 2, "IMPORT_DOCUMENT_INCOMPLETE": 1, "IMPORT_DOCUMENT_NUMBER_MISSING": 1}


def test_chunk_by_chunk_is_the_same_as_at_once():
    by_chunks = Summary(exponent=2)
    for chunk in (VALUES[:1], VALUES[1:5], (), VALUES[5:7], VALUES[7:]):
        by_chunks = by_chunks.plus(chunk)
    assert by_chunks == Summary(exponent=2).plus(VALUES)


def test_a_summary_is_stored_as_json():
    summary = Summary(exponent=2).plus((*VALUES, sale("7", line(13, price=1000, amount=0))))
    assert Summary.from_mapping(json.loads(json.dumps(summary.as_mapping()))) == summary


def test_what_rounding_changed_is_told_line_by_line():
    summary = Summary(exponent=2).plus((sale("1", line(2, price=1000, amount=0), line(3), line(4, price=6000, amount=1)),))
    assert summary.differences == (
        RoundingDifference(line=2, number="1", product_code="P", exact=1_000_000, amount_minor=0),
        RoundingDifference(line=4, number="1", product_code="P", exact=6_000_000, amount_minor=1),
    )
    assert (summary.difference_lines, summary.difference_exact) == (2, 3_000_000)
    assert summary.posted.rounded_minor * 10**7 - summary.posted.exact == summary.difference_exact


def test_of_many_differences_the_first_are_listed_and_all_are_counted():
    lines = tuple(line(number, price=1000, amount=0) for number in range(2, 2 + DIFFERENCES_LISTED_MAX + 5))
    summary = Summary(exponent=2).plus((sale("1", *lines),)).plus((sale("2", *lines[:3]),))
    assert len(summary.differences) == DIFFERENCES_LISTED_MAX
    assert summary.difference_lines == DIFFERENCES_LISTED_MAX + 8
    assert summary.difference_exact == -(DIFFERENCES_LISTED_MAX + 8) * 1_000_000


def test_a_survey_names_products_by_their_commonest_text_and_price():
    survey = Survey()
    survey.add(
        (sale("1", line(2, text="Pan red"), line(3, text="Pan"), line(4, text="Pan", price=1_500_000), line(5, text="", price=1_500_000)),)
    )
    survey.add((sale("2", line(6, price=0, amount=0, text="gift")), sale("3", line(7, code="POST", kind="postage", text="Postage"))))
    survey.add((correction("4", CorrectionRow(8, "X", "found", 1000)), *VALUES[3:]))
    assert survey.products() == (
        ProductFound(code="P", kind="goods", name="Pan", unit_price=2_000_000, opening_quantity=5000),
        ProductFound(code="POST", kind="postage", name="Postage", unit_price=2_000_000, opening_quantity=0),
        ProductFound(code="X", kind="goods", name="X", unit_price=None, opening_quantity=0),
    )


def test_opening_stock_is_the_deepest_that_the_lines_go_in_order():
    survey = Survey()
    survey.add(
        (sale("1", line(2, quantity=3000)), correction("2", CorrectionRow(3, "P", "found", 10_000)), sale("3", line(4, quantity=9000)))
    )
    survey.add((correction("4", CorrectionRow(5, "P", "lost", -4000)),))
    (product,) = survey.products()
    assert product.opening_quantity == 6000


def test_a_survey_counts_customers_days_and_countries():
    survey = Survey()
    survey.add((sale("1", line(2), customer="a"), sale("2", line(3), line(4), customer="a", country="IE"), sale("3", line(5))))
    survey.add((sale("4", line(6), day="2011-01-02", customer="b", country=None),))
    assert survey.customers() == {"a": "GB", "b": None}
    assert survey.days() == (
        DayTotal(local_date="2011-01-01", country="GB", documents=2, lines=2, amount_minor=400),
        DayTotal(local_date="2011-01-01", country="IE", documents=1, lines=2, amount_minor=400),
        DayTotal(local_date="2011-01-02", country=None, documents=1, lines=1, amount_minor=200),
    )
