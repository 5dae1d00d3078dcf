"""A purse: a plugin whose acts have limits, in money and as a rate, with gates on what is stored; it stands for any."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import attrs

from kassa.kernel import contributions as give
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.operations import Result
from kassa.kernel.plan import Document
from kassa.kernel.plugins import hookimpl
from kassa.kernel.schema import Amount, Identifier, Rate, Text
from kassa.kernel.tables import Id as IdField
from kassa.kernel.tables import Integer, Table, document_reference
from kassa.kernel.tables import Text as TextField
from kassa.kernel.values import format_scaled, new_id

SPEND, DISCOUNT, TAKE_BACK = "purse.spend", "purse.discount", "purse.take_back"
STAFF = ("purse.see", "purse.use", SPEND, "approvals.read")
LARGE = 100_00


class SpendingRow(Table):
    """What was spent, in cents, on what."""

    document_id = IdField(primary_key=True)
    legal_entity_id = IdField()
    amount = Integer()
    rate = Integer()
    purpose = TextField()

    class Meta:
        table_name = "purse_spending"
        append_only = True
        constraints = [document_reference()]


@attrs.frozen(kw_only=True)
class Spending(Document):
    """Money that was spent, in cents, at a discount."""

    kind: ClassVar[str] = "purse.spending"

    amount: int
    rate: int
    purpose: str
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Spend:
    """Spends money."""

    amount: Amount = attrs.field(metadata={"examples": ["9.50"]})
    rate: Rate = 0
    purpose: Text = "bread"


@attrs.frozen(kw_only=True)
class NameSpending:
    """Names a spending."""

    spending: Identifier
    reason: Text | None = None


@attrs.frozen(kw_only=True)
class SpendingView:
    """A spending as it is shown."""

    id: Identifier
    number: str | None
    state: str
    amount: str


def rows(spending: Spending) -> list[tuple[type[Table], tuple[Any, ...]]]:
    return [(SpendingRow, (spending.id, spending.legal_entity_id, spending.amount, spending.rate, spending.purpose))]


def load(read: Any, ids: Sequence[str]) -> Mapping[str, Spending]:
    sql = (
        "SELECT d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, s.amount, s.rate, "
        "s.purpose FROM kernel_document d JOIN purse_spending s ON s.document_id = d.id WHERE d.id IN {keys}"
    )
    names = (
        "id",
        "type",
        "legal_entity_id",
        "store_id",
        "register",
        "state",
        "version",
        "date",
        "occurred_at",
        "amount",
        "rate",
        "purpose",
    )
    return {row[0]: Spending(**dict(zip(names, row, strict=True))) for row in read.rows_for(sql, list(ids))}


def check_limits(spending: Spending, facts: Any, context: Any) -> Iterable[Issue]:
    words = "{amount} is more than the {limit} that you may spend."
    given: dict[str, Any] = {"currency": "EUR", "pointer": "/amount", "store_id": spending.store_id}
    yield from context.approve_over(SPEND, spending.amount, code="PURSE_LIMIT", message=words, **given)
    yield from context.approve_over(DISCOUNT, spending.rate, code="PURSE_DISCOUNT", message="{amount} is over {limit}.", pointer="/rate")


def check_large(spending: Spending, facts: Any, context: Any) -> Iterable[Issue]:
    """A gate that refuses, one that somebody may open, one that only warns."""
    if spending.purpose == "gold":
        yield Issue(code="PURSE_GOLD", message="Gold stays.")
    if spending.purpose == "rent":
        yield Issue(code="PURSE_RENT", message="Rent was due.", severity="warn")
    if spending.amount >= LARGE:
        given: dict[str, Any] = {"currency": "EUR", "document": spending.id, "store_id": spending.store_id}
        yield from context.approve_over(TAKE_BACK, spending.amount, code="PURSE_TAKE_BACK", message="{amount} is over {limit}.", **given)


def check_reason(spending: Spending, facts: Any, context: Any) -> Iterable[Issue]:
    if spending.reason == "none":
        yield Issue(code="PURSE_REASON", message="That is no reason.", pointer="/reason")


def spend(command: Spend, context: Any) -> Result:
    made = Spending(
        id=new_id(), type="plain", legal_entity_id=context.legal_entity_id, store_id=context.actor.store_id, state="spent", date="2026-11-21",
        occurred_at=context.now, amount=int(command.amount * 100), rate=command.rate, purpose=command.purpose,
    )  # fmt: skip
    (made,) = context.step("purse.spending", "spend", [made])
    return Result(view=lambda numbers: view(made, numbers.get(made.id)), document_id=made.id, version=1)


def take_back(command: NameSpending, context: Any) -> Result:
    (taken,) = context.step("purse.spending", "take_back", [attrs.evolve(find(command.spending, context), reason=command.reason)])
    return Result(view=lambda numbers: view(taken, None), document_id=taken.id)


def find(spending_id: str, context: Any) -> Spending:
    found = load(context.read, [spending_id]).get(spending_id)
    if found is None or found.legal_entity_id != context.legal_entity_id:
        raise NotFound("spending", spending_id)
    return found


def read_spending(command: NameSpending, context: Any) -> SpendingView:
    return view(find(command.spending, context), None)


def view(spending: Spending, number: str | None) -> SpendingView:
    return SpendingView(id=spending.id, number=number, state=spending.state, amount=format_scaled(spending.amount, 2))


def operation(
    name: str, handler: Any, request: type[Any], effect: Any, method: Any, path: str, permission: str, **more: Any
) -> give.Operation:
    return give.Operation(
        name=f"purse.{name}", summary=f"Do {name}", effect=effect, http=give.Http(method=method, path=path), request=request,
        response=SpendingView, permission=permission, handler=handler, **more,
    )  # fmt: skip


@hookimpl
def register_storage() -> Iterable[Any]:
    return [give.Storage(name="purse", tables=(SpendingRow,))]


@hookimpl
def register_documents() -> Iterable[Any]:
    moves = (
        give.Transition(name="spend", target="spent", summary="Spend money"),
        give.Transition(name="take_back", sources=("spent",), target="taken_back", summary="Take money back"),
    )
    return [
        give.DocumentKind(
            name="purse.spending", summary="A spending", document=Spending, states=("spent", "taken_back"), transitions=moves, rank=10, rows=rows,
            load=load, tables=(SpendingRow,), series="purse.spendings", shown_by="purse.read",
        ),
    ]  # fmt: skip


@hookimpl
def register_definitions() -> Iterable[Any]:
    codes = ("LIMIT", "DISCOUNT", "GOLD", "RENT", "TAKE_BACK", "REASON")
    return [
        give.NumberSeries(name="purse.spendings", summary="Spendings", pattern="SPENT-{number}"),
        give.Permission(name="purse.see", summary="See what was spent"),
        give.Permission(name="purse.use", summary="Use the purse"),
        give.Permission(name=SPEND, summary="Spend money", measured="money"),
        give.Permission(name=DISCOUNT, summary="Take discounts", measured="rate", unlimited=False),
        give.Permission(name=TAKE_BACK, summary="Take large amounts back", measured="money", unlimited=False),
        give.Role(name="purse.clerk", role="clerk", summary="Spends", permissions=STAFF),
        give.Role(name="purse.boss", role="boss", summary="Allows", permissions=(*STAFF, DISCOUNT, TAKE_BACK, "approvals.decide")),
        give.Role(name="purse.owner", role="owner", summary="Allows", permissions=(*STAFF, DISCOUNT, TAKE_BACK, "approvals.decide", "limits.change")),
        *(give.ErrorCode(code=f"PURSE_{name}", title=name, meaning=f"The purse: {name}.", action="Spend less.") for name in codes),
    ]  # fmt: skip


@hookimpl
def register_rules() -> Iterable[Any]:
    kind: dict[str, Any] = {"kind": "purse.spending", "stage": "check"}
    return [
        give.Rule(name="purse.limits", transition="spend", run=check_limits, summary="Within the limits", **kind),
        give.Rule(name="purse.large", transition="take_back", run=check_large, summary="Not too large", gate=True, **kind),
        give.Rule(name="purse.reason", transition="take_back", run=check_reason, summary="There is a reason", **kind),
    ]


@hookimpl
def register_operations() -> Iterable[Any]:
    of, back = "/purse/spendings/{spending}", ("purse.spending.take_back",)
    return [
        operation("spend", spend, Spend, "post", "POST", "/purse/spendings", "purse.use"),
        operation("take_back", take_back, NameSpending, "post", "POST", f"{of}/return", "purse.use", on="purse.spending", steps=back),
        operation("read", read_spending, NameSpending, "read", "GET", of, "purse.see"),
    ]
