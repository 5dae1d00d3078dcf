"""The tables of workers, their roles, API keys, and reason codes."""

from __future__ import annotations

import peewee

from kassa.kernel.keys import NO_ID
from kassa.kernel.tables import Flag, Id, Integer, Table, Text
from kassa.org.models.places import OF_ENTITY


class WorkerRow(Table):
    """A person who works with Kassa; an inactive one can do nothing."""

    id = Id(primary_key=True)
    number = Text(unique=True)
    name = Text()
    active = Flag()
    version = Integer()

    class Meta:
        table_name = "org_worker"
        reference = "org"
        constraints = [peewee.Check("version > 0")]


class RoleGrantRow(Table):
    """A role that a worker holds, everywhere or in one legal entity or store, from when until when; kept when it ends."""

    id = Id(primary_key=True)
    worker_id = Id()
    role = Text()
    legal_entity_id = Id(null=True)
    store_id = Id(null=True)
    granted_at = Integer()
    granted_by = Text()
    revoked_at = Integer(null=True)

    class Meta:
        table_name = "org_role_grant"
        reference = "org"
        append_only = True
        mutable = ("revoked_at",)
        constraints = [
            peewee.SQL("FOREIGN KEY (worker_id) REFERENCES org_worker (id)"),
            OF_ENTITY,
            peewee.SQL("FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, legal_entity_id)"),
            peewee.Check("store_id IS NULL OR legal_entity_id IS NOT NULL"),
        ]


RoleGrantRow.add_index(
    peewee.SQL(
        "CREATE UNIQUE INDEX org_role_grant_once ON org_role_grant "
        f"(worker_id, role, (coalesce(legal_entity_id, '{NO_ID}')), (coalesce(store_id, '{NO_ID}'))) WHERE revoked_at IS NULL"
    )
)


class ApiKeyRow(Table):
    """A bearer key of an app or a worker: its SHA-256, its roles and its scope; the key itself is kept nowhere.

    `roles`, `legal_entity_ids` and `store_ids` are JSON lists; a scope of NULL is no limit.
    """

    id = Id(primary_key=True)
    name = Text()
    hash = Text(unique=True)
    worker_id = Id(null=True)
    roles = Text()
    legal_entity_ids = Text(null=True)
    store_ids = Text(null=True)
    store_id = Id(null=True)
    register = Text(null=True)
    created_at = Integer()
    created_by = Text()
    expires_at = Integer(null=True)
    revoked_at = Integer(null=True)
    last_used_at = Integer(null=True)

    class Meta:
        table_name = "org_api_key"
        reference = "org"
        append_only = True
        mutable = ("revoked_at", "last_used_at")
        constraints = [
            peewee.SQL("FOREIGN KEY (worker_id) REFERENCES org_worker (id)"),
            peewee.SQL("FOREIGN KEY (store_id) REFERENCES org_store (id)"),
        ]


class ReasonCodeRow(Table):
    """Why something was done, for one purpose: `charge_override`, `price_override` and what plugins ask for."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    purpose = Text()
    code = Text()
    name = Text()
    active = Flag()
    version = Integer()

    class Meta:
        table_name = "org_reason_code"
        reference = "org"
        constraints = [peewee.SQL("UNIQUE (legal_entity_id, purpose, code)"), OF_ENTITY, peewee.Check("version > 0")]
