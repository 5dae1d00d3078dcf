"""Messages: reading, writing and documenting attrs classes, with every mistake of a request found at once."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from kassa.kernel.errors import INPUT_CODES, InvalidInput
from kassa.kernel.schema import (
    Amount,
    Code,
    CurrencyCode,
    Date,
    DecimalText,
    Identifier,
    Instant,
    Items,
    JsonObject,
    JsonValue,
    Length,
    LongText,
    OneOf,
    Pattern,
    Quantity,
    Range,
    Rate,
    Text,
    UnitPrice,
    schema_for,
    structure,
    unstructure,
)
from kassa.kernel.values import new_id

PROPERTY = settings(deadline=None, max_examples=500)


class Channel(Enum):
    """Where the sale was made."""

    TILL = "till"
    WEB = "web"


@attrs.frozen(kw_only=True)
class Line:
    """A line of a sale."""

    product: Code = attrs.field(metadata={"description": "Number of the product.", "examples": ["85123A"]})
    quantity: Quantity
    unit_price: UnitPrice | None = None
    discounts: tuple[Rate, ...] = ()


@attrs.frozen(kw_only=True)
class Period:
    """A span of dates."""

    start: Date
    end: Date | None = None

    def __attrs_post_init__(self) -> None:
        """The end does not stand before the start."""
        if self.end is not None and self.end < self.start:
            raise ValueError(f"end {self.end} is before start {self.start}")


@attrs.frozen(kw_only=True)
class Sale:
    """Sell goods
    over the counter."""

    store: Code
    currency: CurrencyCode
    date: Date
    at: Instant | None = None
    customer: Identifier | None = None
    comment: LongText = ""
    title: Text | None = None
    paid: Amount | None = None
    channel: Channel = Channel.TILL
    mode: Literal["keep", "recalculate"] = "keep"
    urgent: bool = False
    copies: Annotated[int, Range(0, 9)] = 1
    serial: int | None = None
    lines: Annotated[tuple[Line, ...], Items(1, 5)]
    totals: Mapping[str, DecimalText] = attrs.field(factory=dict)
    extensions: JsonObject = attrs.field(factory=dict)
    note: JsonValue = None
    period: Period | None = None
    tags: tuple[Annotated[str, OneOf(["gift", "staff"])], ...] = ()
    initials: Annotated[str, Length(1, 3), Pattern("[A-Z]+", "up to three capitals")] | None = None


def minimal(**changes: Any) -> dict[str, Any]:
    """The smallest sale that is accepted, with changes; a change to `...` leaves the field out."""
    base: dict[str, Any] = {"store": "S1", "currency": "EUR", "date": "2026-11-21", "lines": [{"product": "A1", "quantity": "2"}]}
    return {name: value for name, value in {**base, **changes}.items() if value is not ...}


def full() -> dict[str, Any]:
    """A sale in which every field is given, as it is written again."""
    return {
        "store": "S1",
        "currency": "EUR",
        "date": "2026-11-21",
        "at": "2026-11-21T12:00:00.000000Z",
        "customer": new_id(),
        "comment": "Line one\n\tLine two",
        "title": "Café 🛒",
        "paid": "12.50",
        "channel": "web",
        "mode": "recalculate",
        "urgent": True,
        "copies": 2,
        "serial": -(2**53),
        "lines": [
            {"product": "A/1_b.c-2", "quantity": "-1.5", "unit_price": "9.99", "discounts": ["0.1", "-0.25"]},
            {"product": "B", "quantity": "0", "unit_price": None, "discounts": []},
        ],
        "totals": {"net": "10.00", "tax": "-2.50"},
        "extensions": {"delivery": {"floor": 3, "lift": False, "names": ["a", None]}},
        "note": ["free", {"form": 1}],
        "period": {"start": "2026-01-01", "end": "2026-12-31"},
        "tags": ["gift"],
        "initials": "ABC",
    }


def issues_of(cls: type, mapping: object) -> list[tuple[str, str]]:
    """Code and pointer of each issue that a mapping has."""
    with pytest.raises(InvalidInput) as caught:
        structure(cls, mapping)
    declared = {code.code for code in INPUT_CODES}
    assert all(issue.code in declared for issue in caught.value.issues)
    return [(issue.code, issue.pointer) for issue in caught.value.issues]


def test_numbers_dates_and_choices_become_python_values():
    sale = structure(Sale, full())
    assert sale.lines == (
        Line(product="A/1_b.c-2", quantity=-1500, unit_price=9_990_000, discounts=(100_000, -250_000)),
        Line(product="B", quantity=0),
    )
    assert sale.at == 1_795_262_400_000_000
    assert sale.paid == Decimal("12.50")
    assert sale.channel is Channel.WEB
    assert sale.period == Period(start="2026-01-01", end="2026-12-31")
    assert sale.extensions == {"delivery": {"floor": 3, "lift": False, "names": ["a", None]}}


def test_defaults_stand_in_for_fields_that_are_left_out():
    sale = structure(Sale, minimal())
    assert sale == Sale(store="S1", currency="EUR", date="2026-11-21", lines=(Line(product="A1", quantity=2000),))


def test_what_is_read_is_written_as_it_was_with_nulls_kept():
    mapping = full()
    assert unstructure(structure(Sale, mapping)) == mapping
    assert list(unstructure(structure(Sale, mapping))) == [attribute.name for attribute in attrs.fields(Sale)]
    assert unstructure(Line(product="A", quantity=1)) == {"product": "A", "quantity": "0.001", "unit_price": None, "discounts": []}


def test_every_mistake_is_reported_at_once_where_it_stands():
    mapping = minimal(
        store="S 1",
        curency="EUR",
        currency="XAU",
        date="2026-02-30",
        customer="42",
        copies=10,
        urgent=1,
        mode="forget",
        lines=[{"product": "", "quantity": 3}, 7, {"quantity": "1.2345", "a/b~c": 1}],
        period={"start": "2026-12-31", "end": "2026-01-01"},
    )
    assert sorted(issues_of(Sale, mapping), key=lambda issue: issue[1]) == [
        ("INPUT_OUT_OF_RANGE", "/copies"),
        ("INPUT_UNKNOWN_FIELD", "/curency"),
        ("INPUT_UNKNOWN_CURRENCY", "/currency"),
        ("INPUT_NOT_AN_IDENTIFIER", "/customer"),
        ("INPUT_NOT_A_DATE", "/date"),
        ("INPUT_TOO_SHORT", "/lines/0/product"),
        ("INPUT_NOT_A_DECIMAL", "/lines/0/quantity"),
        ("INPUT_WRONG_TYPE", "/lines/1"),
        ("INPUT_UNKNOWN_FIELD", "/lines/2/a~1b~0c"),
        ("INPUT_MISSING", "/lines/2/product"),
        ("INPUT_TOO_MANY_PLACES", "/lines/2/quantity"),
        ("INPUT_NOT_ALLOWED", "/mode"),
        ("INPUT_CONTRADICTORY", "/period"),
        ("INPUT_BAD_FORMAT", "/store"),
        ("INPUT_WRONG_TYPE", "/urgent"),
    ]


def test_an_issue_says_what_was_expected_what_came_and_what_to_do():
    with pytest.raises(InvalidInput) as caught:
        structure(Sale, minimal(lines=[{"product": "A1", "quantity": 3, "unit_prise": "1"}]))
    quantity, unknown = caught.value.issues
    assert quantity.message.startswith("/lines/0/quantity: expected a decimal string from -1000000000 to 1000000000")
    assert 'got the number 3. Send digits with a point as text in quotes, such as "12.5".' in quantity.message
    assert quantity.expected == {"type": "decimal string", "places": "3", "minimum": "-1000000000", "maximum": "1000000000"}
    assert quantity.got == "the number 3"
    assert unknown.action == 'Did you mean "unit_price"?'
    assert caught.value.detail == f"{quantity.message} {unknown.message}"


@pytest.mark.parametrize("root", [None, [], "text", 5, True])
def test_the_request_itself_must_be_an_object(root):
    assert issues_of(Sale, root) == [("INPUT_WRONG_TYPE", "")]


HOSTILE_NUMBERS = [0, 1, 1.5, True, None, [], {}, Decimal("1.5"), "", " ", "NaN", "Infinity", "1e3", "１２", "1_000", "+1", "1.", ".5",
                   " 1", "1 ", "9" * 100_000, "-", "1,5", "\x00", "1\ud800"]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE_NUMBERS, ids=lambda value: repr(value)[:20])
def test_quantities_are_decimal_strings_and_nothing_else(value):
    found = issues_of(Sale, minimal(lines=[{"product": "A1", "quantity": value}]))
    assert found in ([("INPUT_NOT_A_DECIMAL", "/lines/0/quantity")], [("INPUT_NULL", "/lines/0/quantity")])


@pytest.mark.parametrize(
    "field, value, code",
    [
        ("store", None, "INPUT_NULL"),
        ("store", ..., "INPUT_MISSING"),
        ("store", 5, "INPUT_WRONG_TYPE"),
        ("store", "x" * 41, "INPUT_TOO_LONG"),
        ("store", "é", "INPUT_BAD_FORMAT"),
        ("store", "A\n", "INPUT_BAD_TEXT"),
        ("title", "", "INPUT_TOO_SHORT"),
        ("title", " \u3000", "INPUT_TOO_SHORT"),
        ("title", "a\x00b", "INPUT_BAD_TEXT"),
        ("title", "\ud83d", "INPUT_BAD_TEXT"),
        ("title", "a\nb", "INPUT_BAD_TEXT"),
        ("title", "x" * 201, "INPUT_TOO_LONG"),
        ("title", "é" * 100_000, "INPUT_TOO_LONG"),
        ("comment", "a\rb", "INPUT_BAD_TEXT"),
        ("comment", None, "INPUT_NULL"),
        ("currency", "eur", "INPUT_UNKNOWN_CURRENCY"),
        ("currency", "XXX", "INPUT_UNKNOWN_CURRENCY"),
        ("date", "2026-1-1", "INPUT_NOT_A_DATE"),
        ("date", 20261121, "INPUT_NOT_A_DATE"),
        ("at", "2026-11-21T12:00:00", "INPUT_NOT_AN_INSTANT"),
        ("at", 1_795_262_400_000_000, "INPUT_NOT_AN_INSTANT"),
        ("customer", "0192abcd", "INPUT_NOT_AN_IDENTIFIER"),
        ("paid", "1234567890123", "INPUT_OUT_OF_RANGE"),
        ("paid", "1.1234567", "INPUT_TOO_MANY_PLACES"),
        ("paid", 12, "INPUT_NOT_A_DECIMAL"),
        ("channel", "TILL", "INPUT_NOT_ALLOWED"),
        ("channel", 1, "INPUT_NOT_ALLOWED"),
        ("mode", ["keep"], "INPUT_NOT_ALLOWED"),
        ("urgent", "true", "INPUT_WRONG_TYPE"),
        ("urgent", 0, "INPUT_WRONG_TYPE"),
        ("copies", True, "INPUT_WRONG_TYPE"),
        ("copies", Decimal("1.0"), "INPUT_WRONG_TYPE"),
        ("copies", "1", "INPUT_WRONG_TYPE"),
        ("copies", -1, "INPUT_OUT_OF_RANGE"),
        ("serial", 2**53 + 1, "INPUT_OUT_OF_RANGE"),
        ("serial", 10**3000, "INPUT_OUT_OF_RANGE"),
        ("lines", [], "INPUT_TOO_FEW_ITEMS"),
        ("lines", [{"product": "A", "quantity": "1"}] * 6, "INPUT_TOO_MANY_ITEMS"),
        ("lines", {"product": "A", "quantity": "1"}, "INPUT_WRONG_TYPE"),
        ("lines", "AB", "INPUT_WRONG_TYPE"),
        ("lines", None, "INPUT_NULL"),
        ("totals", [], "INPUT_WRONG_TYPE"),
        ("totals", None, "INPUT_NULL"),
        ("totals", {str(key): "1" for key in range(101)}, "INPUT_TOO_MANY_ITEMS"),
        ("extensions", {"a": 1.5}, "INPUT_WRONG_TYPE"),
        ("note", Decimal("1.5"), "INPUT_WRONG_TYPE"),
        ("note", 2**60, "INPUT_WRONG_TYPE"),
        ("note", {"a": "\x00"}, "INPUT_BAD_TEXT"),
        ("note", {"é": 1, "e\u0301": 2}, "INPUT_CONTRADICTORY"),
        ("note", {5: 1}, "INPUT_WRONG_TYPE"),
        ("note", "x" * 20_001, "INPUT_TOO_LONG"),
        ("period", {"start": "2026-02-01", "end": "2026-01-01"}, "INPUT_CONTRADICTORY"),
        ("initials", "abc", "INPUT_BAD_FORMAT"),
        ("initials", "ABCD", "INPUT_TOO_LONG"),
    ],
    ids=lambda value: repr(value)[:24],
)  # fmt: skip
def test_each_kind_of_mistake_has_its_code(field, value, code):
    mapping = minimal(**{field: value})
    (found,) = issues_of(Sale, mapping)
    assert found[0] == code
    assert found[1].startswith(f"/{field}")
    with pytest.raises(ValidationError):
        schema_for(Sale)().load(mapping)


def test_nesting_of_free_values_is_bounded():
    deep: Any = "end"
    for _ in range(32):
        deep = [deep]
    assert structure(Sale, minimal(note=deep)).note == deep
    assert issues_of(Sale, minimal(note=[deep])) == [("INPUT_WRONG_TYPE", "/note")]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["1", "12.50", "EUR", "x-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def sales(draw: st.DrawFn) -> dict[str, Any]:
    """A sale that is accepted, with some members replaced, removed or added at random."""
    mapping = draw(st.sampled_from([minimal, full]))()
    for _ in range(draw(st.integers(0, 3))):
        holder: Any = mapping
        if draw(st.booleans()) and isinstance(mapping.get("lines"), list) and mapping["lines"] and isinstance(mapping["lines"][0], dict):
            holder = mapping["lines"][0]
        known = [*(attribute.name for attribute in attrs.fields(Line if holder is not mapping else Sale)), "unknown"]
        name = draw(st.sampled_from(known))
        act = draw(st.sampled_from(["replace", "replace", "remove"]))
        if act == "remove":
            holder.pop(name, None)
        else:
            holder[name] = draw(json_values)
    return mapping


@PROPERTY
@given(sales())
def test_schema_and_structure_accept_the_same_and_read_the_same(mapping):
    try:
        read = structure(Sale, mapping)
    except InvalidInput:
        with pytest.raises(ValidationError):
            schema_for(Sale)().load(mapping)
        return
    assert schema_for(Sale)().load(mapping) == read
    assert schema_for(Sale)().dump(read) == unstructure(read)
    assert structure(Sale, unstructure(read)) == read
