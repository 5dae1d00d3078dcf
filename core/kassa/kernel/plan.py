"""The plan: frozen values that say everything that shall happen.

A plan holds effects, each stamped with the rule that made it and the document for which it was made. Nothing here touches a
database. The effects of this file know no commerce; the rooms add theirs (entries, stock steps, open items …), and only
rooms can: the set is closed for plugins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import attrs

from kassa.kernel.errors import Issue
from kassa.kernel.tables import Table


@attrs.frozen
class Key:
    """A name by which a document can be found: identifying keys are unique, reference keys may repeat."""

    name: str
    value: str
    identifying: bool = True


@attrs.frozen(kw_only=True)
class Document:
    """Base of every document: a frozen value with an identity, a state and a version.

    `register` names the chain and the number series that it belongs to (a till, or the office of an entity); `date` is the
    business date in the zone of the store; `version` counts from 1 and is the ETag. `parts` are the classes of effects that
    become part of the document while it is shaped, by its method `fold`.
    """

    kind: ClassVar[str]
    parts: ClassVar[tuple[type[Any], ...]] = ()

    id: str
    type: str
    legal_entity_id: str
    store_id: str | None = None
    register: str = "office"
    state: str
    version: int = 1
    date: str
    occurred_at: int
    corrects_id: str | None = None
    keys: tuple[Key, ...] = ()

    def fold(self, effects: Sequence[Any]) -> Document:
        """Take up effects of the classes in `parts`; the document as it is where it has none."""
        return self

    def records(self) -> Iterable[Any]:
        """Give the records of the document that plugins may extend: itself, its lines; none unless its class says so."""
        return ()


@attrs.frozen
class NewDocument:
    """A document comes into being; its number is taken from the series of its kind when the plan is flushed."""

    document: Document


@attrs.frozen
class StateChange:
    """A document moves to a state, provided that it still has the version that was planned on."""

    document: Document
    state: str


@attrs.frozen
class Claim:
    """Counters of one balance row change by signed amounts, within a bound.

    `bound` names a linear form declared with the balance; after the change it must be at least `floor`. `expected` demands
    exact present values. `issue` is the refusal where the bound is known to be broken, or a function of what would be left
    that makes it; a broken bound at flush time is a lost race and is planned again. `opens`: the row cannot be there yet.
    """

    balance: str
    key: tuple[Any, ...]
    amounts: Mapping[str, int]
    bound: str | None = None
    floor: int = 0
    expected: Mapping[str, int] | None = None
    issue: Issue | Callable[[int], Issue] | None = None
    opens: bool = False


@attrs.frozen
class Row:
    """A row of a table of one's own: inserted, or changed where `version` is still what was read.

    `values` are by column name. For an update, `key` finds the row; `version` is compared with the column `version` and
    counted up (None where the table has no such column).
    """

    table: type[Table]
    values: Mapping[str, Any]
    key: Mapping[str, Any] | None = None
    version: int | None = None


@attrs.frozen
class Require:
    """A row that was planned on must still be so when the plan is flushed, and stays so until the commit.

    `key` finds the row, `values` are what must still stand in it, both by column name; where they do not, the plan is made
    again. For what a plan relies on without changing it: an open period, a list that is still valid.
    """

    table: type[Table]
    key: Mapping[str, Any]
    values: Mapping[str, Any]


@attrs.frozen
class Bulk:
    """A set-based statement on tables of one's own, for jobs; `?` marks parameters."""

    table: type[Table]
    sql: str
    parameters: tuple[Any, ...] = ()


@attrs.frozen
class Event:
    """A business fact, announced after commit and delivered at least once: past tense, prefixed by its owner."""

    type: str
    data: Mapping[str, Any]
    subject: str | None = None


class Stamped(NamedTuple):
    """An effect with its origin: the rule that made it, the document for which it was made, and its case in a run."""

    effect: Any
    rule: str
    document_id: str | None
    case: str | None


@attrs.define
class Plan:
    """Collects what an operation wants to happen.

    In a run, `case` names the item at hand (an order of a batch, a document of an import); all effects planned meanwhile
    belong to it, so that the case can be left out as a whole.
    """

    effects: list[Stamped] = attrs.field(factory=list)
    issues: list[Issue] = attrs.field(factory=list)
    documents: dict[str, Document] = attrs.field(factory=dict)
    pending: dict[tuple[str, tuple[Any, ...]], dict[str, int]] = attrs.field(factory=dict)
    opened: set[tuple[str, tuple[Any, ...]]] = attrs.field(factory=set)
    case: str | None = None
    dropped: dict[str, list[Issue]] = attrs.field(factory=dict)

    def add(self, effects: Sequence[Any], rule: str, document_id: str | None = None) -> None:
        """Add effects in the name of a rule; balances that later steps read include the claims among them."""
        case = self.case
        for effect in effects:
            self.effects.append(Stamped(effect, rule, document_id, case))
            kind = type(effect)
            if kind is Claim:
                self._project(effect, 1)
                if effect.opens:
                    self.opened.add((effect.balance, effect.key))
            elif kind is NewDocument or kind is StateChange:
                self.documents[effect.document.id] = effect.document

    def _project(self, claim: Claim, sign: int) -> None:
        row = self.pending.setdefault((claim.balance, claim.key), {})
        for column, amount in claim.amounts.items():
            row[column] = row.get(column, 0) + sign * amount

    def drop(self, case: str, issues: Sequence[Issue]) -> None:
        """Leave a case of a run out: its effects go, its issues are reported, the others stay."""
        self.dropped.setdefault(case, []).extend(issues)
        kept: list[Stamped] = []
        for stamped in self.effects:
            if stamped.case != case:
                kept.append(stamped)
            elif type(stamped.effect) is Claim:
                self._project(stamped.effect, -1)
            elif type(stamped.effect) is NewDocument:
                self.documents.pop(stamped.effect.document.id, None)
        self.effects = kept
        self.issues = [issue for issue in self.issues if issue not in issues]

    def of(self, kind: type[Any]) -> list[Stamped]:
        """List the effects of one class, in the order in which they were planned."""
        return [stamped for stamped in self.effects if type(stamped.effect) is kind]
