"""The mapping of an import: what it says, and how it is refused."""

import pytest

from kassa.kernel.errors import InvalidInput, UnreadableInput
from kassa.sales.importing.mapping_file import parse_mapping, read_mapping

MINIMAL = """
format = 1
source = "web"
legal_entity = "NL01"
store = "SHOP"
currency = "EUR"
tax_code = "HIGH"
[columns]
document_number = "Invoice"
product_code = "Item"
quantity = "Pieces"
unit_price = "Price"
occurred_at = { column = "Moment", format = "%d-%m-%Y %H:%M", timezone = "Europe/Amsterdam" }
"""


def findings_of(text: str) -> dict[str, tuple[str, str]]:
    """Code and message of each finding about a mapping, by pointer."""
    with pytest.raises(InvalidInput) as refused:
        parse_mapping(text)
    assert all(issue.message in str(refused.value) for issue in refused.value.issues)
    return {issue.pointer: (issue.code, issue.message) for issue in refused.value.issues}


def test_the_shortest_mapping_has_defaults_that_need_no_thought():
    mapping = parse_mapping(MINIMAL)
    assert (mapping.source, mapping.legal_entity, mapping.store, mapping.currency, mapping.tax_code) == (
        "web",
        "NL01",
        "SHOP",
        "EUR",
        "HIGH",
    )
    assert mapping.exponent == 2
    assert mapping.columns.named() == ("Invoice", "Item", "Pieces", "Moment", "Price")
    assert (mapping.file.encoding, mapping.file.delimiter, mapping.file.quote, mapping.file.decimal_mark) == ("utf-8", ",", '"', ".")
    assert (mapping.documents.cancellation_prefix, mapping.documents.adjustment_prefix) == ("", "")
    assert mapping.rounding == "half_up"
    assert mapping.price_zero.alone == "stock_correction"
    assert mapping.countries.unlisted == "keep"
    assert mapping.kind_of("POST") == "goods"


def test_the_currency_tells_the_decimals():
    assert parse_mapping(MINIMAL.replace('"EUR"', '"JPY"')).exponent == 0
    assert findings_of(MINIMAL.replace('"EUR"', '"EURO"'))["/currency"] == (
        "IMPORT_MAPPING_VALUE",
        'unknown currency "EURO"; use a code of ISO 4217 such as "EUR"',
    )


def test_an_unknown_key_is_refused_with_the_nearest_one():
    found = findings_of(MINIMAL.replace("quantity =", "quantiti ="))
    assert found["/columns/quantiti"][0] == "IMPORT_MAPPING_UNKNOWN_KEY"
    assert 'did you mean "quantity"?' in found["/columns/quantiti"][1]
    assert found["/columns/quantity"][0] == "IMPORT_MAPPING_MISSING"


@pytest.mark.parametrize(
    "added, pointer, near",
    [
        ("[document]\n", "/document", '"documents"'),
        ("[file]\nencodign = 'utf-8'\n", "/file/encodign", '"encoding"'),
        ("[documents]\ncancelation_prefix = 'C'\n", "/documents/cancelation_prefix", '"cancellation_prefix"'),
        ("[price_zero]\nbeside_other_line = 'reject'\n", "/price_zero/beside_other_line", '"beside_other_lines"'),
        ("[amounts]\nroundings = 'half_up'\n", "/amounts/roundings", '"rounding"'),
        ("[countries]\ncode = {}\n", "/countries/code", '"codes"'),
        ("[[services]]\nkind='post'\nname='Post'\ncodes=['P']\ntaxcode='LOW'\n", "/services/0/taxcode", '"tax_code"'),
    ],
)
def test_every_table_refuses_what_it_does_not_know(added: str, pointer: str, near: str):
    code, message = findings_of(MINIMAL + added)[pointer]
    assert code == "IMPORT_MAPPING_UNKNOWN_KEY"
    assert near in message


def test_options_of_a_column_are_checked_too():
    found = findings_of(MINIMAL.replace('product_code = "Item"', 'product_code = { column = "Item", casing = "upper" }'))
    assert found["/columns/product_code/casing"][0] == "IMPORT_MAPPING_UNKNOWN_KEY"
    assert '"case"' in found["/columns/product_code/casing"][1]


def test_all_findings_come_at_once():
    wrong = MINIMAL.replace("format = 1", "format = 7").replace('"SHOP"', '""').replace("Europe/Amsterdam", "Europe/Atlantis")
    found = findings_of(wrong + "[file]\ndelimiter = ':'\nencoding = 'utf-88'\n[documents]\nlines_max = 0\n")
    assert set(found) == {
        "/format",
        "/store",
        "/columns/occurred_at/timezone",
        "/file/delimiter",
        "/file/encoding",
        "/documents/lines_max",
    }
    assert found["/format"][0] == "IMPORT_MAPPING_FORMAT"


@pytest.mark.parametrize("date_format", ["%H:%M", "%Y-%m", "%Q", "day"])
def test_a_date_format_must_read_the_whole_day(date_format: str):
    code, message = findings_of(MINIMAL.replace("%d-%m-%Y %H:%M", date_format))["/columns/occurred_at/format"]
    assert code == "IMPORT_MAPPING_VALUE"
    assert date_format in message


@pytest.mark.parametrize(
    "line, pointer",
    [
        ("source = 'web shop'", "/source"),
        ("store = 5", "/store"),
        ("[amounts]\nrounding = 'down'", "/amounts/rounding"),
        ("[price_zero]\nwith_customer = 'stock_correction'", "/price_zero/with_customer"),
        ("[documents]\nlines_max = true", "/documents/lines_max"),
        ("[documents]\ncancellation_prefix = 'C'\nadjustment_prefix = 'C'", "/documents/adjustment_prefix"),
        ("[countries]\ncodes = { Holland = 'Nl' }", "/countries/codes/Holland"),
        ("services = ['POST']", "/services"),
        ("[[services]]\nkind = 'goods'\nname = 'x'\ncodes = ['P']", "/services/0/kind"),
        ("[[services]]\nkind = 'post'\nname = 'x'", "/services/0/codes"),
        ("[[services]]\nkind = 'post'\nname = 'x'\ncodes = [1]", "/services/0/codes"),
        ("[[services]]\nkind = 'post'\nname = 'x'\npattern = '('", "/services/0/pattern"),
        ("file = 3", "/file"),
    ],
)
def test_wrong_values_are_refused_at_their_place(line: str, pointer: str):
    key = line.partition(" =")[0]
    rest = "\n".join(kept for kept in MINIMAL.splitlines() if not kept.startswith(f"{key} ="))
    text = f"{line}\n{rest}" if not line.startswith("[") else f"{rest}\n{line}\n"
    assert pointer in findings_of(text)


def test_one_column_has_one_meaning():
    code, message = findings_of(MINIMAL.replace('unit_price = "Price"', 'unit_price = "Pieces"'))["/columns"]
    assert code == "IMPORT_MAPPING_VALUE"
    assert '"Pieces"' in message


def test_countries_need_a_column():
    assert "columns.country" in findings_of(MINIMAL + "[countries]\ncodes = { Holland = 'NL' }\n")["/countries"][1]


def test_a_code_belongs_to_one_service_in_the_letter_case_of_the_mapping():
    text = MINIMAL.replace('product_code = "Item"', 'product_code = { column = "Item", case = "upper" }')
    services = "[[services]]\nkind = 'post'\nname = 'Post'\ncodes = ['p1']\n[[services]]\nkind = 'gift'\nname = 'Gift'\ncodes = ['P1']\n"
    assert 'claimed by "post" and by "gift"' in findings_of(text + services)["/services/1/codes"][1]


def test_listed_codes_win_over_patterns():
    services = (
        "[[services]]\nkind = 'voucher'\nname = 'Voucher'\npattern = 'G\\d+'\ntax_code = 'NONE'\n"
        "[[services]]\nkind = 'gadget'\nname = 'Gadget'\ncodes = ['G7']\n"
    )
    mapping = parse_mapping(MINIMAL + services)
    assert [mapping.kind_of(code) for code in ("G1", "G7", "G7x", "g1")] == ["voucher", "gadget", "goods", "goods"]
    assert mapping.service_of("G1").tax_code == "NONE"
    assert mapping.service_of("G7").tax_code is None


def test_broken_toml_and_missing_files_say_where(tmp_path):
    with pytest.raises(UnreadableInput, match="is no TOML"):
        parse_mapping("format = ")
    with pytest.raises(UnreadableInput, match=r"absent\.toml"):
        read_mapping(tmp_path / "absent.toml")


def test_the_fingerprint_follows_the_text(tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_text(MINIMAL, encoding="utf-8")
    assert read_mapping(path).fingerprint == parse_mapping(MINIMAL).fingerprint
    assert parse_mapping(MINIMAL + "# a comment\n").fingerprint != parse_mapping(MINIMAL).fingerprint
