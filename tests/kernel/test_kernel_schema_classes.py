"""Message classes: which annotations may stand there, how they are documented, classes that contain themselves, secrets."""

import unicodedata
from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any, Literal

import attrs
import pytest
from apispec import APISpec
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from kassa.kernel.errors import InvalidInput
from kassa.kernel.schema import (
    Code,
    Date,
    DecimalText,
    Identifier,
    Instant,
    Items,
    MessagePlugin,
    OneOf,
    Quantity,
    Range,
    Secret,
    Text,
    UnitPrice,
    schema_for,
    structure,
    unstructure,
)
from kassa.kernel.values import new_id

PROPERTY = settings(deadline=None, max_examples=500)


class Channel(Enum):
    """Where the offer holds."""

    TILL = "till"
    WEB = "web"


@attrs.frozen(kw_only=True)
class Line:
    """A line of an offer."""

    product: Code = attrs.field(metadata={"description": "Number of the product.", "examples": ["85123A"]})
    quantity: Quantity
    unit_price: UnitPrice | None = None


@attrs.frozen(kw_only=True)
class Period:
    """A span of dates."""

    start: Date
    end: Date | None = None


@attrs.frozen(kw_only=True)
class Offer:
    """Offer goods
    for a while."""

    date: Date
    lines: Annotated[tuple[Line, ...], Items(1, 5)]
    at: Instant | None = None
    customer: Identifier | None = None
    channel: Channel = Channel.TILL
    urgent: bool = False
    copies: Annotated[int, Range(0, 9)] = 1
    totals: Mapping[str, DecimalText] = attrs.field(factory=dict)
    period: Period | None = None


@attrs.frozen(kw_only=True)
class Category:
    """A node of a tree."""

    name: Text
    parent: "Category | None" = None
    children: "tuple[Category, ...]" = ()
    by_name: "Mapping[str, Category | None]" = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class SignIn:
    """Sign in to a till."""

    worker: Code
    password: Secret


def issues_of(cls: type, mapping: object) -> list[tuple[str, str]]:
    """Code and pointer of each issue that a mapping has."""
    with pytest.raises(InvalidInput) as caught:
        structure(cls, mapping)
    return [(issue.code, issue.pointer) for issue in caught.value.issues]


def offered(**changes: Any) -> dict[str, Any]:
    """The smallest offer that is accepted, with changes."""
    return {"date": "2026-11-21", "lines": [{"product": "A1", "quantity": "2"}], **changes}


def test_keys_of_mappings_are_checked_like_texts():
    assert issues_of(Offer, offered(totals={"": "1"})) == [("INPUT_TOO_SHORT", "/totals/")]
    assert issues_of(Offer, offered(totals={"é": "1", "e\u0301": "2"})) == [("INPUT_CONTRADICTORY", "/totals/e\u0301")]
    assert issues_of(Offer, offered(totals={"net": "x", "a/b": None})) == [
        ("INPUT_NOT_A_DECIMAL", "/totals/net"),
        ("INPUT_NULL", "/totals/a~1b"),
    ]


def test_schemas_refuse_keys_that_are_the_same_in_nfc_too():
    with pytest.raises(ValidationError, match="keys that differ"):
        schema_for(Offer)().load(offered(totals={"é": "1", "e\u0301": "2"}))


def test_prices_are_never_negative_not_even_as_minus_zero():
    for price in ("-1", "-0", "-0.00"):
        assert issues_of(Line, {"product": "A", "quantity": "1", "unit_price": price}) == [("INPUT_OUT_OF_RANGE", "/unit_price")]
    assert structure(Line, {"product": "A", "quantity": "-0", "unit_price": "0"}) == Line(product="A", quantity=0, unit_price=0)


def test_identifiers_in_capitals_are_made_small():
    identifier = new_id()
    assert structure(Offer, offered(customer=identifier.upper())).customer == identifier


@PROPERTY
@given(st.text(max_size=250))
def test_accepted_text_survives_in_nfc(text):
    try:
        name = structure(Category, {"name": text}).name
    except InvalidInput:
        return
    assert name == unicodedata.normalize("NFC", text)
    assert len(name) <= 200
    assert name.strip()


def test_classes_may_contain_themselves():
    tree = {
        "name": "root",
        "parent": None,
        "children": [
            {"name": "leaf", "parent": {"name": "root", "parent": None, "children": [], "by_name": {}}, "children": [], "by_name": {}}
        ],
        "by_name": {"none": None, "some": {"name": "x", "parent": None, "children": [], "by_name": {}}},
    }
    category = structure(Category, tree)
    assert category.children[0].parent == Category(name="root")
    assert unstructure(category) == tree
    assert schema_for(Category)().load(tree) == category
    assert issues_of(Category, {"name": "root", "children": [{"name": ""}]}) == [("INPUT_TOO_SHORT", "/children/0/name")]


def test_only_the_first_mistakes_are_told_in_words_and_at_most_a_hundred_are_listed():
    with pytest.raises(InvalidInput) as caught:
        structure(Category, {"name": "root", "children": [{"name": ""}] * 900})
    assert len(caught.value.issues) == 100
    assert caught.value.detail.endswith(" 97 more.")


def test_secrets_are_neither_repeated_in_errors_nor_written():
    for password in (12345678, ["hunter2"], "hunter2\x00", "x" * 1001):
        with pytest.raises(InvalidInput) as caught:
            structure(SignIn, {"worker": "W1", "password": password})
        (issue,) = caught.value.issues
        assert issue.got is None
        assert "hunter2" not in str(caught.value.as_problem())
        assert "12345678" not in str(caught.value.as_problem())
    signed_in = structure(SignIn, {"worker": "W1", "password": "hunter2"})
    assert signed_in.password == "hunter2"
    assert unstructure(signed_in) == {"worker": "W1", "password": None}


def openapi(cls: type) -> dict[str, Any]:
    """The schemas that a host would publish for a class."""
    spec = APISpec(title="t", version="1", openapi_version="3.1.0", plugins=[MessagePlugin()])
    spec.components.schema(schema_for(cls).__name__, schema=schema_for(cls))
    schemas: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    return schemas


def test_schemas_are_documented_under_the_names_of_their_classes():
    schemas = openapi(Offer)
    assert set(schemas) == {"Offer", "Line", "Period"}
    assert schemas["Offer"]["description"] == "Offer goods for a while."
    assert schemas["Offer"]["required"] == ["date", "lines"]
    assert schemas["Offer"]["additionalProperties"] is False
    assert list(schemas["Offer"]["properties"]) == [attribute.name for attribute in attrs.fields(Offer)]


def test_fields_are_documented_with_type_limits_words_and_examples():
    properties = {**openapi(Offer)["Offer"]["properties"], **openapi(Offer)["Line"]["properties"]}
    assert properties["product"] == {
        "type": "string",
        "description": "Number of the product.",
        "examples": ["85123A"],
        "minLength": 1,
        "maxLength": 40,
        "pattern": r"^(?:[A-Za-z0-9_.\-/]+)$",
    }
    assert properties["quantity"]["type"] == "string"
    assert properties["quantity"]["format"] == "decimal"
    assert properties["quantity"]["pattern"] == r"^-?[0-9]{1,10}(\.[0-9]{1,3})?$"
    assert properties["unit_price"]["type"] == ["string", "null"]
    assert properties["unit_price"]["default"] is None
    assert properties["channel"] == {"type": "string", "enum": ["till", "web"], "default": "till"}
    assert properties["copies"] == {"type": "integer", "minimum": 0, "maximum": 9, "default": 1}
    assert properties["urgent"] == {"type": "boolean", "default": False}
    assert properties["lines"] == {"type": "array", "items": {"$ref": "#/components/schemas/Line"}, "minItems": 1, "maxItems": 5}
    assert properties["period"] == {"anyOf": [{"$ref": "#/components/schemas/Period"}, {"type": "null"}], "default": None}
    assert properties["totals"]["additionalProperties"]["format"] == "decimal"
    assert properties["date"]["format"] == "date"
    assert properties["at"]["format"] == "date-time"
    assert properties["customer"]["format"] == "uuid"
    assert openapi(SignIn)["SignIn"]["properties"]["password"]["writeOnly"] is True


def test_schemas_are_made_once_and_may_be_named():
    @attrs.frozen(kw_only=True)
    class View:
        """A view."""

        __schema_name__ = "ReturnsView"
        kind: Literal["a", "b"] | None = None

    assert schema_for(View) is schema_for(View)
    assert schema_for(View).__name__ == "ReturnsView"
    assert openapi(View)["ReturnsView"]["properties"]["kind"] == {"type": ["string", "null"], "enum": ["a", "b", None], "default": None}


def test_fields_outside_the_initialiser_are_written_and_never_read():
    @attrs.frozen(kw_only=True)
    class Counted:
        """A view that counts."""

        names: tuple[str, ...]
        count: int = attrs.field(init=False)

        def __attrs_post_init__(self) -> None:
            object.__setattr__(self, "count", len(self.names))

    counted = structure(Counted, {"names": ["a", "b"]})
    assert unstructure(counted) == {"names": ["a", "b"], "count": 2}
    assert schema_for(Counted)().dump(counted) == {"names": ["a", "b"], "count": 2}
    assert issues_of(Counted, {"names": [], "count": 5}) == [("INPUT_UNKNOWN_FIELD", "/count")]
    with pytest.raises(ValidationError):
        schema_for(Counted)().load({"names": [], "count": 5})


def test_classes_made_at_run_time_are_messages_too():
    made = attrs.make_class("Extended", {"extra": attrs.field(type=Quantity)}, frozen=True, kw_only=True, bases=(Line,))
    mapping = {"product": "A", "quantity": "1", "unit_price": None, "extra": "2.5"}
    assert unstructure(structure(made, mapping)) == mapping


@attrs.frozen(kw_only=True)
class Choices:
    """Choices of every type, and defaults of every shape."""

    number: Literal[1, 2] = 1
    sure: Literal[True] = True
    either: Literal["auto", 1, True] = "auto"
    tag: Annotated[str, OneOf(["gift", "staff"])] = "gift"
    span: Period = Period(start="2026-01-01")
    days: tuple[Date, ...] = ("2026-01-01",)
    limits: Mapping[str, Quantity] = attrs.field(default={"a": 1500})


def test_choices_are_compared_with_their_type():
    assert structure(Choices, {"number": 2, "sure": True, "either": True}).either is True
    assert structure(Choices, {"either": 1}).either == 1
    wrong = {"number": True, "sure": 1, "either": "1", "tag": "loan", "span": None}
    assert issues_of(Choices, wrong) == [
        ("INPUT_NOT_ALLOWED", "/number"),
        ("INPUT_NOT_ALLOWED", "/sure"),
        ("INPUT_NOT_ALLOWED", "/either"),
        ("INPUT_NOT_ALLOWED", "/tag"),
        ("INPUT_NULL", "/span"),
    ]


def test_defaults_are_documented_as_they_are_written():
    properties = openapi(Choices)["Choices"]["properties"]
    assert properties["number"] == {"type": "integer", "enum": [1, 2], "default": 1}
    assert properties["sure"] == {"type": "boolean", "enum": [True], "default": True}
    assert properties["either"] == {"enum": ["auto", 1, True], "default": "auto"}
    assert properties["span"]["default"] == {"start": "2026-01-01", "end": None}
    assert properties["days"]["default"] == ["2026-01-01"]
    assert properties["limits"]["default"] == {"a": "1.5"}
