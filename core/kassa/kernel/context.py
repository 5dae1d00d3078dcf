"""The context: what a handler, a loader and a rule may know and do while planning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import attrs

from kassa.kernel import limits
from kassa.kernel.contributions import Balance, Operation
from kassa.kernel.database import PLAN_AGAIN, Reader
from kassa.kernel.errors import Issue, PluginError, Refused
from kassa.kernel.permissions import Actor
from kassa.kernel.plan import Document, Plan
from kassa.kernel.reference import RoomCaches
from kassa.kernel.registry import Registry
from kassa.kernel.stages import Facts, run_gates, run_step, shape
from kassa.kernel.tables import Table, name_of

if TYPE_CHECKING:
    from kassa.kernel.engine import Engine

T = TypeVar("T")
D = TypeVar("D", bound=Document)
Origin = Literal["live", "till", "import", "job"]
BalanceRow = Mapping[str, int]


@attrs.define
class Context:
    """One attempt at planning one operation.

    `now` is the instant of the request (microseconds, UTC) and stays the same when the plan is made again. `origin` says
    whether amounts, prices and dates may come from outside (till, import). `approver` is who, beside the actor, stands in the audit
    trail of this act.
    """

    engine: Engine
    registry: Registry
    read: Reader
    caches: RoomCaches
    actor: Actor
    operation: Operation
    now: int
    legal_entity_id: str | None
    origin: Origin = "live"
    request_id: str | None = None
    if_match: int | None = None
    preview: bool = False
    prepared: Any = None
    verified: Any = None
    approver: str | None = None
    plan: Plan = attrs.field(factory=Plan)

    def step(self, kind: str, transition: str, documents: Sequence[D], *, gates: bool = True) -> list[D]:
        """Let documents make a transition: all rules of it run, their effects join the plan.

        Without `gates` those rules are left out, for a move that follows from what this plan did: whether that may be was
        asked before, by `gate`, of the documents as they were stored.
        """
        return run_step(self, kind, transition, documents, gates=gates)

    def gate(self, kind: str, transitions: Sequence[str], documents: Sequence[D]) -> None:
        """Ask the gates of some transitions about stored documents, before what a request asks of them is looked at.

        For an act that makes one of these moves, which one is known later; then let it `step` without gates. Raises Refused
        where a gate refuses; other issues join the plan.
        """
        self.refuse([issue for document in documents for issue in run_gates(self, kind, transitions, document)])

    def limit(self, permission: str, currency: str | None = None, *, store_id: str | None = None) -> int | None:
        """Tell how far the actor may go with a permission: minor units of a currency, or millionths of a rate without one.

        None is any amount, 0 nothing; an amount that equals the limit is allowed.
        """
        return limits.limit_of(self, self.actor, permission, currency or limits.RATE, store_id=store_id)

    def approve_over(
        self, permission: str, amount: int | None, *, code: str, message: str, currency: str | None = None, pointer: str = "",
        store_id: str | None = None, document: str | None = None, action: str | None = None,
    ) -> tuple[Issue, ...]:  # fmt: skip
        """Give the approvable issue of an act that is more than the actor may do, for a rule to yield from; none where it is not.

        `amount` is without sign: minor units of `currency`, millionths of a rate without one, None where holding the permission
        is enough. In `message`, `{amount}` and `{limit}` stand for both.
        """
        return limits.approve_over(
            self, permission, amount, code=code, message=message, currency=currency, pointer=pointer, store_id=store_id,
            document=document, action=action,
        )  # fmt: skip

    def shape(self, kind: str, transition: str, documents: Sequence[D]) -> list[tuple[D, tuple[Issue, ...]]]:
        """Shape and check documents as a transition would, with what the checks find; nothing joins the plan. For drafts."""
        return shape(self, kind, transition, documents)

    def call(self, operation: str, command: Any) -> Any:
        """Perform another operation within this plan: same actor, same approval, same preview; its permission is checked."""
        return self.engine.call(self, operation, command)

    def setting(self, name: str, *, store_id: str | None = None) -> Any:
        """Read a setting at the narrowest level that gives it: store, profile, legal entity, installation, default."""
        return self.engine.settings.value(self, name, store_id=store_id)

    def cached(self, room: str, name: str, key: Any, load: Callable[[Reader, Any], T]) -> T:
        """Give a frozen value of reference data, loaded at most once until the room's data changes."""
        found: T = self.caches.get(self.read, room, name, key, load)
        return found

    def decide(self, question: str, document: Any, facts: Facts, *arguments: Any) -> Any:
        """Ask a question that has one owner; the room that declared it answers where no plugin does."""
        answers = []
        for decision in self.registry.decisions[question]:
            try:
                answer = decision.answer(document, facts, self, *arguments)
            except PLAN_AGAIN:
                raise
            except Exception as error:
                raise PluginError(plugin=decision.name.split(".")[0], rule=decision.name, cause=error) from error
            self.refuse_failed(decision.name.split(".")[0], decision.name)
            if answer is not None:
                answers.append((decision, answer))
        if len(answers) > 1:
            names = " and ".join(decision.name for decision, _ in answers)
            raise PluginError(names, question, "both answer the same question for the same document; block one, or let one of them pass")
        from kassa.kernel.contributions import Question

        asked = self.registry.get(Question, question)
        if not answers:
            return asked.default(document, facts, self, *arguments)
        ((decision, answer),) = answers
        if asked.answers is not None and not isinstance(answer, asked.answers):
            words = f"it answers {question} by a {type(answer).__name__}; expected a {asked.answers.__name__}, or None to pass"
            raise PluginError(decision.name.split(".")[0], decision.name, words)
        return answer

    def refuse_failed(self, plugin: str | None = None, rule: str | None = None) -> None:
        """Raise PluginError where a query has failed and whoever asked it went on: the operation, unless plugin and rule are named."""
        if self.read.failure is None:
            return
        name = rule or self.operation.name
        raise PluginError(plugin or name.partition(".")[0], name, "it went on after one of its queries had failed") from self.read.failure

    def service(self, port: str) -> Any:
        """Give the active provider of a port; for `prepare` alone, where outside calls may be made."""
        return self.engine.services.provider(port)

    def balance(self, name: str, keys: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], BalanceRow]:
        """Read balance rows as this plan leaves them so far; an absent row counts as zeros."""
        rows = self.plan.claims.get(name)
        if rows is None:
            rows = self.plan.claims[name] = {}
        missing = [key for key in keys if (row := rows.get(key)) is None or row.left is None]
        if missing:
            self._load_balances(name, missing)
        return {key: rows[key].left for key in keys}  # type: ignore[misc]

    def stored_balance(self, balance: str, key: tuple[Any, ...]) -> BalanceRow:
        """Read a balance row as the snapshot holds it, without this plan."""
        row = self.plan.claimed(balance, key)
        if row.stored is None:
            self._load_balances(balance, [key])
        return row.stored  # type: ignore[return-value]

    def _load_balances(self, name: str, keys: Sequence[tuple[Any, ...]]) -> None:
        balance = self.registry.balances[name]
        zero: BalanceRow = dict.fromkeys(balance.amounts, 0)
        rows = {key: self.plan.claimed(name, key) for key in keys}
        stored = [key for key, row in rows.items() if not row.opens]
        found = self._stored(balance, stored) if stored else {}
        for key, row in rows.items():
            row.read(found.get(key, zero))

    def _stored(self, balance: Balance, stored: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], BalanceRow]:
        width = len(balance.key)
        wanted = set(stored)
        # The key column with the most values becomes the list, so that few queries read many rows.
        place = max(range(width), key=lambda column: len({key[column] for key in stored}))
        groups: dict[tuple[Any, ...], list[Any]] = {}
        for key in stored:
            groups.setdefault(key[:place] + key[place + 1 :], []).append(key[place])
        sql = _balance_query(balance.table, balance.key, balance.amounts, place)
        found: dict[tuple[Any, ...], BalanceRow] = {}
        for prefix, values in groups.items():
            for row in self.read.rows_for(sql, values, prefix):
                if row[:width] in wanted:
                    found[row[:width]] = dict(zip(balance.amounts, row[width:], strict=True))
        return found

    def refuse(self, issues: Iterable[Issue]) -> None:
        """Stop planning where there is any issue that refuses; warnings are kept and planning goes on."""
        found = list(issues)
        self.plan.issues += found
        if any(issue.severity in ("refuse", "skip") for issue in found):
            raise Refused(tuple(self.plan.issues))


@cache
def _balance_query(table: type[Table], key: tuple[str, ...], amounts: tuple[str, ...], place: int) -> str:
    """Write the query of balance rows whose key column at a place is in a list, the others given."""
    where = "".join(f"{column} = ? AND " for number, column in enumerate(key) if number != place)
    return f"SELECT {', '.join((*key, *amounts))} FROM {name_of(table)} WHERE {where}{key[place]} IN {{keys}}"
