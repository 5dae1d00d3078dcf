"""Foreign things: ids of another legal entity's real data in paths and bodies; the answer is that of something that is not there."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from campaign.authz import fields
from campaign.authz.asking import HERE, PART, SOMETHING
from campaign.authz.matrix import declared_operations
from campaign.authz.records import SHARED, key_of, made, shared_values
from campaign.authz.town import OTHER_STORE, Town
from campaign.counting import gained
from campaign.report import Report
from campaign.scenarios import SCENARIOS, Stage
from kassa.kernel.errors import EverywhereOnly, KassaError
from kassa.kernel.keys import id_or_none
from kassa.kernel.permissions import Actor

TOLD_ONCE = ("refund",)
"""What is named by the answer to who ordered it, and by nothing that can be read."""
OF_EVERY_ENTITY = {
    "ledger.post_journal": "accounts are named by their numbers, which every legal entity has",
    "stock.close_period": "a date is all that it names",
}
"""Acts whose request names nothing of the victim's, so that they work for a stranger, on what is the stranger's own; so do those without any."""


def look(town: Town, report: Report, part: random.Random | None) -> None:
    """Put what belongs to another into every path and into every act."""
    own, theirs = (made(side) for side in town.sides)
    before = town.contents()
    _in_paths(town, report, own, theirs, part)
    fields.look(town, report, own, theirs, part)
    _in_answers(town, report, own, theirs)
    report.expect(not (changed := town.changed(before)), f"rows were written: {changed}", "foreign")
    _in_acts(town, report)
    _in_the_other_store(town, report)


def _in_paths(town: Town, report: Report, own: Mapping[str, str], theirs: Mapping[str, str], part: random.Random | None) -> None:
    """What is foreign and what is not there are answered alike, word for word; to its owner it is there."""
    requests = town.requests()
    for row in declared_operations(town):
        request = requests[row["operation"]]
        names = [name for name in request.names if name not in SHARED]
        missing = [name for name in names if key_of(row["operation"], name, own) not in own]
        for name in missing:
            report.find(f"no record stands for {name}: make one in campaign/authz/records, or say there why it is shared", row["operation"])
        if missing or not names or (part is not None and part.random() > PART):
            continue
        mine, foreign = (shared_values() | {name: side[key_of(row["operation"], name, side)] for name in names} for side in (own, theirs))
        for attacker in ("own", "administrator"):
            for name, values in _mixed(names, mine, foreign):
                where = f"{row['operation']} as {attacker} with {', '.join(found for found in names if values[found] == foreign[found])}"
                told, absent = request.send(attacker, values), request.send(attacker, {**values, name: SOMETHING})
                report.acts += 2
                report.expect(told == absent, f"foreign: {told}; not there: {absent}", where)
                report.expect(told.status == 404, f"answered {told.status} {told.code}", where)
        for side, values in (("own", mine), ("victim", foreign)):
            told = [request.send(who, values, preview=True) for who in (side, f"{side} asker")]
            report.acts += 2
            # What else is not there is named by the documented example, which belongs to the other side.
            there = any(said.status != 403 and (said.status != 404 or HERE not in said.words) for said in told)
            report.expect(there, f"to {side} its own record is not there: {told[0]}", row["operation"])


def _in_answers(town: Town, report: Report, own: Mapping[str, str], theirs: Mapping[str, str]) -> None:
    """Whatever is read, nothing of the victim stands in it, while the victim reads the like and finds it."""
    requests, shown = town.requests(), set()
    codes = {value for value in theirs.values() if id_or_none(value) == value}
    for row in declared_operations(town):
        request = requests[row["operation"]]
        if request.method != "GET":
            continue
        said = {}
        for side, records in (("own", own), ("victim", theirs)):
            names = {*request.names, *request.query}
            values = shared_values() | {name: records[key] for name in names if (key := key_of(row["operation"], name, records)) in records}
            said[side] = request.at(values).ask(side).get_data(as_text=True)
            report.acts += 1
        told = sorted(value for value in codes if value in said["own"])
        report.expect(not told, f"shows {', '.join(told)} of the other legal entity", row["operation"])
        shown |= {value for value in codes if value in said["victim"]}
    unseen = codes - shown - {theirs[name] for name in TOLD_ONCE}
    report.expect(not unseen, f"the victim reads nothing of {', '.join(sorted(unseen))}", "answers")


def _mixed(names: list[str], mine: Mapping[str, str], foreign: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Values of the names in a path, and which of them is looked at: all foreign; of several, each one foreign beside own ones."""
    yield names[0], dict(foreign)
    if len(names) > 1:
        yield from ((name, {**mine, name: foreign[name]}) for name in names)


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
                beyond = error.code == EverywhereOnly.code
                report.expect(error.status in statuses or beyond, f"answered {error.status} {error.code}", operation)
                continue
            own = entity == town.shop.legal_entity_id and (not command or operation in OF_EVERY_ENTITY)
            report.expect(own, "is done for a stranger", operation)
            report.expect(own or not gained(town.counts(), before), "wrote rows for a stranger", operation)


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
