"""The pages of events, settings, permissions and invariants, and the accounts of the shipped chart."""

from __future__ import annotations

import json

from kassa.kernel.announcing import FIELDS
from kassa.kernel.contributions import DocumentKind, EventType, Invariant, Operation, Permission, Role, SettingDefinition
from kassa.kernel.values import format_scaled
from kassa.ledger.documents import AccountRole, ChartAccount
from kassa.org.access import powers_of
from kassa.testing.reference.described import Described
from kassa.testing.reference.markdown import code, page, prose, table

EVENTS = """\
An event is a business fact, written to the outbox in the transaction that made it so: it exists if and only if the fact does. It
reaches each listener after the commit, at least once, in order for each document; whoever takes it in compares its id with those
that were seen. The list `GET /v1/events` and [webhooks](webhooks.md) show it as a CloudEvent, of which this page tells type and data.

An event that a transition of a document announces has as data the id of the document and, where it gets one then, its number:

```json
{"document": "0190a1b2-0000-7000-8000-000000000001", "number": "INV-S001-000042"}
```

One that an operation on records announces which are no documents names the operation and where in the API the record is read:

```json
{"operation": "catalog.change_product", "resource": "/v1/products/85123A"}
```

What others hold is told below the table of their owner."""

SETTINGS = """\
A setting is read at the narrowest level that gives it a value: the store, the profile of the store, the legal entity, the
installation, else its default. `kassa settings` lists and changes them; each change stands in their history with who made it."""

PERMISSIONS = """\
A permission allows an operation or an act. Roles are sets of permissions; rooms and plugins add theirs to the same roles. A worker
holds roles everywhere, in a legal entity or in a store; an API key carries roles of its own. The administrator holds every
permission, also those of plugins that come later."""


INVARIANTS = """\
An invariant is a statement that holds in any healthy database. `kassa verify` reads the whole database on one snapshot, names each row
that breaks one and what is wrong with it, and ends with status 1 then. It trusts nothing that Kassa believes it wrote: everything is
read back from the rows."""


def events_page(described: Described) -> str:
    """The table of events, with the transitions that announce them."""
    parts = [EVENTS]
    for owner, events in described.by_owner(EventType):
        rows = ((code(event.name), prose(event.summary), _announced(described, event.name)) for event in events)
        parts += [f"## {owner}", table(("event", "what happened", "announced by"), rows)]
        parts += [part for event in events if event.fields and event.fields != FIELDS for part in _data(event)]
    return page("Events", parts)


def _data(event: EventType) -> list[str]:
    """What the data of an event hold, with an example."""
    rows = ((code(name), prose(words)) for name, words in event.fields.items())
    example = json.dumps(event.example, ensure_ascii=False)
    return [f"### `{event.name}`", table(("field", "holds"), rows), f"```json\n{example}\n```"]


def _announced(described: Described, event: str) -> str:
    moves = [f"`{kind.name}` {move.name}" for kind in described.of(DocumentKind) for move in kind.transitions if move.event == event]
    named = [code(operation.name) for operation in described.of(Operation) if operation.announces == event]
    return ", ".join([*moves, *named]) or "an operation"


def settings_page(described: Described) -> str:
    """The table of settings."""
    parts = [SETTINGS]
    for owner, settings in described.by_owner(SettingDefinition):
        parts += [f"## {owner}", settings_table(settings)]
    return page("Settings", parts)


def settings_table(settings: list[SettingDefinition]) -> str:
    """One row a setting: name, what it holds, default, levels, summary."""
    rows = ((code(s.name), _kind(s), _default(s), ", ".join(level.replace("_", " ") for level in s.levels), prose(s.summary)) for s in settings)
    return table(("setting", "holds", "default", "given at", "what it decides"), rows)


def _kind(setting: SettingDefinition) -> str:
    if setting.type == "choice":
        return "one of " + ", ".join(map(code, setting.choices))
    words = {"bool": "true or false", "int": "a whole number", "text": "a text", "decimal": f"a decimal of {setting.places} places"}
    bounds = [
        f"{word} {format_scaled(bound, setting.places, trim=True)}"
        for word, bound in (("from", setting.minimum), ("to", setting.maximum))
        if bound is not None
    ]
    return " ".join([words[setting.type], *bounds])


def _default(setting: SettingDefinition) -> str:
    if setting.default is None:
        return "none"
    if setting.type == "bool":
        return code("true" if setting.default else "false")
    if setting.type == "decimal":
        return code(format_scaled(setting.default, setting.places, trim=True))
    return code(str(setting.default))


def permissions_page(described: Described) -> str:
    """The roles, and which permissions each holds."""
    roles = sorted({role.role for role in described.of(Role)})
    rows = [(code(role), _summaries(described, role)) for role in roles]
    parts = [PERMISSIONS, "## Roles", table(("role", "what for"), rows)]
    powers = {role: powers_of(described.registry, [role]) for role in roles}
    columns = [role for role in roles if not powers[role].everything]
    for owner, permissions in described.by_owner(Permission):
        matrix = (
            (code(p.name), prose(p.summary), *("yes" if p.name in powers[role].permissions else "" for role in columns)) for p in permissions
        )
        parts += [f"## {owner}", table(("permission", "allows", *(role.replace("_", " ") for role in columns)), matrix)]
    return page("Permissions and roles", parts)


def _summaries(described: Described, role: str) -> str:
    found = dict.fromkeys(part.summary.rstrip(".") for owner in described.owners() for part in described.of(Role, owner) if part.role == role)
    return prose("; ".join(found)) + "."


def accounts_table(described: Described) -> str:
    """The shipped chart: the account of each role, and those that play a role for one selector only."""
    roles = [(r.number, r.summary, r.type, code(r.name), "yes" if r.control else "") for r in described.of(AccountRole)]
    selected = [(a.number, a.summary, a.type, f"`{a.role}` for `{a.selector}`", "") for a in described.of(ChartAccount)]
    return table(("account", "name", "type", "role", "explained by a subledger"), sorted([*roles, *selected]))


def invariants_page(described: Described) -> str:
    """What the verifier looks for, owner by owner."""
    parts = [INVARIANTS]
    for owner, invariants in described.by_owner(Invariant):
        rows = ((code(invariant.name), prose(invariant.summary)) for invariant in invariants)
        parts += [f"## {owner}", table(("invariant", "what must hold"), rows)]
    return page("Invariants", parts)
