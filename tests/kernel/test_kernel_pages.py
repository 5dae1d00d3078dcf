"""Pages: keyset pagination with cursors that only we can make."""

import base64
import json

import attrs
import pytest

from kassa.kernel.errors import InvalidInput
from kassa.kernel.operations import PageRequest, cursor_of, page, page_of, read_cursor
from kassa.kernel.schema import structure, unstructure

ID = "01a1f900-0000-7000-8000-000000000001"


@attrs.frozen(kw_only=True)
class LampView:
    """A lamp."""

    name: str


def forged(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def test_a_cursor_comes_back_as_it_was():
    assert read_cursor(cursor_of(["Grüße", 7, ID]), 3, identifiers=(2,)) == ["Grüße", 7, ID]
    assert read_cursor(None, 2) is None


NO_VALUES = ({"a": 1}, "a", [], [1, 2], [None], [True], [1.5], [2**63], [-(2**63) - 1], ["a\0b"], ["\ud800"], [["a"]])
NESTED = base64.urlsafe_b64encode(b"[" * 1400).decode()


@pytest.mark.parametrize("cursor", ["", "!", "ü", "AAAA", "a" * 5000, NESTED, *map(forged, NO_VALUES)])
def test_what_is_no_cursor_is_refused(cursor):
    with pytest.raises(InvalidInput) as caught:
        read_cursor(cursor, 1)
    assert [(issue.code, issue.pointer) for issue in caught.value.issues] == [("INPUT_CURSOR", "/after")]


@pytest.mark.parametrize("value", ["x", 7, ID.upper(), ID + "\n"])
def test_where_an_identifier_stands_nothing_else_is_taken(value):
    with pytest.raises(InvalidInput):
        read_cursor(forged([value]), 1, identifiers=(0,))


@pytest.mark.parametrize("count, shown, more", [(0, 0, False), (2, 2, False), (3, 2, True)])
def test_a_page_tells_whether_there_is_another(count, shown, more):
    lamps = [LampView(name=f"lamp {place}") for place in range(count)]
    body = unstructure(page(PageRequest(limit=2), LampView, lamps, lambda lamp: (lamp.name,)))
    assert len(body["items"]) == shown
    assert (body["next"] is not None) is more
    if more:
        assert read_cursor(body["next"], 1) == ["lamp 1"]


def test_the_class_of_a_page_is_made_once():
    assert page_of(LampView) is page_of(LampView)
    assert page_of(LampView).__name__ == "LampPage"


@pytest.mark.parametrize("limit", [0, 501, -1])
def test_a_page_has_bounds(limit):
    with pytest.raises(InvalidInput):
        structure(PageRequest, {"limit": limit})
