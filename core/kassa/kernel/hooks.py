"""The kernel contributes through the same hooks as every room: its tables, settings, permissions, roles and operations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel import cleaning, extensions, invariants, limit_operations, models, setting_operations, worker_operations
from kassa.kernel.approvals import APPROVAL_TABLES, vocabulary
from kassa.kernel.approvals import invariants as approval_invariants
from kassa.kernel.approvals import operations as approval_operations
from kassa.kernel.contributions import Role, Storage
from kassa.kernel.errors import KERNEL_CODES, ErrorCode
from kassa.kernel.events import envelope
from kassa.kernel.events import operations as event_operations
from kassa.kernel.evidence import chains
from kassa.kernel.evidence import operations as evidence_operations
from kassa.kernel.jobs import JOB_TABLES
from kassa.kernel.jobs import operations as job_operations
from kassa.kernel.limits import LIMIT_TABLES
from kassa.kernel.outbox import OUTBOX_TABLES
from kassa.kernel.plugins import hookimpl
from kassa.kernel.schedules import operations as schedule_operations
from kassa.kernel.schedules.models import SCHEDULE_TABLES
from kassa.kernel.settings import SETTING_TABLES
from kassa.kernel.webhooks import operations as webhook_operations
from kassa.kernel.webhooks import targets
from kassa.kernel.webhooks.models import WEBHOOK_TABLES

# Each has operations with their permissions, some events and codes of errors too.
AREAS = (
    setting_operations, limit_operations, job_operations, event_operations, webhook_operations, schedule_operations, cleaning,
    worker_operations, evidence_operations,
)  # fmt: skip
PERMISSIONS = tuple(permission for area in AREAS for permission in area.PERMISSIONS)
TABLES = (*models.TABLES, *SETTING_TABLES, *LIMIT_TABLES, *JOB_TABLES, *OUTBOX_TABLES, *APPROVAL_TABLES, *WEBHOOK_TABLES, *SCHEDULE_TABLES)

CODES = (
    ErrorCode(
        code="INPUT_CURSOR",
        title="This is no cursor",
        meaning="The place in a list is not one that an answer gave.",
        action="Send the `next` of the page before as it is, or leave it out to begin anew.",
    ),
    ErrorCode(
        code="STATE_FORBIDS",
        title="The document's state does not allow this",
        meaning="The document is not in a state from which this move is made.",
        action="Read the document again and look at its actions.",
    ),
    ErrorCode(
        code="BALANCE_EXCEEDED",
        title="More than there is",
        meaning="A balance would pass its bound.",
        action="Ask for less; the issue tells what would be left.",
    ),
    ErrorCode(
        code="LOST_RACE",
        title="Somebody else was faster",
        meaning="Others changed the same goods, document or balance while this was worked on; nothing was done.",
        action="Try again.",
        status=409,
    ),
    ErrorCode(
        code="KEY_TAKEN",
        title="A key is already taken",
        meaning="Something else already has a key that must be unique.",
        action="Use another key, or look at what has it.",
        status=409,
    ),
    ErrorCode(
        code="IDEMPOTENCY_OTHER_WORKER",
        title="Another worker did this at this till",
        meaning="The key was used at this till by another worker, who did the same then.",
        action="Look the document up; use a new key for a new act.",
        status=409,
    ),
    ErrorCode(
        code="JOB_STATE",
        title="The job's state does not allow this",
        meaning="The job has ended, or goes on already.",
        action="Read the job; start a new one where it has ended.",
        status=409,
    ),
)

ROLES = (
    Role(
        name="kernel.store_manager",
        role="store_manager",
        summary="Runs a store",
        permissions=("settings.read", "limits.read", "jobs.read", "jobs.control", "evidence.read"),
    ),
    Role(
        name="kernel.accountant",
        role="accountant",
        summary="Keeps the books",
        permissions=("settings.read", "limits.read", "jobs.read", "jobs.control", "events.read", "evidence.read"),
    ),
    Role(
        name="kernel.payables",
        role="payables",
        summary="Pays in runs",
        permissions=("settings.read", "limits.read", "jobs.read", "jobs.control"),
    ),
    Role(
        name="kernel.integrator",
        role="integrator",
        summary="Sets the installation up and connects other systems to it",
        permissions=tuple(permission.name for permission in PERMISSIONS),
    ),
)


@hookimpl
def register_storage() -> Iterable[Any]:
    return [
        Storage(name="kernel", tables=TABLES),
        *invariants.INVARIANTS,
        *chains.INVARIANTS,
        *extensions.INVARIANTS,
        *approval_invariants.INVARIANTS,
    ]


@hookimpl
def register_definitions() -> Iterable[Any]:
    return [
        *KERNEL_CODES, *CODES, *PERMISSIONS, *ROLES, *limit_operations.CODES, *webhook_operations.CODES, *schedule_operations.CODES,
        *approval_operations.PERMISSIONS, *vocabulary.SETTINGS, *vocabulary.CODES, *vocabulary.ROLES,
        *envelope.SETTINGS, *targets.SETTINGS, *cleaning.SETTINGS,
    ]  # fmt: skip


@hookimpl
def register_operations() -> Iterable[Any]:
    return [*(operation for area in AREAS for operation in area.OPERATIONS), *approval_operations.OPERATIONS]


@hookimpl
def register_events() -> Iterable[Any]:
    return [*setting_operations.EVENTS, *limit_operations.EVENTS, *webhook_operations.EVENTS, *schedule_operations.EVENTS, *vocabulary.EVENTS]


@hookimpl
def register_jobs() -> Iterable[Any]:
    return [cleaning.JOB, *cleaning.SCHEDULES]
