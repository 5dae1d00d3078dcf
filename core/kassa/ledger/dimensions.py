"""Dimensions: the one chain by which entries and open items get theirs, and whether they may be booked so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kassa.kernel.errors import Issue
from kassa.ledger.documents import Books, DimensionName, DimensionSet, dimension_set, dimension_values
from kassa.ledger.facts import books, party_dimensions
from kassa.org import facts as org

STORE = "store"
Values = Iterable[tuple[str, str]]


def dimensions_of(
    document: Any, context: Any, *, store: str | None = None, warehouse_id: str | None = None, line: Values = ()
) -> DimensionSet:
    """Give the dimensions of something that a document books.

    Each value comes from the first of these that has one: the line, the document (its `dimensions`, where it has such a field),
    the place, the party. The place is the store of the document, or another `store` (id or number) for which it books, or, with
    `warehouse_id`, the warehouse from which goods come or to which they go: what is booked on inventory belongs to the store of
    the warehouse.
    """
    known = books(context, document.legal_entity_id)
    number, owners = _place(document, context, store, warehouse_id)
    own: Values = getattr(document, "dimensions", ())
    party: Values = ()
    if known.party_defaults and (party_id := getattr(document, "party_id", None)):
        party = party_dimensions(context, document.legal_entity_id, document.party_type, party_id)
    if not (known.dimension_defaults or party or own or line):
        return dimension_set((STORE, number))
    found = dict(party)
    for owner in reversed(owners):
        found.update(known.dimension_defaults.get(owner, ()))
    if number:
        found[STORE] = number
    found.update(own)
    found.update(line)
    return dimension_set(*found.items())


def _place(document: Any, context: Any, store: str | None, warehouse_id: str | None) -> tuple[str, list[tuple[str, str]]]:
    """Find the number of the store, and who gives defaults, nearest first."""
    reference: str | None = store or document.store_id
    owners: list[tuple[str, str]] = []
    if warehouse_id is not None:
        owners.append(("warehouse", warehouse_id))
        reference = org.warehouse(context, warehouse_id).store_id or reference
    if reference is None:
        return "", owners
    found = org.store_of(context, document.legal_entity_id, reference)
    owners.append((STORE, found.id))
    return found.number, owners


def as_booked(canonical: str) -> DimensionSet:
    """Give the dimensions that something was booked with, by their canonical text."""
    return dimension_set(*dimension_values(canonical).items())


def common(sets: Iterable[str]) -> DimensionSet:
    """Give what dimension sets, by their canonical texts, have in common."""
    values = [set(dimension_values(canonical).items()) for canonical in sets]
    return dimension_set(*set.intersection(*values)) if values else dimension_set()


def value_issues(dimensions: Mapping[str, str], known: Books, context: Any, pointer: str = "") -> Iterable[Issue]:
    """Find dimensions that nobody declares, recorded values that were not created, and values that are blocked."""
    for name, value in sorted(dimensions.items()):
        at = f"{pointer}/{name}" if pointer else ""
        declared = context.registry.find(DimensionName, name)
        if declared is None:
            names = ", ".join(found.name for found in context.registry.all(DimensionName))
            message = f"There is no dimension {name!r}. Use one of {names}."
            yield Issue(code="LEDGER_DIMENSION_UNKNOWN", message=message, pointer=at, expected={"dimension": names}, got=name)
        elif not declared.recorded:
            continue
        elif (name, value) not in known.dimension_values:
            message = f"The dimension {name} has no value {value!r}."
            action = "Create the value (ledger.create_dimension_value), or correct it."
            yield Issue(code="LEDGER_DIMENSION_UNKNOWN", message=message, pointer=at, got=value, action=action)
        elif not known.dimension_values[name, value]:
            message = f"The value {value!r} of the dimension {name} is blocked. Use another, or open it again."
            yield Issue(code="LEDGER_DIMENSION_BLOCKED", message=message, pointer=at, got=value)


def entry_issues(pairs: Iterable[tuple[str, DimensionSet]], known: Books, context: Any) -> Iterable[Issue]:
    """Find what is wrong with the dimensions of entries, given as account and dimension set: values, and rules of accounts."""
    looked_at: set[str] = set()
    for account_id, dimensions in pairs:
        if dimensions.id not in looked_at:
            looked_at.add(dimensions.id)
            yield from value_issues(dimension_values(dimensions.canonical), known, context)
        rules = known.dimension_rules.get(account_id)
        if rules:
            yield from _rule_issues(known.names.get(account_id, account_id), rules, dimension_values(dimensions.canonical))


def _rule_issues(account: str, rules: Iterable[tuple[str, str]], values: Mapping[str, str]) -> Iterable[Issue]:
    for name, rule in rules:
        if rule == "required" and name not in values:
            message = f"Account {account} requires the dimension {name}, and an entry has none."
            action = f"Give a {name}, or a default to the store, warehouse or party (ledger.set_dimension_default)."
            yield Issue(code="LEDGER_DIMENSION_REQUIRED", message=message, expected={"dimension": name}, action=action)
        elif rule == "forbidden" and name in values:
            message = f"Account {account} forbids the dimension {name}; an entry has {values[name]!r}. Leave it out."
            yield Issue(code="LEDGER_DIMENSION_FORBIDDEN", message=message, got=values[name])
