"""Requests as they are written on a command line: @FILE.json, - for standard input, KEY=VALUE, KEY:=JSON."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kassa.kernel.contributions import Operation

EXACT = re.compile(r"(\w+):=(.*)", re.DOTALL)
PLAIN = re.compile(r"(\w+)=(.*)", re.DOTALL)


def request_of(operation: Operation, parts: Iterable[str]) -> dict[str, Any]:
    """Put a request together, later parts before earlier ones; UsageError names a part that cannot be read."""
    request: dict[str, Any] = {}
    texts: dict[str, list[str]] = {}
    for part in parts:
        if part == "-":
            request |= _object(sys.stdin.read(), "standard input")
        elif part.startswith("@"):
            request |= _object(_file(part[1:]), part[1:])
        elif (exact := EXACT.fullmatch(part)) is not None:
            request[exact[1]] = _value(exact[2], exact[1])
        elif (plain := PLAIN.fullmatch(part)) is not None:
            texts.setdefault(plain[1], []).append(plain[2])
        else:
            raise click.UsageError(f"{part!r} is no part of a request. Give @FILE.json, -, KEY=VALUE or KEY:=JSON.")
    return request | _typed(operation, texts)


def _typed(operation: Operation, texts: dict[str, list[str]]) -> dict[str, Any]:
    """Texts as the request's fields want them: numbers and booleans by their shape, objects and lists as JSON."""
    from kassa.kernel.schema import from_query

    composed = _composed(operation.request)
    read: dict[str, Any] = {}
    for name in [name for name in texts if name in composed and texts[name][-1][:1] in ("{", "[")]:
        read[name] = _value(texts.pop(name)[-1], name)
    return from_query(operation.request, texts) | read


def _composed(message: type) -> set[str]:
    """The fields that may be written as JSON: objects, lists, and those that take anything."""
    from kassa.kernel.schema.scalars import Scalar
    from kassa.kernel.schema.shapes import fields_of

    return {field.alias for field in fields_of(message) if not isinstance(field.shape, Scalar) or field.shape.json_type == "any"}


def _file(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{name} cannot be read: {error}") from error


def _value(text: str, where: str) -> Any:
    from kassa.kernel.errors import KassaError
    from kassa.kernel.schema import loads

    try:
        return loads(text)
    except (KassaError, ValueError) as error:
        raise click.UsageError(f"{where} is no JSON: {error}") from error


def _object(text: str, where: str) -> dict[str, Any]:
    value = _value(text, where)
    if not isinstance(value, dict):
        raise click.UsageError(f"{where} holds {json.dumps(value, default=str)[:40]}; expected an object with the fields of the request.")
    return value
