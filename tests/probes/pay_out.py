"""A probe: customers who are owed money become vendors who are paid, by the dimensions in which it came, or all in one."""

from collections import defaultdict
from typing import Annotated

import attrs

import kassa
from kassa import Http, Operation, Report, Result, hookimpl, schema

PAID = "SELECT customer, vendor, amount, note FROM pay_out_paid ORDER BY run, customer, amount DESC"


class PaidRow(kassa.Table):
    """What a run did for a customer: minor units, 0 where it passed the customer over."""

    id = kassa.Id(primary_key=True)
    run = kassa.Id()
    customer = kassa.Text()
    vendor = kassa.Text(null=True)
    amount = kassa.Integer()
    note = kassa.Text()

    class Meta:
        table_name = "pay_out_paid"
        append_only = True


@attrs.frozen(kw_only=True)
class Run:
    """Pays out what customers are owed, each to a vendor account that is made where there is none."""

    customers: Annotated[tuple[schema.Text, ...], schema.Items(1, 100)]
    template: schema.Text
    together: bool = False
    minimum: schema.Amount = 0


@attrs.frozen(kw_only=True)
class Done:
    """What was moved to a vendor, or why nothing was."""

    customer: str
    vendor: str | None = None
    amount: schema.DecimalText = "0"
    dimensions: str = ""
    note: str = ""


@attrs.frozen(kw_only=True)
class RunView:
    """What a run did, customer by customer."""

    id: schema.Identifier
    results: tuple[Done, ...]


@attrs.frozen(kw_only=True)
class Nothing:
    """Asks for all."""


def run(command, context):
    """Move the credit balance of each customer to its vendor account."""
    run_id, results = kassa.new_id(), []
    for number in command.customers:
        results += pay_out(kassa.customer(context, number), command, context)
    rows = [
        kassa.Row(PaidRow, {"id": kassa.new_id(), "run": run_id, **attrs.asdict(done, filter=kept), "amount": minor(done.amount)})
        for done in results
    ]
    context.plan.add(rows, "pay_out.run")
    return Result(view=lambda numbers: RunView(id=run_id, results=tuple(results)))


def kept(field, value):
    """Which fields of a result are columns as they stand."""
    return field.name in ("customer", "vendor", "note")


def minor(amount):
    """An amount of the legal entity's currency in minor units."""
    return int(amount.replace(".", ""))


def pay_out(customer, command, context):
    """Tell what is moved of one customer, having planned it; prepayments belong to their orders."""
    entity = kassa.legal_entity(context)
    found = kassa.open_items(context, entity.id, "customer", customer.id)
    items = [item for item in found if item.type != "prepayment"]
    balance, least = -sum(item.open for item in items), int(command.minimum * 100)
    if balance <= 0 or balance < least:
        return [Done(customer=customer.number, note="no credit" if balance <= 0 else "below the minimum")]
    if any(item.open > 0 for item in items) and not command.together:
        return [Done(customer=customer.number, note="owes something")]
    vendor = vendor_of(customer, command, context)
    groups = defaultdict(list)
    for item in items:
        groups["" if command.together else item.dimensions].append(item)
    return [move(customer, vendor, group, context) for _, group in sorted(groups.items())]


def vendor_of(customer, command, context):
    """The vendor account of a customer, made in this plan where there is none."""
    if customer.vendor_id is not None:
        return customer.vendor_id
    made = {"customer": customer.number, "template": command.template}
    return context.call("parties.create_one_time_vendor", made).document_id


def move(customer, vendor, items, context):
    """Move some items of a customer: the customer owes nothing of them any more, and the vendor is owed them."""
    asked = {"customer": customer.number, "vendor": vendor, "items": [{"item": item.id} for item in items]}
    moved = context.call("payables.transfer_balance", asked).view({})
    told = ", ".join(f"{name} {value}" for name, value in sorted(moved.dimensions.items()))
    return Done(customer=customer.number, vendor=moved.vendor, amount=moved.amount, dimensions=told, note="moved")


def paid(read, parameters, context):
    """All that was paid out, run by run."""
    return read.rows(PAID)


@hookimpl
def register_storage():
    return [kassa.Storage(name="pay_out", tables=(PaidRow,))]


@hookimpl
def register_definitions():
    return [kassa.Permission(name="pay_out.run", summary="Pay out what customers are owed")]


@hookimpl
def register_reports():
    columns, of = ("customer", "vendor", "amount", "note"), {"parameters": Nothing, "permission": "pay_out.run"}
    return [Report(name="pay_out.paid", summary="What was paid out", columns=columns, run=paid, **of)]


@hookimpl
def register_operations():
    http, of = Http(method="POST", path="/pay-out/runs", status=201), {"effect": "post", "permission": "pay_out.run"}
    return [Operation(name="pay_out.run", summary="Pay out", http=http, request=Run, response=RunView, handler=run, **of)]
