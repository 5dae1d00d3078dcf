"""Strict JSON: what is read, what is refused, and fingerprints of requests."""

import json
import unicodedata
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel.errors import UnreadableInput
from kassa.kernel.schema import json_fingerprint, loads

PROPERTY = settings(deadline=None, max_examples=300)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@PROPERTY
@given(json_values, st.booleans())
def test_json_without_fractions_is_read_as_it_was_written(value, ascii_only):
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert loads(text.encode("utf-8", "surrogatepass") if ascii_only else text) == value


def test_numbers_with_fractions_stay_exact_and_distinguishable():
    assert loads(b'{"a": 0.1, "b": 1.0, "c": 1e3, "d": 1}') == {"a": Decimal("0.1"), "b": Decimal("1.0"), "c": Decimal("1E+3"), "d": 1}
    assert type(loads(b"1.0")) is Decimal
    assert type(loads(b"1")) is int


@pytest.mark.parametrize(
    "body, words",
    [
        (b"", "Not JSON: Expecting value at line 1, column 1"),
        (b"{", "Not JSON"),
        (b"{'a': 1}", "Not JSON"),
        (b'{"a": 1,}', "Not JSON"),
        (b'{"a": 1} x', "Not JSON: Extra data"),
        (b'{"a": 01}', "Not JSON"),
        (b'{"a": +1}', "Not JSON"),
        (b'{"a": "\x01"}', "Not JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "Not JSON"),
        (b'{"a": "\xff"}', "Not UTF-8: byte 8"),
        ('{"a": 1}'.encode("utf-16"), "Not UTF-8"),
        (b'{"a": NaN}', "NaN is no JSON number"),
        (b'{"a": Infinity}', "Infinity is no JSON number"),
        (b'{"a": -Infinity}', "-Infinity is no JSON number"),
        (b'{"qty": 1, "qty": -5}', 'The key "qty" stands twice'),
        (b'[{"a": {"b": 1, "c": 2, "b": 1}}]', 'The key "b" stands twice'),
        (b'{"a": 100000000000000000000}', "A number has 21 digits"),
        (b'{"a": ' + b"9" * 1_000_000 + b"}", "A number has 1000000 digits"),
        (b'{"a": 1.' + b"9" * 100 + b"}", "A number has 102 characters"),
        (b'{"a": 1e9999999999999999999999}', "The number 1e9999999999999999999999 cannot be read"),
        (b"[1e-9999999999999999999999]", "The number 1e-9999999999999999999999 cannot be read"),
        (b"[" * 33 + b"]" * 33, "Nested deeper than 32"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "Nested deeper than 32"),
        (b"[" * 100_000, "Nested deeper than 32"),
        (b'"' + b"[" * 50 + b'" ' + b"[" * 33, "Nested deeper than 32"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_ambiguous_or_oversized_json_is_refused(body, words):
    with pytest.raises(UnreadableInput, match="^" + words.replace("(", r"\(")) as caught:
        loads(body)
    assert caught.value.status == 400
    assert len(caught.value.detail) < 200


def test_nesting_up_to_the_limit_is_read_and_brackets_in_texts_do_not_count():
    assert json.dumps(loads(b"[" * 32 + b"]" * 32)) == "[" * 32 + "]" * 32
    assert loads(b"[" + b"[],{}," * 500 + b"[]]")[-1] == []
    brackets = '[{"\\' * 40
    assert loads(json.dumps([brackets, {brackets: 1}])) == [brackets, {brackets: 1}]


def test_huge_exponents_are_kept_unconverted():
    assert loads(b"1e1000000") == Decimal("1E+1000000")


def test_fingerprints_do_not_depend_on_order_blanks_or_the_form_of_accents():
    one = loads(b'{"b": [1, {"d": null, "c": true}], "a": "\xc3\xa9"}')
    other = loads(b'{ "a" : "e\\u0301" ,"b":[1,{"c":true,"d":null}]}')
    assert one != other
    assert json_fingerprint(one) == json_fingerprint(other)
    assert len(json_fingerprint(one)) == 64
    assert json_fingerprint({"e\u0301": 1, "f": 2}) == json_fingerprint({"f": 2, "\u00e9": 1})


@pytest.mark.parametrize(
    "one, other",
    [
        ({"a": 1}, {"a": "1"}),
        ({"a": 1}, {"a": True}),
        ({"a": None}, {}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": Decimal("1.5")}, {"a": "1.5"}),
        ({"a": Decimal("1.5")}, {"a": Decimal("1.50")}),
        ({"a": "x\ud800"}, {"a": "x"}),
    ],
)
def test_fingerprints_of_different_contents_differ(one, other):
    assert json_fingerprint(one) != json_fingerprint(other)


@PROPERTY
@given(st.dictionaries(st.text(max_size=6), json_values, max_size=4))
def test_fingerprints_are_stable_under_normalisation(mapping):
    decomposed = json.loads(unicodedata.normalize("NFD", json.dumps(mapping, ensure_ascii=False)))
    composed = json.loads(unicodedata.normalize("NFC", json.dumps(mapping, ensure_ascii=False)))
    if len(decomposed) == len(mapping) == len(composed):
        assert json_fingerprint(decomposed) == json_fingerprint(composed)


def test_fingerprints_read_any_mapping_like_a_dictionary():
    assert json_fingerprint(MappingProxyType({"a": MappingProxyType({"b": ("c",)})})) == json_fingerprint({"a": {"b": ["c"]}})


def test_fingerprints_refuse_what_is_no_json():
    with pytest.raises(TypeError, match="object is not JSON; use unstructure first"):
        json_fingerprint({"a": object()})
