"""What a plugin or a room can contribute: frozen values with a unique name, returned by the hooks at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import attrs

from kassa.kernel.background_contributions import EventType as EventType
from kassa.kernel.background_contributions import JobKind as JobKind
from kassa.kernel.background_contributions import Listener as Listener
from kassa.kernel.background_contributions import Schedule as Schedule
from kassa.kernel.errors import ErrorCode as ErrorCode
from kassa.kernel.plan import Document
from kassa.kernel.room_contributions import Lowering as Lowering
from kassa.kernel.room_contributions import PlanCheck as PlanCheck
from kassa.kernel.room_contributions import SettingScope as SettingScope
from kassa.kernel.room_contributions import Standing as Standing
from kassa.kernel.tables import Table

Stage = Literal["lines", "price", "charges", "tax", "totals", "check", "cost", "stock", "entries", "open_items", "settlements", "derived"]
STAGES: tuple[Stage, ...] = (
    "lines", "price", "charges", "tax", "totals", "check", "cost", "stock", "entries", "open_items", "settlements", "derived",
)  # fmt: skip
Effect = Literal["read", "edit", "post"]


@attrs.frozen(kw_only=True)
class Definition:
    """Base of the vocabulary that rooms declare and plugins add to: order types, account roles, tender types, charge codes."""

    name: str
    summary: str


@attrs.frozen(kw_only=True)
class Storage:
    """Tables of an owner and the folder of its migrations; `name` is the owner's."""

    name: str
    tables: tuple[type[Table], ...] = ()
    migrations: Path | None = None


@attrs.frozen(kw_only=True)
class Balance:
    """A row of counters that only claims change.

    `bounds` are linear forms over the counters (`available = on_hand - reserved`), by which a claim is limited. `rank` is the
    place in the global lock order; rows of one rank are locked in the order of their keys. Where the table has no other
    columns, claims `open` the row that is not there yet. `zero_with` names counters that must be 0 where another one is:
    `{"value": "on_hand"}`; a flush that would leave them apart has lost a race, for its plan saw other counters.
    """

    name: str
    table: type[Table]
    key: tuple[str, ...]
    amounts: tuple[str, ...]
    bounds: Mapping[str, Mapping[str, int]] = attrs.field(factory=dict)
    rank: int
    summary: str
    opens: bool = True
    zero_with: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Invariant:
    """A statement that must hold in any database; `find` returns offending rows as text, each with what is wrong."""

    name: str
    summary: str
    find: Callable[[Any], Iterable[str]]


@attrs.frozen(kw_only=True)
class Transition:
    """A permitted move of a document; `sources` is empty for creation. `event` is announced when it happened.

    Without `target` the document stays in its state, and its version counts up.
    """

    name: str
    sources: tuple[str, ...] = ()
    target: str | None
    summary: str
    permission: str | None = None
    event: str | None = None


@attrs.frozen(kw_only=True)
class DocumentKind:
    """A kind of document with its states, its rows and its place in the lock order.

    `rows` turns a new document into rows of its tables; `load` reads documents by id, in a batch. `chained` documents enter
    the hash chain of their register. `series` may differ by the type of the document. `shown_by` is the operation that shows one
    document, beside which stands what can be done with it (`…/actions`); `stored(context, ids)` reads documents as acts see them,
    where that is more than `load` reads.
    """

    name: str
    summary: str
    document: type[Document]
    states: tuple[str, ...]
    transitions: tuple[Transition, ...]
    rank: int
    rows: Callable[[Any], Iterable[tuple[type[Table], tuple[Any, ...]]]]
    load: Callable[[Any, Sequence[str]], Mapping[str, Any]]
    tables: tuple[type[Table], ...]
    series: str | Mapping[str, str] | None = None
    chained: bool = False
    shown_by: str | None = None
    stored: Callable[[Any, Sequence[str]], Mapping[str, Any]] | None = None

    def transition(self, name: str) -> Transition:
        """Find a transition by name; KeyError where the kind has none."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(f"{self.name} has no transition {name}")


@attrs.frozen(kw_only=True)
class Link:
    """Documents that belong together: a column of a table of one document names another; by this the story of a document is found.

    `other` holds the id of the other document, or, with `through`, that of a row of another table whose column names it. A `hub`
    brings many documents together that do not belong together otherwise, such as a payment of many invoices: it is followed to the
    next document, or over one of the kind `bridge` to the one behind it, and no further.
    """

    name: str
    summary: str
    table: type[Table]
    other: str
    document: str = "document_id"
    through: tuple[type[Table], str, str] | None = None
    hub: bool = False
    bridge: str | None = None


@attrs.frozen(kw_only=True)
class NumberSeries:
    """A gapless series per legal entity and register; `pattern` uses {register} and {number}."""

    name: str
    summary: str
    pattern: str


@attrs.frozen(kw_only=True)
class Loader:
    """Loads facts for a batch of documents, the only I/O of a step: `load(read, documents, context) -> {id: facts}`."""

    name: str
    facts: type[Any]
    load: Callable[[Any, Sequence[Any], Any], Mapping[str, Any]]
    kind: str
    transition: str = "*"


@attrs.frozen(kw_only=True)
class Rule:
    """A pure function that runs when a document of `kind` makes `transition`, in `stage`.

    `run(document, facts, context)` yields effects, in stage `check` issues; it is called once a document and may be called
    again (preview, lost races), so it must be deterministic and free of side effects. `shapes` (rooms only): it returns the
    document, changed. `gate` (stage `check`): it looks at the stored document alone, never at what a request asks of it, so it can
    tell before the act whether there may be one; see `Context.gate`.
    """

    name: str
    kind: str
    transition: str
    stage: Stage
    run: Callable[[Any, Any, Any], Any]
    summary: str
    rules: tuple[str, ...] = ()
    order: int = 100
    shapes: bool = False
    gate: bool = False


@attrs.frozen(kw_only=True)
class Decision:
    """A plugin's answer to a question that has one owner: `answer(document, facts, context)` returns None to pass."""

    name: str
    question: str
    answer: Callable[..., Any]
    summary: str


@attrs.frozen(kw_only=True)
class Question:
    """A question that the core asks and, where no plugin answers, answers itself; an answer is an instance of `answers`."""

    name: str
    summary: str
    default: Callable[..., Any]
    answers: type[Any] | None = None


@attrs.frozen(kw_only=True)
class SettingDefinition:
    """A typed setting: `kind` is bool, int, str, a decimal of `places`, or one of `choices`; read by the narrowest level."""

    name: str
    summary: str
    type: Literal["bool", "int", "text", "decimal", "choice"]
    default: Any
    places: int = 0
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    levels: tuple[Literal["installation", "legal_entity", "profile", "store"], ...] = ("installation", "legal_entity", "store")


@attrs.frozen(kw_only=True)
class Permission:
    """A right that roles grant; named like the operation that it guards, or like the act.

    A right that is `measured`, in money or as a rate, has limits by role. Where no limit is given to a role, those who hold it are
    `unlimited`, or else may go to 0: each role needs a limit of its own then.
    """

    name: str
    summary: str
    measured: Literal["money", "rate"] | None = None
    unlimited: bool = True


@attrs.frozen(kw_only=True)
class Role:
    """A set of permissions that workers and keys hold by the name `role`; several owners add to the same role.

    The core ships `cashier`, `store_manager`, `returns_clerk`, `stock_clerk`, `accountant`, `payables`, `integrator` and `till`, beside
    `administrator`, who holds every permission. A plugin adds its own permissions to these, or contributes roles of its own, which may
    hold any.
    """

    name: str
    role: str
    summary: str
    permissions: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Http:
    """Where the host mounts an operation; path parameters stand in braces."""

    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
    path: str
    status: int = 200
    location: str | None = None


@attrs.frozen(kw_only=True)
class Operation:
    """A verb that hosts, the command line, jobs and tests perform alike.

    `effect` alone decides about idempotency key, preview and If-Match. `handler(command, context)` returns the response, or,
    where something is written, a function from numbers to the response. `request` holds path, query and body together.
    `scope`: what must lie within the worker's scope (`acting_store`, `legal_entity`, `none`). `on` is the kind of stored document
    on which it acts, and only of `on_type` where it is given;
    `steps` are the transitions that it may take, of that kind and of others, as `order.cancel`: of them are
    made the actions of a document. `prepare(command, engine, request)` may talk to the outside before anything is planned; it is
    called again with the same `request.once` where a request is sent again, and has to see to it that nothing happens twice. Its
    frozen answer is `context.prepared`.
    `verify(request, engine)` looks at what proves somebody's identity before anything is planned, where it may count tries; its frozen
    answer is `context.verified`. `confidential`: the answer is shown once and kept nowhere, not even under an idempotency key. `announces` is the type of
    the event that tells of a change of records that are no documents.
    """

    name: str
    summary: str
    description: str = ""
    effect: Effect
    http: Http | None = None
    request: type[Any]
    response: type[Any]
    permission: str | None
    handler: Callable[[Any, Any], Any]
    scope: Literal["acting_store", "legal_entity", "none"] = "legal_entity"
    on: str | None = None
    on_type: str | None = None
    steps: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    example: Mapping[str, Any] | None = None
    collection: bool = False
    prepare: Callable[[Any, Any, Any], Any] | None = None
    verify: Callable[[Any, Any], Any] | None = None
    confidential: bool = False
    announces: str | None = None


@attrs.frozen(kw_only=True)
class Service:
    """A named port; `provider` is one implementation of it, chosen by settings where there are several."""

    name: str
    port: str
    provider: Callable[[], Any]
    summary: str
    default: bool = False


@attrs.frozen(kw_only=True)
class Report:
    """A read-only table of named columns: `run(read, parameters, context)` returns rows."""

    name: str
    summary: str
    parameters: type[Any]
    columns: tuple[str, ...]
    run: Callable[[Any, Any, Any], Iterable[Sequence[Any]]]
    permission: str


@attrs.frozen(kw_only=True)
class Extension:
    """Fields that a plugin adds to a record of the core, by the record's class and a frozen class of fields as in messages.

    With `load(read, documents)` they stand in tables of the plugin's own, which its rules write, and change with them: it gives
    the values by id of the record, in one query for all of the documents. No request may give them.

    Where a line is split, a whole number that belongs to all of its quantity is divided, if its field says so in its metadata,
    `{"divides": True}`: each part gets its exact share. Everything else stands at both parts then; what a plugin keeps itself it
    divides itself.
    """

    name: str
    summary: str
    of: type[Any]
    value: type[Any]
    load: Callable[[Any, Sequence[Any]], Mapping[str, Any]] | None = None
