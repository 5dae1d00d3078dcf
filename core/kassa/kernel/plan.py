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
from kassa.kernel.frozen import evolve
from kassa.kernel.tables import Table


@attrs.frozen
class Key:
    """A name by which a document can be found: identifying keys are unique, reference keys may repeat.

    With a `series` the value is left empty: it is the next number of that series, taken when the plan is flushed, and stands
    among the numbers that a view gets under `key_place`.
    """

    name: str
    value: str
    identifying: bool = True
    series: str | None = None


def key_place(document_id: str, name: str) -> str:
    """Give the place of a key that is taken from a series among the numbers of a plan; the number of a document stands at its id."""
    return f"{document_id}/{name}"


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

    def fold(self, effects: Sequence[Any], rule: str) -> Document:
        """Take up effects of the classes in `parts` that a rule returned; the document as it is where it has none."""
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


@attrs.define
class ClaimedRow:
    """One balance row as a plan leaves it: all claims on it added up, for one conditional write.

    `stored` are its counters in the snapshot, where they were read; `left` the same with the claims, a new mapping for each
    claim, so who read it before keeps what was true then.
    """

    balance: str
    key: tuple[Any, ...]
    amounts: dict[str, int] = attrs.field(factory=dict)
    bounds: dict[str, int] = attrs.field(factory=dict)
    expected: Mapping[str, int] | None = None
    opens: bool = False
    claimed: bool = False
    stored: Mapping[str, int] | None = None
    left: Mapping[str, int] | None = None

    def add(self, claim: Claim) -> None:
        """Add one claim; the strictest floor of each bound holds for the sum."""
        amounts = self.amounts
        for column, amount in claim.amounts.items():
            amounts[column] = amounts.get(column, 0) + amount
        bound = claim.bound
        if bound is not None and claim.floor > self.bounds.get(bound, claim.floor - 1):
            self.bounds[bound] = claim.floor
        if claim.expected is not None and self.expected is None:
            self.expected = claim.expected
        if claim.opens:
            self.opens = True
        self.claimed = True
        if self.left is not None:
            left = self.left = dict(self.left)
            for column, amount in claim.amounts.items():
                left[column] += amount

    def read(self, stored: Mapping[str, int]) -> None:
        """Take what the snapshot holds of the row."""
        amounts = self.amounts
        self.stored = stored
        self.left = {column: value + amounts.get(column, 0) for column, value in stored.items()} if amounts else stored


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
    """A business fact, announced after commit and delivered at least once: past tense, prefixed by its owner.

    `subject` is the id of what it is about; facts about the same subject are delivered in their order. It belongs to the legal
    entity that is named, else to that of its document, else to that of the operation; `everywhere`: to none, as a fact about the
    whole installation.
    """

    type: str
    data: Mapping[str, Any]
    subject: str | None = None
    legal_entity_id: str | None = None
    everywhere: bool = False


@attrs.frozen
class NextStep:
    """Another document makes a transition in the same plan, after the one whose rule returns this in stage `derived`.

    For documents that follow from documents: all rules of that transition run, as for any other. Nothing of it is written itself.
    """

    kind: str
    transition: str
    document: Document


@attrs.frozen
class ApprovalUsed:
    """An approval is consumed by the act that it allows, provided that nobody consumed it before and its time is not over.

    `at` is the instant of the request; the document is that of the act, where it has one.
    """

    approval_id: str
    at: int
    document_id: str | None


class Stamped(NamedTuple):
    """An effect with its origin: the rule that made it, the document for which it was made, and its case in a run."""

    effect: Any
    rule: str
    document_id: str | None
    case: str | None


def _as_moved(effect: NewDocument | StateChange) -> Document:
    """Give the document of an effect as the plan leaves it."""
    if type(effect) is NewDocument or effect.document.state == effect.state:  # type: ignore[union-attr]
        return effect.document
    return evolve(effect.document, state=effect.state)  # type: ignore[union-attr]


@attrs.define
class Plan:
    """Collects what an operation wants to happen.

    In a run, `case` names the item at hand (an order of a batch, a document of an import); all effects planned meanwhile
    belong to it, so that the case can be left out as a whole.
    """

    effects: list[Stamped] = attrs.field(factory=list)
    issues: list[Issue] = attrs.field(factory=list)
    documents: dict[str, Document] = attrs.field(factory=dict)
    claims: dict[str, dict[tuple[Any, ...], ClaimedRow]] = attrs.field(factory=dict)
    case: str | None = None
    dropped: dict[str, list[Issue]] = attrs.field(factory=dict)

    def add(self, effects: Sequence[Any], rule: str, document_id: str | None = None) -> None:
        """Add effects in the name of a rule; balances that later steps read include the claims among them."""
        case = self.case
        for effect in effects:
            self.effects.append(Stamped(effect, rule, document_id, case))
            kind = type(effect)
            if kind is Claim:
                self.claimed(effect.balance, effect.key).add(effect)
            elif kind is NewDocument or kind is StateChange:
                self.documents[effect.document.id] = _as_moved(effect)

    def claimed(self, balance: str, key: tuple[Any, ...]) -> ClaimedRow:
        """Give the row of a balance as the plan has it so far."""
        rows = self.claims.get(balance)
        if rows is None:
            rows = self.claims[balance] = {}
        row = rows.get(key)
        if row is None:
            row = rows[key] = ClaimedRow(balance, key)
        return row

    def _claim_again(self, places: set[tuple[str, tuple[Any, ...]]]) -> None:
        """Add the claims on some rows up again, after effects went."""
        for balance, key in places:
            old, new = self.claims[balance][key], ClaimedRow(balance, key)
            self.claims[balance][key] = new
            if old.stored is not None:
                new.read(old.stored)
        for stamped in self.effects:
            effect = stamped.effect
            if type(effect) is Claim and (effect.balance, effect.key) in places:
                self.claims[effect.balance][effect.key].add(effect)

    def drop(self, case: str, issues: Sequence[Issue]) -> None:
        """Leave a case of a run out: its effects go, its issues are reported, the others stay."""
        self.dropped.setdefault(case, []).extend(issues)
        kept: list[Stamped] = []
        places: set[tuple[str, tuple[Any, ...]]] = set()
        for stamped in self.effects:
            if stamped.case != case:
                kept.append(stamped)
            elif type(stamped.effect) is Claim:
                places.add((stamped.effect.balance, stamped.effect.key))
            elif type(stamped.effect) is NewDocument:
                self.documents.pop(stamped.effect.document.id, None)
        self.effects = kept
        self._claim_again(places)
        self.issues = [issue for issue in self.issues if issue not in issues]

    def discard(self) -> None:
        """Leave everything out: the request is answered, and nothing of what was planned happens (a pro forma)."""
        self.effects, self.documents, self.claims = [], {}, {}

    def of(self, kind: type[Any]) -> list[Stamped]:
        """List the effects of one class, in the order in which they were planned."""
        return [stamped for stamped in self.effects if type(stamped.effect) is kind]
