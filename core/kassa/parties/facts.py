"""What others ask about the parties; every answer is a frozen value, cached until a party changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kassa.kernel.context import Context
from kassa.kernel.database import Reader
from kassa.kernel.errors import NotFound
from kassa.kernel.keys import NO_ID, id_or_none
from kassa.org.facts import legal_entity
from kassa.parties import store as rows
from kassa.parties.documents import Customer


def customers(context: Context, numbers: Sequence[str]) -> dict[str, Customer]:
    """The customers of numbers or ids within the request's legal entity, by reference; what is unknown is absent."""
    entity_id = legal_entity(context).id

    def load(read: Reader, missing: list[str]) -> Mapping[str, Customer]:
        return _load(read, entity_id, missing)

    return context.caches.get_many(context.read, "parties", f"customers/{entity_id}", list(numbers), load)


def customer(context: Context, reference: str) -> Customer:
    """The customer of a number or id within the request's legal entity; NotFound where there is none."""
    found = customers(context, (reference,)).get(reference)
    if found is None:
        raise NotFound("customer", reference)
    return found


def _load(read: Reader, entity_id: str, references: Sequence[str]) -> dict[str, Customer]:
    found = rows.customers(read, entity_id, "number", references)
    ids = [reference for reference in references if reference not in found and id_or_none(reference) != NO_ID]
    known = found | rows.customers(read, entity_id, "id", ids) if ids else found
    # Who found a customer by number asks by id next.
    return known | {customer.id: customer for customer in known.values()}
