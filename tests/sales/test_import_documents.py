"""Rows become documents: every class of row, whole documents, parts, keys and rejections, on small hand-made files."""

from pathlib import Path

import pytest

from kassa.sales.importing.assemble import natural_key
from kassa.sales.importing.documents import BadDebt, Cancellation, CorrectionRow, Rejected, SalesDocument, SalesLineRow, StockCorrection
from kassa.sales.importing.mapping_file import parse_mapping
from kassa.sales.importing.reasons import ACTIONS, FILE_CODES, REASONS
from kassa.sales.importing.stream import SalesFile

MAPPING = """
format = 1
source = "shop"
legal_entity = "E"
store = "S"
currency = "GBP"
tax_code = "T"
[columns]
document_number = "Invoice"
product_code = { column = "Code", case = "upper" }
description = "Text"
quantity = "Quantity"
occurred_at = { column = "Moment", format = "%Y-%m-%d %H:%M", timezone = "Europe/London" }
unit_price = "Price"
customer = { column = "Customer", remove_suffix = ".0" }
country = "Country"
[documents]
cancellation_prefix = "C"
adjustment_prefix = "A"
lines_max = 4
[countries]
unlisted = "reject"
codes = { "United Kingdom" = "GB", "EIRE" = "IE" }
[[services]]
kind = "postage"
name = "Postage"
codes = ["POST"]
"""
HEADER = "Invoice,Code,Text,Quantity,Moment,Price,Customer,Country"
MOMENT = 1_291_192_200_000_000  # 2010-12-01 08:30 in London, which is UTC in winter


def row(
    number: str, *, code="71053", text="LANTERN", quantity="1", moment="2010-12-01 08:30", price="2.00", customer="17850.0", country="EIRE"
):
    """A row of the file; every cell has a value that is fine."""
    return f"{number},{code},{text},{quantity},{moment},{price},{customer},{country}"


@pytest.fixture
def imported(tmp_path: Path):
    """The values of a file of rows, read with the mapping above, with texts of it replaced."""

    def read(*rows: str, header: str = HEADER, changes: tuple[tuple[str, str], ...] = ()) -> list:
        text = MAPPING
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "lines.csv"
        path.write_text("\n".join((header, *rows, "")), encoding="utf-8", errors="surrogateescape")
        with SalesFile(path, parse_mapping(text)) as file:
            return [value for chunk in file.chunks(lines=1) for value in chunk.values]

    return read


def codes_of(values: list) -> list[str]:
    """The reason of each value, all of which are rejected and name what to do."""
    assert all(isinstance(value, Rejected) and ACTIONS[value.code] and value.reason for value in values)
    return [value.code for value in values]


def test_a_sale_has_its_lines_in_integers(imported):
    (sale,) = imported(
        row("536365", code="85123a", text="  HEART ", quantity="6", price="2.55"), row("536365", code="post", quantity="1.5", price="0.333")
    )
    assert sale == SalesDocument(
        natural_key="shop:536365",
        number="536365",
        part=1,
        first_line=2,
        last_line=3,
        occurred_at=MOMENT,
        zone="Europe/London",
        local_date="2010-12-01",
        country="IE",
        customer="17850",
        currency="GBP",
        lines=(
            SalesLineRow(2, "85123A", "HEART", 6000, 2_550_000, 1530, "goods"),
            SalesLineRow(3, "POST", "LANTERN", 1500, 333_000, 50, "postage"),
        ),
    )
    assert sale.total_minor == 1580


def test_repeated_lines_are_real_and_stay(imported):
    (sale,) = imported(row("1"), row("1"), row("1"))
    assert [line[1:] for line in sale.lines] == [sale.lines[0][1:]] * 3
    assert [line.line_number for line in sale.lines] == [2, 3, 4]


def test_line_amounts_are_rounded_half_up_once(imported):
    (sale,) = imported(row("1", price="0.001"), row("1", price="0.005"), row("1", quantity="3", price="0.335"), row("1", price="0.0049"))
    assert [line.amount_minor for line in sale.lines] == [0, 1, 101, 0]


def test_a_fraction_of_a_penny_may_be_rejected_instead(imported):
    values = imported(row("1", price="0.005"), row("1"), changes=(("[documents]", '[amounts]\nrounding = "reject"\n[documents]'),))
    assert codes_of(values) == ["IMPORT_AMOUNT_FRACTION", "IMPORT_DOCUMENT_INCOMPLETE"]


def test_cancellations_are_kept_apart(imported):
    (cancellation,) = imported(row("C1", quantity="-2", price="1.25"))
    assert isinstance(cancellation, Cancellation)
    assert cancellation.lines == (SalesLineRow(2, "71053", "LANTERN", -2000, 1_250_000, -250, "goods"),)
    assert (cancellation.natural_key, cancellation.customer) == ("shop:C1", "17850")


def test_adjustments_are_bad_debt_with_any_sign(imported):
    values = imported(row("A1", price="-11062.06", customer=""), row("A2", price="11062.06", customer=""))
    assert [type(value) for value in values] == [BadDebt, BadDebt]
    assert [value.lines[0].amount_minor for value in values] == [-1106206, 1106206]


def test_a_negative_quantity_without_price_and_customer_corrects_stock(imported):
    (correction,) = imported(row("1", text="damaged", quantity="-30", price="0.0", customer=""))
    assert isinstance(correction, StockCorrection)
    assert correction.lines == (CorrectionRow(2, "71053", "damaged", -30_000),)
    assert (correction.natural_key, correction.local_date, correction.occurred_at) == ("shop:1", "2010-12-01", MOMENT)


def test_price_zero_alone_and_without_customer_is_stock_that_was_found(imported):
    (correction,) = imported(row("1", text="found", quantity="53", price="0", customer=""))
    assert isinstance(correction, StockCorrection)
    assert correction.lines[0].quantity == 53_000


@pytest.mark.parametrize(
    "rows",
    [
        (row("1", price="0"),),
        (row("1", price="0", customer=""), row("1", price="0", customer="", code="22616")),
        (row("1", price="0", customer=""), row("1", customer="")),
    ],
    ids=["with customer", "beside other free lines", "beside a sold line"],
)
def test_price_zero_is_free_of_charge_where_goods_went_to_somebody(imported, rows: tuple[str, ...]):
    (sale,) = imported(*rows)
    assert isinstance(sale, SalesDocument)
    assert (sale.lines[0].unit_price, sale.lines[0].amount_minor, sale.lines[0].quantity) == (0, 0, 1000)


def test_the_mapping_decides_about_price_zero(imported):
    rows = (row("1", price="0"), row("2", price="0", customer=""), row("3", price="0", customer=""), row("3", customer=""))
    policy = '[price_zero]\nwith_customer = "reject"\nalone = "reject"\nbeside_other_lines = "reject"\n[documents]'
    values = imported(*rows, changes=(("[documents]", policy),))
    assert codes_of(values) == ["IMPORT_PRICE_ZERO", "IMPORT_PRICE_ZERO", "IMPORT_PRICE_ZERO", "IMPORT_DOCUMENT_INCOMPLETE"]
    (free,) = imported(rows[1], changes=(("[documents]", '[price_zero]\nalone = "free_of_charge"\n[documents]'),))
    assert isinstance(free, SalesDocument)


@pytest.mark.parametrize(
    "bad, code",
    [
        (row("1", code=" "), "IMPORT_PRODUCT_CODE_MISSING"),
        (row("1", quantity="many"), "IMPORT_QUANTITY_NOT_A_NUMBER"),
        (row("1", quantity="0.0001"), "IMPORT_QUANTITY_TOO_FINE"),
        (row("1", quantity="9" * 20), "IMPORT_QUANTITY_TOO_LARGE"),
        (row("1", quantity="0"), "IMPORT_QUANTITY_ZERO"),
        (row("1", quantity="-1"), "IMPORT_QUANTITY_NEGATIVE"),
        (row("1", price="£2"), "IMPORT_PRICE_NOT_A_NUMBER"),
        (row("1", price="0.0000001"), "IMPORT_PRICE_TOO_FINE"),
        (row("1", price="9" * 20), "IMPORT_PRICE_TOO_LARGE"),
        (row("1", price="-2"), "IMPORT_PRICE_NEGATIVE"),
        (row("1", quantity="900000000", price="900000000"), "IMPORT_AMOUNT_TOO_LARGE"),
        (row("1", moment="yesterday"), "IMPORT_DATE_UNREADABLE"),
        (row("1", moment="2011-03-27 01:30"), "IMPORT_DATE_NOT_IN_ZONE"),
        (row("1", country="Utopia"), "IMPORT_COUNTRY_UNKNOWN"),
        (row("1", text="a\x07b"), "IMPORT_TEXT_UNREADABLE"),
        (row("1") + ",more", "IMPORT_COLUMN_COUNT"),
        (row(" "), "IMPORT_DOCUMENT_NUMBER_MISSING"),
        (row("1\x072"), "IMPORT_TEXT_UNREADABLE"),
        (row("1\t2"), "IMPORT_TEXT_UNREADABLE"),
        (row("caf\udce9"), "IMPORT_TEXT_UNREADABLE"),
        (row("1", quantity="\udce9"), "IMPORT_QUANTITY_NOT_A_NUMBER"),
        (row("C1", quantity="1"), "IMPORT_CANCELLATION_POSITIVE"),
        (row("C1", quantity="-1", price="-1"), "IMPORT_PRICE_NEGATIVE"),
        (row("A1", quantity="0"), "IMPORT_QUANTITY_ZERO"),
        (row("1", quantity="-1", price="0"), "IMPORT_CORRECTION_WITH_CUSTOMER"),
        (row("1", code="POST", quantity="-1", price="0", customer=""), "IMPORT_CORRECTION_NOT_STOCKED"),
        (row("1", code="POST", price="0", customer=""), "IMPORT_CORRECTION_NOT_STOCKED"),
    ],
)
def test_a_row_that_cannot_be_imported_has_one_stable_code(imported, bad: str, code: str):
    before, rejected, after = imported(row("0"), bad, row("2"))
    assert codes_of([rejected]) == [code]
    assert rejected.line == 3
    assert rejected.raw == tuple(bad.split(","))
    assert rejected.reason.encode()
    assert [before.natural_key, after.natural_key] == ["shop:0", "shop:2"]


def test_every_code_is_declared_once():
    declared = (*REASONS, *FILE_CODES)
    assert len({reason.code for reason in declared}) == len(declared)
    assert all(reason.code.startswith("IMPORT_") and reason.title and reason.meaning and reason.action for reason in declared)


def test_numbers_that_can_be_read_are_kept_with_a_rejected_row(imported):
    values = imported(row("1", quantity="-2", price="1.005"), row("1", quantity="2", price="?"), row("1", quantity="?"))
    assert [(value.quantity, value.exact) for value in values] == [(-2000, -2_010_000_000), (2000, None), (None, None)]


def test_a_document_is_imported_whole_or_not_at_all(imported):
    values = imported(row("1"), row("1", quantity="x"), row("1"), row("2"))
    assert codes_of(values[:3]) == ["IMPORT_DOCUMENT_INCOMPLETE", "IMPORT_QUANTITY_NOT_A_NUMBER", "IMPORT_DOCUMENT_INCOMPLETE"]
    assert "line 3: IMPORT_QUANTITY_NOT_A_NUMBER" in values[0].reason
    assert isinstance(values[3], SalesDocument)


def test_a_row_without_number_amid_a_document_takes_the_document_along(imported):
    values = imported(row("1"), row(""), row("1"), row("2"), row(""), row("3"))
    assert [getattr(value, "code", value.number) for value in values] == [
        "IMPORT_DOCUMENT_INCOMPLETE",
        "IMPORT_DOCUMENT_NUMBER_MISSING",
        "IMPORT_DOCUMENT_INCOMPLETE",
        "2",
        "IMPORT_DOCUMENT_NUMBER_MISSING",
        "3",
    ]


def test_a_sale_and_a_stock_correction_are_two_documents(imported):
    values = imported(row("1", customer=""), row("1", customer="", quantity="-1", price="0"))
    assert codes_of(values) == ["IMPORT_DOCUMENT_INCOMPLETE", "IMPORT_DOCUMENT_MIXED"]


def test_found_and_lost_stock_may_share_a_document(imported):
    (correction,) = imported(row("1", customer="", price="0"), row("1", customer="", quantity="-1", price="0"))
    assert [line.quantity for line in correction.lines] == [1000, -1000]


def test_a_document_has_one_customer_and_one_country(imported):
    assert codes_of(imported(row("1"), row("1", customer="12345.0"))) == ["IMPORT_DOCUMENT_INCOMPLETE", "IMPORT_CUSTOMER_DIFFERS"]
    assert codes_of(imported(row("1"), row("1", country="United Kingdom"))) == ["IMPORT_DOCUMENT_INCOMPLETE", "IMPORT_COUNTRY_DIFFERS"]


def test_an_empty_customer_or_country_is_that_of_the_document(imported):
    (sale,) = imported(row("1", customer="", country=""), row("1"), row("1", customer="", country=""))
    assert (sale.customer, sale.country) == ("17850", "IE")


def test_one_customer_may_buy_in_two_countries(imported):
    first, second = imported(row("1"), row("2", country="United Kingdom"))
    assert (first.customer, first.country, second.customer, second.country) == ("17850", "IE", "17850", "GB")


def test_two_times_of_a_day_are_one_document_at_the_earlier(imported):
    (sale,) = imported(row("1", moment="2010-12-01 08:31"), row("1", moment="2010-12-01 08:30"))
    assert (sale.occurred_at, len(sale.lines)) == (MOMENT, 2)


def test_a_number_that_goes_on_on_another_day_is_two_parts(imported):
    first, second = imported(row("1", moment="2011-06-01 23:59"), row("1", moment="2011-06-02 00:00"))
    assert [(sale.natural_key, sale.part, sale.local_date) for sale in (first, second)] == [
        ("shop:1", 1, "2011-06-01"),
        ("shop:1:2", 2, "2011-06-02"),
    ]


def test_a_number_that_is_interrupted_is_two_parts(imported):
    first, cancellation, second, third = imported(row("1"), row("C9", quantity="-1"), row("1"), row("2"))
    assert [value.natural_key for value in (first, cancellation, second, third)] == ["shop:1", "shop:C9", "shop:1:2", "shop:2"]


def test_a_document_that_is_too_long_goes_on_in_another_part(imported):
    values = imported(*[row("1")] * 9)
    assert [(value.natural_key, value.first_line, value.last_line) for value in values] == [
        ("shop:1", 2, 5),
        ("shop:1:2", 6, 9),
        ("shop:1:3", 10, 10),
    ]


def test_no_number_can_look_like_a_part_of_another():
    assert natural_key("shop", "1", 2) == "shop:1:2"
    assert natural_key("shop", "1:2", 1) == "shop:1%3A2"
    assert natural_key("shop", "1%3A2", 1) == "shop:1%253A2"


def test_optional_columns_may_be_absent(imported):
    header = "Invoice,Code,Quantity,Moment,Price"
    changes = (
        ('description = "Text"\n', ""),
        ('customer = { column = "Customer", remove_suffix = ".0" }\n', ""),
        ('country = "Country"\n', ""),
        ('codes = { "United Kingdom" = "GB", "EIRE" = "IE" }\n', ""),
    )
    (sale,) = imported("1,71053,2,2010-12-01 08:30,1.00", header=header, changes=changes)
    assert (sale.customer, sale.country, sale.lines[0].description, sale.total_minor) == (None, None, "", 200)


def test_a_longer_prefix_wins(imported):
    (value,) = imported(row("CA1", quantity="-1"), changes=(('adjustment_prefix = "A"', 'adjustment_prefix = "CA"'),))
    assert isinstance(value, BadDebt)


def test_amounts_follow_the_decimals_of_the_currency(imported):
    yen, dinar = (imported(row("1", quantity="3", price="1.5"), changes=(('"GBP"', f'"{code}"'),))[0] for code in ("JPY", "KWD"))
    assert (yen.total_minor, dinar.total_minor) == (5, 4500)
