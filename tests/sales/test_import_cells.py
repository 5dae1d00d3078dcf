"""The cells of an import: numbers, instants, codes, and the cache in front of them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel.values import format_scaled
from kassa.sales.importing.cells import Cache, CellParser, clean_text
from kassa.sales.importing.mapping import SalesMapping
from kassa.sales.importing.mapping_file import parse_mapping
from kassa.sales.importing.reasons import ACTIONS, CellRefused

MAPPING = """
format = 1
source = "s"
legal_entity = "E"
store = "S"
currency = "GBP"
tax_code = "T"
[file]
decimal_mark = "."
[columns]
document_number = "N"
product_code = { column = "P", case = "upper" }
quantity = "Q"
unit_price = "U"
occurred_at = { column = "D", format = "%Y-%m-%d %H:%M", timezone = "Europe/London" }
customer = { column = "C", remove_suffix = ".0" }
country = "L"
[countries]
unlisted = "reject"
codes = { "United Kingdom" = "GB", "Unspecified" = "" }
[[services]]
kind = "postage"
name = "Postage"
codes = ["POST"]
"""


def mapping(*changes: tuple[str, str]) -> SalesMapping:
    """The mapping above with texts replaced."""
    text = MAPPING
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse_mapping(text)


def refusal(function, cell: str) -> str:
    """The code with which a cell is refused; every code says what to do."""
    with pytest.raises(CellRefused) as refused:
        function(cell)
    assert ACTIONS[refused.value.fault.code]
    return refused.value.fault.code


def instant(text: str) -> int:
    """Microseconds of an instant in UTC."""
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC).timestamp()) * 10**6


@pytest.mark.parametrize("cell, value", [("6", 6000), ("-12", -12000), (" 1.5 ", 1500), ("0.125", 125), ("0", 0)])
def test_quantities_are_thousandths(cell: str, value: int):
    assert CellParser(mapping()).quantity(cell) == value


@pytest.mark.parametrize("cell, value", [("2.55", 2_550_000), ("0.001", 1000), ("-11062.06", -11_062_060_000), ("0.0", 0)])
def test_prices_are_millionths(cell: str, value: int):
    assert CellParser(mapping()).unit_price(cell) == value


@pytest.mark.parametrize(
    "cell, reason",
    [
        ("", "NOT_A_NUMBER"),
        ("six", "NOT_A_NUMBER"),
        ("1,000", "NOT_A_NUMBER"),
        ("1e3", "NOT_A_NUMBER"),
        ("NaN", "NOT_A_NUMBER"),
        ("--1", "NOT_A_NUMBER"),
        ("1.", "NOT_A_NUMBER"),
        ("٣", "NOT_A_NUMBER"),
        ("0.0000001", "TOO_FINE"),
        ("1" + "0" * 30, "TOO_LARGE"),
    ],
)
def test_numbers_that_cannot_be_kept_have_a_reason_each(cell: str, reason: str):
    cells = CellParser(mapping())
    assert refusal(cells.quantity, cell) == f"IMPORT_QUANTITY_{reason}"
    assert refusal(cells.unit_price, cell) == f"IMPORT_PRICE_{reason}"


def test_a_quantity_has_three_decimals_and_a_price_six():
    cells = CellParser(mapping())
    assert refusal(cells.quantity, "0.0001") == "IMPORT_QUANTITY_TOO_FINE"
    assert cells.unit_price("0.000001") == 1


def test_a_decimal_comma_leaves_no_doubt_about_points():
    cells = CellParser(mapping(('decimal_mark = "."', 'decimal_mark = ","')))
    assert cells.unit_price("1,5") == 1_500_000
    assert refusal(cells.unit_price, "1.5") == "IMPORT_PRICE_NOT_A_NUMBER"
    assert refusal(cells.unit_price, "1.500,25") == "IMPORT_PRICE_NOT_A_NUMBER"


@settings(deadline=None)
@given(st.integers(-(10**12), 10**12))
def test_any_quantity_reads_back(value: int):
    assert CellParser(mapping()).quantity(format_scaled(value, 3, trim=True)) == value


def test_instants_are_utc_and_dates_those_of_the_zone():
    cells = CellParser(mapping())
    assert cells.instant("2010-12-01 08:26") == (instant("2010-12-01 08:26"), "2010-12-01")
    # British Summer Time: half past midnight is the day before in UTC.
    assert cells.instant("2011-06-15 00:30") == (instant("2011-06-14 23:30"), "2011-06-15")


def test_a_time_that_the_clocks_showed_twice_is_the_earlier_one():
    assert CellParser(mapping()).instant("2011-10-30 01:30").occurred_at == instant("2011-10-30 00:30")


def test_a_time_that_the_clocks_jumped_over_is_refused():
    assert refusal(CellParser(mapping()).instant, "2011-03-27 01:30") == "IMPORT_DATE_NOT_IN_ZONE"


@pytest.mark.parametrize("cell", ["", "2011-02-29 10:00", "01/12/2010 08:26", "2010-12-01", "2010-12-01 24:00"])
def test_a_date_of_another_form_is_refused(cell: str):
    assert refusal(CellParser(mapping()).instant, cell) == "IMPORT_DATE_UNREADABLE"


def test_a_date_at_the_end_of_the_calendar_is_refused():
    cells = CellParser(mapping(("Europe/London", "America/New_York")))
    assert refusal(cells.instant, "9999-12-31 23:00") == "IMPORT_DATE_UNREADABLE"


def test_an_offset_in_the_cell_wins_over_the_zone_but_not_for_the_date():
    cells = CellParser(mapping(("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M %z")))
    assert cells.instant("2011-01-15 23:30 -0500") == (instant("2011-01-16 04:30"), "2011-01-16")


def test_products_have_one_letter_case_and_a_kind():
    cells = CellParser(mapping())
    assert cells.product(" 85123a ") == ("85123A", "goods")
    assert cells.product("post") == ("POST", "postage")
    assert refusal(cells.product, "  ") == "IMPORT_PRODUCT_CODE_MISSING"


def test_customers_lose_the_suffix_of_the_source():
    cells = CellParser(mapping())
    assert [cells.customer(cell) for cell in ("17850.0", "17850", "", " ")] == ["17850", "17850", None, None]


def test_countries_are_listed_or_rejected_or_kept():
    cells = CellParser(mapping())
    assert [cells.country(cell) for cell in ("United Kingdom", " United Kingdom", "Unspecified", "")] == ["GB", "GB", None, None]
    assert refusal(cells.country, "Utopia") == "IMPORT_COUNTRY_UNKNOWN"
    assert CellParser(mapping(('"reject"', '"keep"'))).country("Utopia") == "Utopia"


def test_texts_are_trimmed_and_lose_line_breaks_but_nothing_else():
    assert clean_text(" PANTRY  MAGNETIC\n\tLIST £5 ") == "PANTRY  MAGNETIC LIST £5"
    assert refusal(clean_text, "a\x00b") == "IMPORT_TEXT_UNREADABLE"
    assert refusal(clean_text, b"caf\xe9".decode("utf-8", "surrogateescape")) == "IMPORT_TEXT_UNREADABLE"


def test_the_cache_asks_once_and_stays_small():
    asked: list[int] = []

    def double(value: int) -> int:
        asked.append(value)
        return 2 * value

    cache: Cache[int, int] = Cache(double, limit=3)
    assert [cache[value] for value in (1, 1, 2, 1, 3)] == [2, 2, 4, 2, 6]
    assert asked == [1, 2, 3]
    assert cache[4] == 8
    assert len(cache) == 1
    assert cache[1] == 2
    assert asked == [1, 2, 3, 4, 1]
