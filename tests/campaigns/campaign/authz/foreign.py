"""Foreign things: ids of another legal entity's real data in paths and bodies; the answer is that of something that is not there."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

from campaign.authz.matrix import IN_BRACES, SOMETHING, declared_operations, requests
from campaign.authz.records import SHARED, made
from campaign.authz.town import OTHER_STORE, Town
from campaign.counting import gained
from campaign.report import Report
from campaign.scenarios import SCENARIOS, Stage
from kassa.kernel.errors import KassaError
from kassa.kernel.permissions import Actor

IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
PART = 0.3
"""How many of the operations are tried where the campaign has not its full size."""
Said = tuple[int, str, str]


def look(town: Town, report: Report, part: random.Random | None) -> None:
    """Put what belongs to another into every path and into every act."""
    own, theirs = (made(side) for side in town.sides)
    before = town.contents()
    _in_paths(town, report, own, theirs, part)
    changed = sorted(name for name, rows in town.contents().items() if rows != before[name])
    report.expect(not changed, f"rows were written: {', '.join(changed)}", "foreign")
    _in_acts(town, report)
    _in_the_other_store(town, report)


def _in_paths(town: Town, report: Report, own: Mapping[str, str], theirs: Mapping[str, str], part: random.Random | None) -> None:
    """What is foreign and what is not there are answered alike, word for word but for the id."""
    asked = requests(town)
    for row in declared_operations():
        names = [name for name in IN_BRACES.findall(row["path"]) if name not in SHARED]
        missing = [name for name in names if _key(row, name, own) not in own]
        for name in missing:
            report.find(f"no record stands for {name}: make one in campaign/authz/records, or say there why it is shared", row["operation"])
        if missing or not names or (part is not None and part.random() > PART):
            continue
        example, body = asked[row["operation"]]
        mine, foreign = ({name: side[_key(row, name, side)] for name in names} for side in (own, theirs))
        for name, values in _mixed(names, mine, foreign):
            where = f"{row['operation']} with {', '.join(found for found in names if values[found] == foreign[found])}"
            told = _said(town, row, _path(row, example, values), "administrator", body)
            absent = _said(town, row, _path(row, example, {**values, name: SOMETHING}), "administrator", body)
            report.acts += 2
            report.expect(told == absent, f"foreign: {told}; not there: {absent}", where)
            report.expect(told[0] == 404, f"answered {told[0]} {told[1]}", where)
        for who, values in (("own", mine), ("victim", foreign)):
            preview = "" if row["effect"] == "read" else "?preview=true"
            told = _said(town, row, _path(row, example, values) + preview, who, body)
            report.acts += 1
            report.expect(told != absent, f"to {who} its own record is not there: {told}", row["operation"])


def _key(row: Mapping[str, Any], name: str, records: Mapping[str, str]) -> str:
    """As what the record is registered that a name means in the path of an operation."""
    of_owner = f"{row['operation'].partition('.')[0]}.{name}"
    return of_owner if of_owner in records else name


def _mixed(names: list[str], mine: Mapping[str, str], foreign: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each name that looks things up with foreign values: all foreign; where several stand in a path, one foreign beneath or above own ones."""
    yield names[0], dict(foreign)
    if len(names) > 1:
        yield from ((name, {**mine, name: foreign[name]}) for name in names)


def _path(row: Mapping[str, Any], example: str, values: Mapping[str, str]) -> str:
    parts = zip(row["path"].split("/"), example.split("/"), strict=True)
    return "/".join(values.get(asked.strip("{}"), given) if asked.startswith("{") else given for asked, given in parts)


def _said(town: Town, row: Mapping[str, Any], path: str, who: str, body: Any) -> Said:
    answer = town.ask(row["method"], path, who, body)
    said = answer.get_json(silent=True) or {}
    return answer.status_code, str(said.get("code")), IDS.sub("id", str(said.get("detail")))


def _in_acts(town: Town, report: Report) -> None:
    """The very request that would work for the victim, from somebody of another legal entity who may do everything there."""
    stranger = Actor(id="stranger", name="Stranger", all_permissions=True, legal_entities=frozenset({town.shop.legal_entity_id}))
    for number, (operation, make) in enumerate(SCENARIOS.items(), 500):
        command = make(Stage(town.victim, number)).command
        for entity, statuses in ((town.victim.shop.legal_entity_id, (404,)), (town.shop.legal_entity_id, (404, 409, 422))):
            report.acts += 1
            before = town.counts()
            try:
                town.installation.engine.perform(operation, command, actor=stranger, key=f"stranger-{number}", legal_entity_id=entity)
            except KassaError as error:
                report.expect(error.status in statuses, f"answered {error.status} {error.code}", operation)
                continue
            own = entity == town.shop.legal_entity_id and not _names_a_thing(command)
            report.expect(own, "is done for a stranger", operation)
            report.expect(own or not gained(town.counts(), before), "wrote rows for a stranger", operation)


def _names_a_thing(command: Any) -> bool:
    """Whether a request names something that belongs to one legal entity; one that names nothing works everywhere, on one's own."""
    return bool(command) and set(command) != {"through"}


def _in_the_other_store(town: Town, report: Report) -> None:
    """Acting in a store outside one's scope: it is not there."""
    for number, (operation, make) in enumerate(SCENARIOS.items(), 900):
        found = town.installation.engine.operation(operation)
        command = make(Stage(town.installation, number)).command
        if found.scope != "acting_store" or "store" not in command:
            continue
        actor = Actor(
            id="clerk", name="Clerk", all_permissions=True, legal_entities=frozenset({town.shop.legal_entity_id}), stores=frozenset({town.shop.store_id})
        )
        report.acts += 1
        try:
            town.installation.engine.perform(
                operation, {**command, "store": OTHER_STORE}, actor=actor, key=f"clerk-{number}", legal_entity_id=town.shop.legal_entity_id
            )
        except KassaError as error:
            report.expect(error.status == 404, f"answered {error.status} {error.code}", f"{operation} in another store")
        else:
            report.find("is done in a store outside the scope", operation)
