"""Requests and views of workers, roles, API keys and reason codes."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Identifier, Instant, Items, Length, Text
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import PlainCode, Reference

Register = Annotated[str, Length(1, 20)]


@attrs.frozen(kw_only=True)
class CreateWorker:
    """A person who works with Kassa, and where it is known already the first role; who may not act everywhere has to name one."""

    number: PlainCode = attrs.field(metadata=about("Unique, never changed.", "1042"))
    name: Text = attrs.field(metadata=about("Name.", "Ada Jansen"))
    role: Text | None = attrs.field(default=None, metadata=about("The first role of the worker.", "cashier"))
    legal_entity: Reference | None = attrs.field(
        default=None, metadata=about("Where the role counts: code or id; left out with the store too: everywhere.", "NL01")
    )
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of a store of that legal entity.", "S001"))


@attrs.frozen(kw_only=True)
class ReadWorker:
    """Names a worker."""

    worker: Reference = attrs.field(metadata=about("Number or id.", "1042"))


@attrs.frozen(kw_only=True)
class ChangeWorker(ReadWorker):
    """What shall be different at a worker; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    active: bool = attrs.field(factory=left_out, metadata=about("Who is not active can do nothing, at once."))


@attrs.frozen(kw_only=True)
class WorkerView:
    """A worker."""

    id: Identifier
    number: str
    name: str
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class ListWorkers(PageRequest):
    """Asks for workers."""

    active: bool | None = attrs.field(default=None, metadata=about("Only those who are active, or who are not."))


@attrs.frozen(kw_only=True)
class RoleView:
    """A role with all permissions that the rooms and the enabled plugins give it."""

    role: str
    summaries: tuple[str, ...]
    permissions: tuple[str, ...]
    everything: bool = attrs.field(metadata=about("Whether it holds every permission there is."))


@attrs.frozen(kw_only=True)
class ListRoles(PageRequest):
    """Asks for the roles of this installation."""


@attrs.frozen(kw_only=True)
class GrantRole(ReadWorker):
    """A role for a worker: everywhere, in one legal entity, or in one store."""

    role: Text = attrs.field(metadata=about("The role.", "cashier"))
    legal_entity: Reference | None = attrs.field(
        default=None, metadata=about("Code or id; left out with the store too: everywhere.", "NL01")
    )
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of a store of that legal entity.", "S001"))


@attrs.frozen(kw_only=True)
class RevokeRole(ReadWorker):
    """Names a grant that shall end."""

    grant: Identifier


@attrs.frozen(kw_only=True)
class RoleGrantView:
    """A role that a worker holds or held."""

    id: Identifier
    worker_id: Identifier
    role: str
    legal_entity_id: Identifier | None
    store_id: Identifier | None
    granted_at: Instant
    granted_by: str
    revoked_at: Instant | None


@attrs.frozen(kw_only=True)
class ListRoleGrants(PageRequest):
    """Asks for the roles of a worker."""

    worker: Reference = attrs.field(metadata=about("Number or id.", "1042"))
    revoked: bool = attrs.field(default=False, metadata=about("Whether to show also those that ended."))


@attrs.frozen(kw_only=True)
class CreateApiKey:
    """A bearer key for an app, or for a worker at a till."""

    name: Text = attrs.field(metadata=about("What it is for.", "Web shop"))
    roles: Annotated[tuple[Text, ...], Items(0, 50)] = attrs.field(
        default=(), metadata=about("What it may do, beside the roles of its worker.", ["till"])
    )
    worker: Reference | None = attrs.field(default=None, metadata=about("Number or id of the worker whose acts these are."))
    legal_entities: Annotated[tuple[Reference, ...], Items(1, 200)] | None = attrs.field(
        default=None, metadata=about("Codes or ids of the legal entities in which it may act; left out: those of its stores, else all.")
    )
    stores: Annotated[tuple[Reference, ...], Items(1, 1000)] | None = attrs.field(
        default=None, metadata=about("Numbers or ids of the stores in which it may act; left out: where it stands, else all.")
    )
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of the store in which it stands.", "S001"))
    register: Register | None = attrs.field(
        default=None, metadata=about("The till at which it stands; its documents are numbered there.", "T1")
    )
    expires_at: Instant | None = attrs.field(default=None, metadata=about("When it ends; left out: when it is revoked."))


@attrs.frozen(kw_only=True)
class ReadApiKey:
    """Names an API key."""

    api_key: Identifier = attrs.field(metadata=about("The id of the key, not the key."))


@attrs.frozen(kw_only=True)
class RevokeApiKey(ReadApiKey):
    """Names an API key that shall end at once."""


@attrs.frozen(kw_only=True)
class ApiKeyView:
    """An API key without the key itself, which nobody can show again."""

    id: Identifier
    name: str
    worker_id: Identifier | None
    roles: tuple[str, ...]
    legal_entity_ids: tuple[Identifier, ...] | None
    store_ids: tuple[Identifier, ...] | None
    store_id: Identifier | None
    register: str | None
    created_at: Instant
    created_by: str
    expires_at: Instant | None
    revoked_at: Instant | None
    last_used_at: Instant | None = attrs.field(metadata=about("When it was used last, to within five minutes."))


@attrs.frozen(kw_only=True)
class NewApiKeyView:
    """A new API key; `token` is shown here and never again (null in a preview)."""

    id: Identifier
    token: str | None
    api_key: ApiKeyView


@attrs.frozen(kw_only=True)
class ListApiKeys(PageRequest):
    """Asks for API keys."""

    revoked: bool = attrs.field(default=False, metadata=about("Whether to show also those that were revoked."))


@attrs.frozen(kw_only=True)
class CreateReasonCode:
    """A reason that workers can give for an act."""

    code: PlainCode = attrs.field(metadata=about("Unique within purpose and legal entity, never changed.", "DAMAGED"))
    purpose: PlainCode = attrs.field(metadata=about("Which act asks for it, one of GET /reason-purposes.", "price_override"))
    name: Text = attrs.field(metadata=about("What workers read.", "Damaged in the shop"))


@attrs.frozen(kw_only=True)
class ReadReasonCode:
    """Names a reason code."""

    reason_code: Identifier


@attrs.frozen(kw_only=True)
class ChangeReasonCode(ReadReasonCode):
    """What shall be different at a reason code; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("What workers read."))
    active: bool = attrs.field(factory=left_out, metadata=about("Whether it can still be given."))


@attrs.frozen(kw_only=True)
class ReasonCodeView:
    """A reason code."""

    id: Identifier
    legal_entity_id: Identifier
    purpose: str
    code: str
    name: str
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class ListReasonCodes(PageRequest):
    """Asks for the reason codes of the legal entity."""

    purpose: PlainCode | None = attrs.field(default=None, metadata=about("Only those of one purpose."))
    active: bool | None = attrs.field(default=None, metadata=about("Only those that can be given, or that cannot."))
