"""Whatever stands in a file: no row is lost, none counted twice, no sum is off, and nothing raises."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.sales.importing.documents import Rejected, RowClass, SalesDocument
from kassa.sales.importing.mapping_file import parse_mapping
from kassa.sales.importing.stream import SalesFile
from kassa.sales.importing.summary import Summary

MAPPING = parse_mapping("""
format = 1
source = "shop"
legal_entity = "E"
store = "S"
currency = "EUR"
tax_code = "T"
[columns]
document_number = "Number"
product_code = "Code"
description = "Text"
quantity = "Quantity"
occurred_at = { column = "Moment", format = "%Y-%m-%d %H:%M", timezone = "Europe/Amsterdam" }
unit_price = "Price"
customer = "Customer"
country = "Country"
[documents]
cancellation_prefix = "C"
adjustment_prefix = "A"
lines_max = 6
[[services]]
kind = "postage"
name = "Postage"
codes = ["POST"]
""")
HEADER = ("Number", "Code", "Text", "Quantity", "Moment", "Price", "Customer", "Country")
ANYTHING = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=6)
NUMBERS = st.sampled_from(["1", "2", "3", "C1", "C2", "A1", "", "1:2"])
QUANTITIES = st.sampled_from(["1", "2", "-1", "-3", "0", "1.5", "0.333", "x"])
PRICES = st.sampled_from(["0", "0.0", "1", "2.55", "0.005", "0.001", "-1", "99.999999", "£"])
MOMENTS = st.sampled_from(["2011-01-01 10:00", "2011-01-01 10:01", "2011-01-02 00:00", "2011-03-27 02:30", "soon"])
ROW = st.tuples(
    NUMBERS | ANYTHING,
    st.sampled_from(["P", "Q", "POST", ""]) | ANYTHING,
    ANYTHING,
    QUANTITIES | ANYTHING,
    MOMENTS,
    PRICES | ANYTHING,
    st.sampled_from(["", "c", "d"]),
    st.sampled_from(["", "NL"]),
)
GOOD_ROW = st.tuples(
    NUMBERS.filter(lambda number: number[:1].isdigit()),
    st.sampled_from(["P", "Q", "POST"]),
    st.just("text"),
    st.integers(1, 10**6).map(lambda value: str(Decimal(value).scaleb(-3))),
    st.sampled_from(["2011-01-01 10:00", "2011-01-01 10:01", "2011-01-02 00:00"]),
    st.integers(1, 10**9).map(lambda value: f"{Decimal(value).scaleb(-6):f}"),
    st.just("c"),
    st.just("NL"),
)


def read(rows: list, lines: int) -> list:
    """The values of some rows."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lines.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])
        with SalesFile(path, MAPPING) as opened:
            return [value for chunk in opened.chunks(lines=lines) for value in chunk.values]


@settings(deadline=None, max_examples=300)
@given(st.lists(ROW | ROW.map(lambda cells: cells[:5]), max_size=40), st.integers(1, 50))
def test_every_row_becomes_one_thing_in_order(rows: list, lines: int):
    values = read(rows, lines)
    found = [
        line for value in values for line in ((value.line,) if isinstance(value, Rejected) else [one.line_number for one in value.lines])
    ]
    assert found == list(range(2, 2 + len(rows)))
    keys = [value.natural_key for value in values if not isinstance(value, Rejected)]
    assert len(set(keys)) == len(keys)
    summary = Summary(exponent=2).plus(values)
    assert summary.rows == len(rows)
    assert summary.classes[RowClass.REJECTED].lines == sum(summary.reasons.values())


@settings(deadline=None, max_examples=200)
@given(st.lists(GOOD_ROW, max_size=40), st.integers(1, 50))
def test_sums_are_those_of_decimal_arithmetic(rows: list, lines: int):
    values = read(rows, lines)
    assert all(isinstance(value, SalesDocument) for value in values)
    exact = [Decimal(row[3]) * Decimal(row[5]) for row in rows]
    posted = [int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP)) for amount in exact]
    assert [line.amount_minor for value in values for line in value.lines] == posted
    summary = Summary(exponent=2).plus(values)
    assert Decimal(summary.exact).scaleb(-9) == sum(exact)
    assert summary.posted.rounded_minor == sum(posted)
    assert Decimal(summary.difference_exact).scaleb(-9) == Decimal(sum(posted)).scaleb(-2) - sum(exact)
