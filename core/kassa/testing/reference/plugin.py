"""One page about one plugin: all that it contributes, for its own documentation."""

from __future__ import annotations

from kassa.kernel.contributions import EventType, Extension, Invariant, Permission, Rule, SettingDefinition, Storage
from kassa.kernel.errors import ErrorCode
from kassa.kernel.schema.shapes import fields_of
from kassa.kernel.tables import name_of
from kassa.testing.reference.described import Described
from kassa.testing.reference.errors import error_section
from kassa.testing.reference.markdown import code, page, prose, table
from kassa.testing.reference.operations import operations_table
from kassa.testing.reference.vocabulary import settings_table


def plugin_page(described: Described, owner: str) -> str:
    """What a plugin contributes: operations, rules, extension fields, settings, permissions, events, tables, invariants, error codes."""
    parts = [prose(described.summary(owner))]
    if operations := described.operations(owner):
        parts += ["## Operations", operations_table(operations)]
    if rules := described.of(Rule, owner):
        rows = [(code(rule.name), f"`{rule.kind}` {rule.transition}", rule.stage, prose(rule.summary)) for rule in rules]
        parts += ["## Rules", table(("rule", "when", "stage", "what it does"), rows)]
    if extensions := described.of(Extension, owner):
        added = [(code(e.name), code(e.of.__name__), _fields(e.value), prose(e.summary)) for e in extensions]
        parts += ["## Extension fields", table(("extension", "of", "fields", "what they hold"), added)]
    if settings := described.of(SettingDefinition, owner):
        parts += ["## Settings", settings_table(settings)]
    parts += _named("Permissions", "allows", described.of(Permission, owner))
    parts += _named("Events", "what happened", described.of(EventType, owner))
    if tables := [model for storage in described.of(Storage, owner) for model in storage.tables]:
        said = [(code(name_of(model)), prose((model.__doc__ or "").strip().partition("\n")[0])) for model in tables]
        parts += ["## Tables", table(("table", "holds"), said)]
    parts += _named("Invariants", "what must hold", described.of(Invariant, owner))
    if codes := described.of(ErrorCode, owner):
        parts += ["## Error codes", *(error_section(declared).replace("## ", "### ", 1) for declared in codes)]
    return page(f"What {owner} contributes", parts)


def _fields(value: type) -> str:
    return ", ".join(code(field.name) for field in fields_of(value))


def _named(title: str, heading: str, values: list[Permission] | list[EventType] | list[Invariant]) -> list[str]:
    if not values:
        return []
    return [f"## {title}", table(("name", heading), ((code(value.name), prose(value.summary)) for value in values))]
