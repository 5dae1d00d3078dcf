"""What cannot be a message is refused when its schema is made; query parameters become the types of a request."""

from collections.abc import Mapping
from typing import Annotated

import attrs
import pytest

from kassa.kernel.errors import InvalidInput
from kassa.kernel.schema import Code, DecimalText, Range, from_query, schema_for, structure


class Broken:
    """Holds what cannot be a message."""

    @attrs.frozen
    class Fraction:
        ratio: float

    @attrs.frozen
    class Either:
        value: int | str

    @attrs.frozen
    class Pair:
        pair: tuple[int, int]

    @attrs.frozen
    class Keys:
        by_number: Mapping[int, str]

    @attrs.frozen
    class Unknown:
        line: "Nowhere"  # noqa: F821

    @attrs.frozen
    class Deep:
        inner: "tuple[Broken.Fraction, ...]"

    class Plain:
        pass


@pytest.mark.parametrize(
    "cls, words",
    [
        (Broken.Fraction, r"Broken\.Fraction\.ratio: <class 'float'> cannot be a field"),
        (Broken.Either, r"Broken\.Either\.value: .* is a union; only X \| None"),
        (Broken.Pair, r"Broken\.Pair\.pair: .* has a fixed length"),
        (Broken.Keys, r"Broken\.Keys\.by_number: .* keys that are no text"),
        (Broken.Unknown, r"Broken\.Unknown: .*Nowhere.* must be importable"),
        (Broken.Deep, r"Broken\.Fraction\.ratio"),
        (Broken.Plain, r"Broken\.Plain is no attrs class"),
    ],
)
def test_classes_that_cannot_be_messages_are_refused_when_their_schema_is_made(cls, words):
    with pytest.raises(TypeError, match=words):
        schema_for(cls)


def test_query_parameters_become_the_types_of_the_request():
    @attrs.frozen(kw_only=True)
    class ListSales:
        """List sales."""

        limit: Annotated[int, Range(1, 200)] = 50
        count: bool = False
        state: tuple[Code, ...] = ()
        number: tuple[int, ...] = ()
        minimum: DecimalText | None = None

    given_texts = {"limit": ["20"], "count": ["true"], "state": ["open"], "number": ["1", "2"], "minimum": ["12"]}
    assert structure(ListSales, from_query(ListSales, given_texts)) == ListSales(
        limit=20, count=True, state=("open",), number=(1, 2), minimum="12"
    )
    wrong = {"limit": ["20", "30"], "count": ["yes"], "number": ["1", "x"], "stat": ["open"]}
    with pytest.raises(InvalidInput) as caught:
        structure(ListSales, from_query(ListSales, wrong))
    assert [(issue.code, issue.pointer) for issue in caught.value.issues] == [
        ("INPUT_WRONG_TYPE", "/limit"),
        ("INPUT_WRONG_TYPE", "/count"),
        ("INPUT_WRONG_TYPE", "/number/1"),
        ("INPUT_UNKNOWN_FIELD", "/stat"),
    ]
    with pytest.raises(InvalidInput, match=r"^/limit: expected a whole number from 1 to 200"):
        structure(ListSales, from_query(ListSales, {"limit": ["9" * 50]}))
