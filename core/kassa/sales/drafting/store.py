"""Rows of drafts, both ways: the order of a draft is one JSON text, for it changes as a whole and nobody adds it up."""

from __future__ import annotations

from typing import Any

from kassa.catalog import facts as catalog
from kassa.kernel import extensions
from kassa.kernel.errors import NotFound
from kassa.kernel.extensions import Extended
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import id_or_none
from kassa.kernel.plan import Row
from kassa.kernel.schema import encode, loads
from kassa.org import facts as org
from kassa.sales import facts
from kassa.sales.documents import Charge, LineTax, SalesLine, SalesOrder, Treatment
from kassa.sales.drafting.documents import Draft
from kassa.sales.drafting.models import DraftRow
from kassa.sales.sources import load_sources

HEADER = (
    "type", "store_id", "register", "date", "occurred_at", "customer_id", "party_type", "party_id", "currency", "exponent",
    "price_includes_tax", "warehouse_id", "store_number", "discount_amount", "discount_rate", "net", "tax", "total",
)  # fmt: skip
LINE = (
    "id", "number", "product_id", "product_number", "description", "quantity", "unit_price", "price_origin", "price_reason",
    "price_allowed", "given_price", "discount", "total_share", "discount_rate", "unit_discount", "discount_origin", "net_discount", "net", "tax", "total",
    "tax_group", "stocked", "post_physical", "standard_cost", "warehouse_id", "given_cost", "source_cost",
)  # fmt: skip
CHARGE = (
    "number", "line_number", "code", "category", "value", "origin", "rule", "overridden", "reason", "amount", "invoiced", "refunded",
)  # fmt: skip
DRAFT = "SELECT id, kind, state, version, of_id, of_version, expires_on, content FROM sales_draft WHERE legal_entity_id = ? AND id = ?"


def content(draft: Draft) -> str:
    """Write the order of a draft as JSON."""
    order = draft.order
    data = {name: getattr(order, name) for name in HEADER}
    data["reference"] = draft.reference
    data["extensions"] = _extended(order.extensions)
    data["lines"] = [
        {name: getattr(line, name) for name in LINE}
        | {"source": [line.source.document_id, line.source.number] if line.source is not None else None}
        | {"taxes": _taxes(line.taxes), "extensions": _extended(line.extensions)}
        | {"treatment": [line.treatment.money, line.treatment.goods, line.treatment.cost_source, line.treatment.offset_role]}
        for line in order.lines
    ]
    data["charges"] = [
        {name: getattr(charge, name) for name in CHARGE} | {"taxes": _taxes(charge.taxes), "refund_of": charge.refund_of}
        for charge in order.charges
    ]
    return encode(data)


def _taxes(taxes: tuple[LineTax, ...]) -> list[list[Any]]:
    return [[tax.code, tax.rate, tax.amount] for tax in taxes]


def _extended(values: tuple[Extended, ...]) -> dict[str, str]:
    return {value.name: value.text() for value in values}


def values_of(draft: Draft, context: Any) -> dict[str, Any]:
    """Give the columns of a draft that may change."""
    order = draft.order
    return {
        "state": draft.state, "customer_id": order.customer_id, "expires_on": draft.expires_on, "total": order.total,
        "content": content(draft), "changed_at": context.now,
    }  # fmt: skip


def insert(draft: Draft, context: Any) -> Row:
    """Write a new draft."""
    order = draft.order
    values = {
        "id": draft.id, "legal_entity_id": order.legal_entity_id, "store_id": order.store_id, "kind": draft.kind, "version": 1,
        "of_id": order.of_id, "of_version": order.of_version, "currency": order.currency, "created_at": context.now,
        "created_by": context.actor.id,
    }  # fmt: skip
    return Row(DraftRow, values | values_of(draft, context))


def update(draft: Draft, context: Any) -> Row:
    """Write a draft that changed, provided that it still has the version that was read."""
    return Row(DraftRow, values_of(draft, context), key={"id": draft.id}, version=draft.version)


def close(draft: Draft, state: str, context: Any, reason: str | None = None) -> Row:
    """Write that a draft is over."""
    values = {"state": state, "changed_at": context.now, "reason": reason}
    return Row(DraftRow, values, key={"id": draft.id}, version=draft.version)


def load(context: Any, reference: str) -> Draft:
    """Read a draft of the request's legal entity by its id; NotFound where there is none."""
    entity = org.legal_entity(context)
    row = context.read.row(DRAFT, (entity.id, id_or_none(reference)))
    if row is None:
        raise NotFound("draft", reference)
    draft_id, kind, state, version, of_id, of_version, expires_on, text = row
    data = loads(text)
    before = facts.orders(context, [of_id])[of_id] if of_id is not None else None
    order = _order(context, data, of_id or draft_id, entity.id, before)
    return Draft(
        id=draft_id, kind=kind, state=state, version=version, order=evolve(order, of_id=of_id, of_version=of_version), before=before,
        expires_on=expires_on, reference=data["reference"],
    )  # fmt: skip


def _order(context: Any, data: dict[str, Any], order_id: str, entity_id: str, before: SalesOrder | None) -> SalesOrder:
    """Make the order of a draft, with what the catalogue says of its products now, and how far lines of an edit have come."""
    known = {line.id: line for line in before.lines} if before is not None else {}
    products = catalog.products(context, [line["product_id"] for line in data["lines"]])
    named = {values["id"]: (values["source"][0], values["source"][1]) for values in data["lines"] if values["source"] is not None}
    sources = load_sources(context.read, list(dict.fromkeys(place[0] for place in named.values()))) if named else {}
    lines = []
    for values in data["lines"]:
        line = SalesLine(
            **{name: values[name] for name in LINE}, treatment=Treatment(*values["treatment"]), taxes=_taxes_from(values["taxes"]),
            source=sources[named[values["id"]]] if values["id"] in named else None,
            extensions=_extensions_from(context, values["id"], values["extensions"]),
        )  # fmt: skip
        old = known.get(line.id)
        lines.append(line if old is None else evolve(line, counters=old.counters, sequence=old.sequence, claimed=old.claimed))
    billed = {charge.number: charge for charge in before.charges} if before is not None else {}
    order = SalesOrder(
        **{name: data[name] for name in HEADER}, id=order_id, legal_entity_id=entity_id, state="draft", lines=tuple(lines),
        charges=tuple(_charge(values, billed.get(values["number"])) for values in data["charges"]),
        version=before.version if before is not None else 1, extensions=_extensions_from(context, order_id, data["extensions"]),
    )  # fmt: skip
    return facts.with_products(order, products)


def _charge(values: dict[str, Any], old: Charge | None) -> Charge:
    source = values["refund_of"]
    charge = Charge(
        **{name: values[name] for name in CHARGE}, taxes=_taxes_from(values["taxes"]), refund_of=tuple(source) if source else None
    )
    return charge if old is None else evolve(charge, invoiced=old.invoiced, refunded=old.refunded)


def _taxes_from(values: list[list[Any]]) -> tuple[LineTax, ...]:
    return tuple(LineTax(*tax) for tax in values)


def _extensions_from(context: Any, record_id: str, values: dict[str, str]) -> tuple[Extended, ...]:
    return tuple(extensions.stored(context.registry, record_id, name, values[name]) for name in sorted(values))
