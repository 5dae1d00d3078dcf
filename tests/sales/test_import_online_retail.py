"""The mapping that ships for the columns of Online Retail, on hand-made rows that show what that file holds."""

from pathlib import Path

import pytest

from kassa.kernel.clock import parse_instant
from kassa.sales.importing.documents import Rejected, RowClass, SalesDocument, StockCorrection
from kassa.sales.importing.mapping_file import read_mapping
from kassa.sales.importing.stream import SalesFile
from kassa.sales.importing.summary import Summary
from kassa.sales.importing.survey import Survey

MAPPING = Path(__file__).resolve().parents[2] / "demo" / "online_retail.toml"
ROWS = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HEART ,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,85123a,WHITE HEART ,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,85123A,WHITE HEART ,6,2010-12-01 08:27:00,2.55,17850.0,United Kingdom
536370,POST,POSTAGE,3,2010-12-01 08:45:00,18.0,12583.0,France
536370,22726,"CLOCK ""BAKELIKE"", GREEN",12,2010-12-01 08:45:00,3.75,12583.0,France
C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527.0,United Kingdom
C536383,35004C,SET OF 3 COLOURED FLYING DUCKS,-1,2010-12-01 09:49:00,4.65,15311.0,United Kingdom
536414,22139,,56,2010-12-01 11:52:00,0.0,,United Kingdom
536589,21777,,-10,2010-12-01 16:50:00,0.0,,United Kingdom
537197,22841,ROUND CAKE TIN,1,2010-12-05 14:02:00,0.0,12647.0,Germany
537534,85064,LETTER RACK,1,2010-12-07 11:48:00,0.0,,United Kingdom
537534,DOT,DOTCOM POSTAGE,1,2010-12-07 11:48:00,8.29,,United Kingdom
537632,AMAZONFEE,AMAZON FEE,1,2010-12-07 15:08:00,13541.33,,United Kingdom
540699,POST,,1000,2011-01-11 09:32:00,0.0,,United Kingdom
542806,48194,DOORMAT HEARTS,1,2011-02-01 11:19:00,7.95,12836.0,United Kingdom
C542805,22156,HEART DECORATION,-1,2011-02-01 11:19:00,0.85,14606.0,United Kingdom
542806,22692,DOORMAT WELCOME,2,2011-02-01 11:20:00,7.95,12836.0,United Kingdom
550193,PADS,PADS TO MATCH ALL CUSHIONS,1,2011-04-15 09:27:00,0.001,13952.0,Unspecified
551000,gift_0001_20,Gift Voucher £20.00,1,2011-04-26 10:00:00,16.67,12836.0,EIRE
552230,20735,BLACK MINI TAPE MEASURE ,1,2011-05-06 15:43:00,0.0,,United Kingdom
552230,22617,BAKING SET SPACEBOY DESIGN,1,2011-05-06 15:43:00,0.0,,United Kingdom
A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,11062.06,,United Kingdom
A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom
570000,22139,TEA SET,1,2011-09-30 10:00:00,4.95,12836.0,Utopia
"""


@pytest.fixture
def values(tmp_path) -> list:
    """What the rows above become."""
    path = tmp_path / "online_retail.csv"
    path.write_text(ROWS, encoding="utf-8")
    with SalesFile(path, read_mapping(MAPPING)) as file:
        return [value for chunk in file.chunks(lines=5) for value in chunk.values]


@pytest.fixture
def documents(values) -> dict:
    """The documents by natural key."""
    return {value.natural_key: value for value in values if not isinstance(value, Rejected)}


def test_the_summary_agrees_with_the_rows(values):
    summary = Summary(exponent=2).plus(values)
    counted = {row_class: (totals.documents, totals.lines, totals.rounded_minor) for row_class, totals in summary.classes.items()}
    assert counted == {
        RowClass.SALE: (8, 11, 4590 + 5400 + 4500 + 829 + 1354133 + 795 + 1590 + 0 + 1667),
        RowClass.FREE_OF_CHARGE: (2, 4, 0),
        RowClass.STOCK_CORRECTION: (2, 2, 0),
        RowClass.CANCELLATION: (3, 3, -2750 - 465 - 85),
        RowClass.BAD_DEBT: (2, 2, 0),
        RowClass.REJECTED: (2, 2, 0),
    }
    assert summary.rows == ROWS.count("\n") - 1
    assert [(one.line, one.exact, one.amount_minor) for one in summary.differences] == [(19, 1_000_000, 0)]
    assert sorted(summary.services) == ["gift_voucher", "marketplace_fee", "postage"]
    assert dict(summary.reasons) == {"IMPORT_CORRECTION_NOT_STOCKED": 1, "IMPORT_COUNTRY_UNKNOWN": 1}


def test_repeated_lines_letter_cases_and_two_times_are_one_document(documents):
    sale = documents["online_retail:536365"]
    assert [line.product_code for line in sale.lines] == ["85123A"] * 3
    assert {line.description for line in sale.lines} == {"WHITE HEART"}
    assert sale.occurred_at == parse_instant("2010-12-01T08:26:00Z")
    assert (sale.customer, sale.country, sale.total_minor) == ("17850", "GB", 4590)


def test_an_interrupted_invoice_is_two_parts(documents):
    assert [documents[key].total_minor for key in ("online_retail:542806", "online_retail:542806:2")] == [795, 1590]


def test_price_zero_is_a_gift_or_found_stock(documents):
    assert isinstance(documents["online_retail:536414"], StockCorrection)
    assert isinstance(documents["online_retail:536589"], StockCorrection)
    for number in ("537197", "537534", "552230"):
        assert isinstance(documents[f"online_retail:{number}"], SalesDocument)


def test_services_are_no_goods(documents):
    kinds = {line.product_code: line.kind for document in documents.values() for line in document.lines if hasattr(line, "kind")}
    assert {code: kind for code, kind in kinds.items() if kind != "goods"} == {
        "POST": "postage",
        "DOT": "postage",
        "D": "discount",
        "AMAZONFEE": "marketplace_fee",
        "GIFT_0001_20": "gift_voucher",
        "B": "bad_debt",
    }


def test_summer_time_and_unknown_countries(documents):
    assert documents["online_retail:551000"].occurred_at == parse_instant("2011-04-26T09:00:00Z")
    assert documents["online_retail:551000"].country == "IE"
    assert documents["online_retail:550193"].country is None


def test_the_survey_finds_products_customers_and_days(values):
    survey = Survey()
    survey.add(values)
    products = {product.code: product for product in survey.products()}
    assert (products["85123A"].name, products["85123A"].unit_price, products["85123A"].opening_quantity) == (
        "WHITE HEART",
        2_550_000,
        18_000,
    )
    assert products["22139"].opening_quantity == 0
    assert products["21777"].opening_quantity == 10_000
    assert products["POST"].opening_quantity == 0
    assert "35004C" not in products
    assert survey.customers()["12836"] == "GB"
    assert sum(day.amount_minor for day in survey.days()) == Summary(exponent=2).plus(values).posted.rounded_minor
