"""From query and path parameters, which are all text, to the JSON types that a request class expects."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kassa.kernel.schema.scalars import Scalar
from kassa.kernel.schema.shapes import ListOf, Shape, fields_of

_INTEGER = re.compile(r"-?[0-9]{1,16}")
_BOOLEANS = {"true": True, "false": False}


def from_query(cls: type, parameters: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The mapping to give to `structure`: whole numbers, booleans and lists made of their texts, all else as it came.

    A parameter given several times becomes a list, which `structure` refuses where no list is expected; so it does with
    texts that are no number or boolean, for they stay texts.
    """
    shapes = {field.name: field.shape for field in fields_of(cls)}
    return {name: _converted(shapes.get(name), list(texts)) for name, texts in parameters.items()}


def _converted(shape: Shape | None, texts: list[str]) -> Any:
    """The texts of one parameter as the shape wants them."""
    if isinstance(shape, ListOf):
        return [_single(shape.item, text) for text in texts]
    return _single(shape, texts[0]) if len(texts) == 1 else texts


def _single(shape: Shape | None, text: str) -> Any:
    """One text as a number or a boolean where the shape is one."""
    if isinstance(shape, Scalar):
        if shape.json_type == "integer" and _INTEGER.fullmatch(text):
            return int(text)
        if shape.json_type == "boolean":
            return _BOOLEANS.get(text, text)
    return text
