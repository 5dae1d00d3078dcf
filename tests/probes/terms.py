"""A probe: what was agreed about the delivery of a line, and the occasion of an order; kept and shown by the core."""

from typing import Literal

import attrs

from kassa import ErrorCode, Event, EventType, Extension, Issue, Rule, SalesLine, SalesOrder, hookimpl

LONGEST = 30


@attrs.frozen(kw_only=True)
class DeliveryTerms:
    """How fast a line is delivered, and in which way."""

    days: int = attrs.field(validator=attrs.validators.ge(0), metadata={"description": "Working days.", "examples": [3]})
    way: Literal["van", "post"] = "van"
    note: str | None = None


@attrs.frozen(kw_only=True)
class Occasion:
    """What an order is for."""

    name: str


def check_terms(order, facts, context):
    """Refuse what takes too long."""
    for line in order.lines:
        terms = line.ext(DeliveryTerms)
        if terms is not None and terms.days > LONGEST:
            pointer = f"/lines/{line.number - 1}/extensions/terms.delivery/days"
            yield Issue(code="TERMS_TOO_LONG", message=f"Line {line.number}: at most {LONGEST} days.", pointer=pointer, got=str(terms.days))


def announce(invoice, facts, context):
    """Tell what was promised of the invoiced lines."""
    promised = [(line.order_line.number, terms.days) for line in invoice.lines if (terms := line.order_line.ext(DeliveryTerms)) is not None]
    if promised:
        yield Event("terms.promised", {"lines": promised}, invoice.id)


@hookimpl
def register_documents():
    return [
        Extension(name="terms.delivery", summary="How a line is delivered", of=SalesLine, value=DeliveryTerms),
        Extension(name="terms.occasion", summary="What an order is for", of=SalesOrder, value=Occasion),
    ]


@hookimpl
def register_definitions():
    return [ErrorCode(code="TERMS_TOO_LONG", title="It takes too long", meaning="The delivery takes too long.", action="Promise less.")]


@hookimpl
def register_events():
    return [EventType(name="terms.promised", summary="Invoiced lines have terms of delivery.")]


@hookimpl
def register_rules():
    return [
        Rule(name="terms.check", kind="order", transition="create", stage="check", run=check_terms, summary="It is fast enough."),
        Rule(name="terms.announce", kind="invoice", transition="post", stage="derived", run=announce, summary="Terms are announced."),
    ]
