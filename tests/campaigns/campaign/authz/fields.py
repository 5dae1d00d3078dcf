"""Foreign things in queries and bodies: a field by the name of a record, anywhere in a documented request, is given a foreign one."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from campaign.authz.asking import HERE, PART, SOMETHING, Asked
from campaign.authz.matrix import declared_operations
from campaign.authz.records import SHARED, key_of, shared_values
from campaign.authz.town import Town
from campaign.report import Report

ATTACKER = "own"


def look(town: Town, report: Report, own: Mapping[str, str], theirs: Mapping[str, str], part: random.Random | None) -> None:
    """A foreign thing is answered like one that is not there, and what would be done is only shown."""
    requests, tried, named = town.requests(), 0, 0
    for row in declared_operations(town):
        if part is not None and part.random() > PART:
            continue
        asked = requests[row["operation"]]
        values = shared_values() | {name: own[key] for name in asked.names if (key := key_of(row["operation"], name, own)) in own}
        for name, place, put in [*_in_query(asked), *_in_body(asked)]:
            key = key_of(row["operation"], name, theirs)
            if key not in theirs or name in SHARED:
                continue
            told = [put(value).send(ATTACKER, values, preview=True, mask=[value]) for value in (theirs[key], SOMETHING)]
            report.acts += 2
            tried, named = tried + 1, named + (told[0].status in (404, 422) and HERE in told[0].words)
            report.expect(told[0] == told[1], f"foreign: {told[0]}; not there: {told[1]}", f"{row['operation']} with {name} in {place}")
    report.figures |= {"fields": tried, "fields refused by name": named}


def _in_query(asked: Asked) -> Iterator[tuple[str, str, Any]]:
    for name in asked.filters:
        yield name, "the query", lambda value, name=name: attrs.evolve(asked, query={**asked.query, name: value})


def _in_body(asked: Asked) -> Iterator[tuple[str, str, Any]]:
    for path in _fields(asked.body, ()):
        yield path[-1], f"/{'/'.join(map(str, path))}", lambda value, path=path: attrs.evolve(asked, body=_with(asked.body, path, value))


def _fields(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The places of all texts that stand under a name."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        if isinstance(part, str) and isinstance(name, str):
            yield (*path, name)
        else:
            yield from _fields(part, (*path, name))


def _with(body: Any, path: tuple[Any, ...], value: str) -> Any:
    changed = place = copy.deepcopy(body)
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed
