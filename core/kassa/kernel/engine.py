"""The engine: performs operations. Authorise, prepare, plan on a snapshot, check, flush, answer.

Everything that hosts, the command line, jobs and tests do goes through `Engine.perform`, so all refuse the same bad input and
all get the same answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import Any

from kassa.kernel import plugins, registry
from kassa.kernel.announcing import event_of
from kassa.kernel.approvals import Approval, demand, request_writes
from kassa.kernel.audit import audit_row
from kassa.kernel.blame import blaming
from kassa.kernel.changes import lower
from kassa.kernel.checks import check_plan
from kassa.kernel.clock import Clock, SystemClock
from kassa.kernel.context import Context, Origin
from kassa.kernel.contributions import Operation
from kassa.kernel.database import (
    Database,
    DuplicateKey,
    LostRace,
    Reader,
    Retryable,
    UnknownCommit,
    Write,
    again,
    connect,
)
from kassa.kernel.errors import (
    Conflict,
    IdempotencyInFlight,
    KassaError,
    NotFound,
    OutcomeUnknown,
    OverrideRequired,
    PluginError,
    PreconditionRequired,
    Refused,
)
from kassa.kernel.flush import Answer, flush, marker, write_alone
from kassa.kernel.frozen import evolve
from kassa.kernel.idempotency import find_answer, once_for, replay, takes_key
from kassa.kernel.models import AuditRow, IdempotencyRow
from kassa.kernel.operations import Result
from kassa.kernel.permissions import Actor
from kassa.kernel.reference import RoomCaches, SharedCaches
from kassa.kernel.requests import Outcome as Outcome
from kassa.kernel.requests import Request as Request
from kassa.kernel.schema import encode, structure, unstructure
from kassa.kernel.services import Services
from kassa.kernel.settings import Settings
from kassa.kernel.tables import Table, in_order, insert_statement, name_of, numbers_itself

ATTEMPTS = 3
LOST_RACE = "Somebody else changed the same goods, document or balance at the same moment. Nothing was done. Try again."


class Engine:
    """One Kassa installation: its database, its registry of rooms and plugins, its clock."""

    def __init__(
        self, database: Database, contributions: registry.Registry, clock: Clock | None = None, providers: Mapping[str, str] | None = None
    ) -> None:
        self.database = database
        self.registry = contributions
        self.clock: Clock = clock or SystemClock()
        self.caches = SharedCaches()
        self.settings = Settings(contributions)
        self.services = Services(contributions, providers)

    @classmethod
    def open(
        cls, url: str, *, modules: Mapping[str, Any] | None = None, blocked: Iterable[str] = (), clock: Clock | None = None,
        providers: Mapping[str, str] | None = None,
    ) -> Engine:  # fmt: skip
        """Open an installation by its database URL with the installed plugins, or with the given modules by name.

        `providers` names the active provider of a port of services, where there are several.

        Raises StartupError naming the plugin and the cause.
        """
        found = modules if modules is not None else plugins.load(plugins.discover(blocked))
        return cls(connect(url), registry.build(found), clock, providers)

    def close(self) -> None:
        """Close the database's connections."""
        self.database.close()

    @cached_property
    def table_order(self) -> Mapping[type[Table], int]:
        """The place of each table in the order of inserts: referenced tables first."""
        return {table: place for place, table in enumerate(in_order(list(self.registry.tables.values())))}

    def operation(self, name: str) -> Operation:
        """Find an operation; NotFound tells of missing plugins where that is why it is absent."""
        found = self.registry.find(Operation, name)
        if found is None:
            missing = self.registry.absent_operations.get(name)
            raise NotFound("operation", name, f"The operation {name} needs {', '.join(missing)}, which is not enabled." if missing else "")
        return found

    def perform(
        self,
        operation: str | Operation,
        command: Any,
        *,
        actor: Actor,
        key: str | None = None,
        legal_entity_id: str | None = None,
        preview: bool = False,
        if_match: int | None = None,
        origin: Origin = "live",
        request_id: str | None = None,
        approval: str | None = None,
    ) -> Outcome:
        """Perform an operation for an actor; `command` is an instance of its request class or a mapping that is parsed.

        `key` is the idempotency key, required where the operation posts (PreconditionRequired) and honoured at every write.
        `approval` is the token of an approval that somebody else gave to this very request. Raises a KassaError: nothing was written
        then, but for OutcomeUnknown; OverrideRequired names the approval that was asked for.
        """
        chosen = self.operation(operation) if isinstance(operation, str) else operation
        if isinstance(command, Mapping):
            command = structure(chosen.request, command)
        request = self._admit(chosen, command, actor, key, legal_entity_id, preview, if_match, origin, request_id, approval)
        try:
            return self._with_retries(request)
        except OutcomeUnknown:
            raise
        except KassaError as error:
            self._record_refusal(request, error)
            raise

    def _admit(
        self, operation: Operation, command: Any, actor: Actor, key: str | None, legal_entity_id: str | None,
        preview: bool, if_match: int | None, origin: Origin, request_id: str | None, approval: str | None = None,
    ) -> Request:  # fmt: skip
        now = self.clock.now()
        entity = legal_entity_id
        if entity is None and actor.legal_entities is not None and len(actor.legal_entities) == 1:
            (entity,) = actor.legal_entities
        if operation.effect == "post" and not preview and not key:
            raise PreconditionRequired(
                f"{operation.name} posts, so it needs an idempotency key: a new one for each new act, the same one for a retry."
            )
        once = once_for(operation, command, actor, key, entity) if key and takes_key(operation) and not preview else None
        request = Request(
            operation=operation, command=command, actor=actor, legal_entity_id=entity, once=once, now=now, origin=origin,
            request_id=request_id, if_match=if_match, preview=preview and operation.effect != "read", approval=approval,
        )  # fmt: skip
        try:
            actor.require(operation.permission)
            if operation.scope != "none":
                actor.require_legal_entity(entity)
        except KassaError as error:
            self._record_refusal(request, error)
            raise
        if operation.verify is not None:
            request = evolve(request, verified=again(partial(operation.verify, request, self)))
        if operation.prepare is not None:
            prepare = partial(operation.prepare, command, self, request)
            request = evolve(request, prepared=again(lambda: blaming(self.registry, operation, prepare)))
        return request

    def _with_retries(self, request: Request) -> Outcome:
        failure: Exception | None = None
        for attempt in range(ATTEMPTS):
            if attempt:
                self.clock.sleep(random.randint(1_000, 10_000 * attempt))
            try:
                return self._attempt(request)
            except (LostRace, Retryable, DuplicateKey) as lost:
                if request.once is not None and isinstance(lost, Retryable) and name_of(IdempotencyRow) in str(lost):
                    # The same request is still in its flush elsewhere, and held this one up as long as a lock may be waited for.
                    raise IdempotencyInFlight from lost
                failure = lost
            except UnknownCommit as unknown:
                return self._resolve(request, unknown)
        if isinstance(failure, DuplicateKey) and not self.lost_race(failure):
            raise Conflict("A key of this is taken already. Use another, or look at what has it.", code="KEY_TAKEN") from failure
        raise Conflict(LOST_RACE, code="LOST_RACE", retry_after=1) from failure

    def _attempt(self, request: Request) -> Outcome:
        operation = request.operation
        with self.database.snapshot() as read:
            caches = self.revisions(read)
            if request.once is not None:
                given = find_answer(read, request.once, request.now)
                if given is not None:
                    return replay(request, self.context(request, read, caches), given)
            context = self.context(request, read, caches)
            try:
                result = self._handle(context, operation, request.command)
            except Refused as refused:
                if not request.preview:
                    raise
                context.plan.issues = list(refused.issues)
                return self._preview(context, None)
            if operation.effect == "read":
                text = blaming(self.registry, operation, lambda: encode(unstructure(result)))
                return Outcome(text=text, status=_status(operation), make=lambda: result)
            if request.preview:
                return self._preview(context, result)
            check_plan(context)
            approved = demand(request, context, result)
        return self._flush(request, context, result, approved)

    def lost_race(self, duplicate: DuplicateKey) -> bool:
        """Whether a duplicate key is one that Kassa counted itself, so that somebody else only was quicker."""
        table = self.registry.tables.get(duplicate.table)
        return table is not None and numbers_itself(table, duplicate.columns)

    def perform_planned(self, request: Request, plan: Callable[[Context], Result]) -> Outcome:
        """Plan with a function and flush, once: the entry for chunks of jobs, which check their plan and plan again themselves.

        Raises LostRace, Retryable or DuplicateKey where nothing was written, UnknownCommit where that is not known.
        """
        with self.database.snapshot() as read:
            context = self.context(request, read, self.revisions(read))
            result = plan(context)
        return self._flush(request, context, result)

    def revisions(self, read: Reader) -> RoomCaches:
        """Read the revisions of the rooms and give the caches that belong to them; an operation's first statement."""
        return RoomCaches(self.caches, dict(read.rows("SELECT room, value FROM kernel_revision")))

    def context(self, request: Request, read: Reader, caches: RoomCaches) -> Context:
        """Make the context of one attempt."""
        return Context(
            engine=self, registry=self.registry, read=read, caches=caches, actor=request.actor, operation=request.operation,
            now=request.now, legal_entity_id=request.legal_entity_id, origin=request.origin, request_id=request.request_id,
            if_match=request.if_match, preview=request.preview, prepared=request.prepared, verified=request.verified,
        )  # fmt: skip

    def _handle(self, context: Context, operation: Operation, command: Any) -> Any:
        planned = len(context.plan.effects)
        context.refuse_failed()
        result = blaming(self.registry, operation, lambda: operation.handler(command, context))
        context.refuse_failed()
        if operation.effect != "read" and not isinstance(result, Result):
            owner = self.registry.owner(Operation, operation.name).name
            raise PluginError(owner, operation.name, f"its handler returned a {type(result).__name__}; expected a Result")
        if operation.announces is not None and len(context.plan.effects) > planned:
            event = blaming(self.registry, operation, lambda: event_of(operation, command, result.view({})))
            context.plan.add([event], rule=operation.name)
        return result

    def show(self, context: Context, operation: Operation, command: Mapping[str, Any]) -> Any:
        """Read by another operation what an act of the actor made, whatever the actor may read otherwise."""
        return self._handle(context, operation, structure(operation.request, command))

    def call(self, context: Context, name: str, command: Any) -> Any:
        """Perform another operation inside a plan that is being made; returns what its handler returns."""
        operation = self.operation(name)
        if isinstance(command, Mapping):
            command = structure(operation.request, command)
        context.actor.require(operation.permission)
        return self._handle(context, operation, command)

    def _flush(self, request: Request, context: Context, result: Result, approved: Approval | None = None) -> Outcome:
        changes = lower(context.plan, self.registry, request.now, request.actor.id, request.legal_entity_id)
        touched = [document.id for document in changes.documents] or ([result.document_id] if result.document_id is not None else [])
        approver = approved.decided_by if approved is not None else context.approver
        told = [issue.code for issue in context.plan.issues if issue.severity == "warn"]
        if approved is not None:
            told = [*(issue.code for issue in approved.issues), *told]
        code = ", ".join(dict.fromkeys(told)) or None
        audit = audit_row(request, outcome="done", code=code, detail=touched, approver=approver)
        status = _status(request.operation)

        # The answer is written before there are numbers, with markers for them: views are handlers' code, and none of that runs
        # while locks are held.
        marked = {taken.place: marker(taken.place) for numbered in changes.numbered.values() for taken in numbered}
        text = blaming(self.registry, request.operation, lambda: _text(result.view(marked), context))
        answer = Answer(text, status, result.document_id, request.operation.confidential)
        given, numbers = flush(self.database, changes, self.table_order, request.once, audit, answer)
        return Outcome(
            text=given.text or "", status=status, make=lambda: result.view(numbers), document_id=given.document_id, version=result.version
        )

    def _preview(self, context: Context, result: Result | None) -> Outcome:
        sections: dict[str, list[Any]] = {"postings": [], "stock_movements": []}
        try:
            if result is not None:
                check_plan(context)
        except Refused as refused:
            context.plan.issues = list(refused.issues)
        for stamped in context.plan.effects:
            lowering = self.registry.lowerings.get(type(stamped.effect))
            if lowering is not None and lowering.show is not None and lowering.section is not None:
                sections.setdefault(lowering.section, []).append(lowering.show(stamped, context))
        issues = [issue.as_dict() for issue in context.plan.issues if issue.severity != "warn"]
        shown = blaming(self.registry, context.operation, lambda: unstructure(result.view({}))) if result is not None else None
        body = {"preview": True, "result": shown, **sections, "issues": issues, "warnings": _warnings(context)}
        return Outcome(text=encode(body), preview=True)

    def _resolve(self, request: Request, unknown: UnknownCommit) -> Outcome:
        """Look an unknown commit up by its idempotency row; OutcomeUnknown where that cannot be told yet."""
        if request.once is not None:
            for pause in (20_000, 100_000, 400_000):
                self.clock.sleep(pause)
                try:
                    with self.database.snapshot() as read:
                        given = find_answer(read, request.once, request.now)
                        if given is not None:
                            return replay(request, self.context(request, read, self.revisions(read)), given)
                except Exception:  # noqa: BLE001 - the database may still be coming back; the next look decides
                    continue
        raise OutcomeUnknown(
            "The connection was lost while committing. Send the same request with the same key to learn whether it was done."
        ) from unknown

    def _record_refusal(self, request: Request, error: KassaError) -> None:
        """Write the audit row of a refusal, and the approval that it asks for, in a transaction of their own.

        The refusal is answered even if that fails; then there is no approval that could be given.
        """
        if request.operation.effect == "read" or request.preview:
            return
        row = audit_row(request, outcome="refused", code=error.code, detail=error.audited)
        asked = request_writes(error) if isinstance(error, OverrideRequired) else []
        try:
            write_alone(self.database, [*asked, Write(insert_statement(AuditRow), row)])
        except Exception as failure:  # noqa: BLE001 - the refusal is what the caller has to hear
            error.add_note(f"The refusal could not be written to the audit trail: {failure}")
            if asked and isinstance(error, OverrideRequired):
                error.approval["token"] = None


def _status(operation: Operation) -> int:
    return operation.http.status if operation.http is not None else 200


def _warnings(context: Context) -> list[dict[str, Any]]:
    return [issue.as_dict() for issue in context.plan.issues if issue.severity == "warn"]


def _text(response: Any, context: Context) -> str:
    body = unstructure(response)
    if context.plan.issues:
        body["warnings"] = _warnings(context)
    return encode(body)
