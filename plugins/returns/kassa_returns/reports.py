"""Reports of returns: by reason group, disposition and store; expired; open by age; without a receipt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from kassa import Reader, Report, currency, days_between, format_scaled, legal_entity, schema, store, today
from kassa_returns.documents import RMA

KEY = f"LEFT JOIN kernel_document_key k ON k.document_id = d.id AND k.name = '{RMA}'"
LINES = (
    "FROM returns_line l JOIN returns_order r ON r.document_id = l.document_id JOIN kernel_document d ON d.id = r.document_id "
    "JOIN sales_order o ON o.document_id = d.id JOIN sales_order_line x ON x.id = l.line_id JOIN org_store s ON s.id = d.store_id "
)
RETURNS = (
    "SELECT coalesce(g.code, ''), coalesce(r.reason, ''), coalesce(l.disposition, ''), s.number, o.currency, count(*), sum(-x.quantity), "
    f"sum(-x.net), sum(-x.total) {LINES} LEFT JOIN returns_reason e ON e.reason_id = r.reason_id "
    "LEFT JOIN returns_reason_group g ON g.id = e.group_id WHERE r.legal_entity_id = ? AND l.state NOT IN ('cancelled') "
    "AND r.state <> 'deleted' AND d.business_date >= ? AND d.business_date <= ?{where} "
    "GROUP BY g.code, r.reason, l.disposition, s.number, o.currency ORDER BY 1, 2, 3, 4, 5"
)
WAITING = (
    f"SELECT k.value, c.number, s.number, d.business_date, r.deadline, o.currency, count(*), sum(-x.quantity), sum(-x.total) {LINES}"
    f"JOIN parties_customer c ON c.id = o.customer_id {KEY} WHERE r.legal_entity_id = ? AND r.state IN ('created', 'open'){{where}} "
    "GROUP BY k.value, c.number, s.number, d.business_date, r.deadline, o.currency, d.id ORDER BY {order}, d.id"
)
UNREFERENCED = (
    "SELECT d.business_date, k.value, c.number, s.number, p.number, -x.quantity, -x.total, o.currency, x.price_origin, l.state, "
    f"coalesce(w.name, d.created_by), d.id {LINES} JOIN parties_customer c ON c.id = o.customer_id "
    f"JOIN catalog_product p ON p.id = x.product_id {KEY} LEFT JOIN org_worker w ON CAST(w.id AS TEXT) = d.created_by "
    "WHERE r.legal_entity_id = ? AND x.unreferenced AND l.state <> 'cancelled' "
    "AND r.state <> 'deleted' AND d.business_date >= ? AND d.business_date <= ?{where} ORDER BY d.id, x.number"
)
APPROVALS = "SELECT document_id, decided_by_name FROM kernel_approval WHERE state = 'used' AND document_id IN {keys} ORDER BY document_id, decided_at"
EVER, NEVER = "0001-01-01", "9999-12-31"


@attrs.frozen(kw_only=True)
class ReturnsParameters:
    """Which returns: of a time, of a store."""

    from_date: schema.Date | None = attrs.field(default=None, metadata={"description": "First business date."})
    to_date: schema.Date | None = attrs.field(default=None, metadata={"description": "Last business date."})
    store: schema.Text | None = attrs.field(default=None, metadata={"description": "Number of the store that made them."})


@attrs.frozen(kw_only=True)
class WaitingParameters:
    """Which returns: of a store."""

    store: schema.Text | None = attrs.field(default=None, metadata={"description": "Number of the store that made them."})


def _of_store(parameters: Any, context: Any) -> tuple[str, list[Any]]:
    return (" AND d.store_id = ?", [store(context, parameters.store).id]) if parameters.store is not None else ("", [])


def _dates(parameters: ReturnsParameters) -> list[Any]:
    return [parameters.from_date or EVER, parameters.to_date or NEVER]


def _quantity(value: Any) -> str:
    return format_scaled(int(value), 3, trim=True)


def _money(value: Any, code: str) -> str:
    return format_scaled(int(value), currency(code).exponent)


def by_reason(read: Reader, parameters: ReturnsParameters, context: Any) -> Iterable[Sequence[Any]]:
    """Add returns up by reason group, reason, disposition and store; amounts are what is credited, positive."""
    where, more = _of_store(parameters, context)
    for group, reason, code, place, money, lines, quantity, net, total in read.rows(
        RETURNS.replace("{where}", where), [legal_entity(context).id, *_dates(parameters), *more]
    ):
        yield group, reason, code, place, int(lines), _quantity(quantity), _money(net, money), _money(total, money), money


def _waiting(read: Reader, parameters: WaitingParameters, context: Any, where: str, values: list[Any], order: str) -> Iterable[Sequence[Any]]:
    of_store, more = _of_store(parameters, context)
    entity = legal_entity(context)
    day = today(context, entity)
    sql = WAITING.replace("{where}", where + of_store).replace("{order}", order)
    for rma, customer, place, made, deadline, money, lines, quantity, total in read.rows(sql, [entity.id, *values, *more]):
        age = days_between(str(made), day)
        late = max(0, days_between(str(deadline), day))
        yield rma, customer, place, made, deadline, age, late, int(lines), _quantity(quantity), _money(total, money), money


def expired(read: Reader, parameters: WaitingParameters, context: Any) -> Iterable[Sequence[Any]]:
    """List returns whose deadline passed while goods are expected (RET-54)."""
    day = today(context, legal_entity(context))
    return _waiting(read, parameters, context, " AND l.state = 'expected' AND r.deadline < ?", [day], "r.deadline")


def open_by_age(read: Reader, parameters: WaitingParameters, context: Any) -> Iterable[Sequence[Any]]:
    """List returns that have not ended, the oldest first, with what of them is not credited yet."""
    return _waiting(read, parameters, context, " AND l.state NOT IN ('invoiced', 'cancelled')", [], "d.business_date")


def unreferenced(read: Reader, parameters: ReturnsParameters, context: Any) -> Iterable[Sequence[Any]]:
    """List lines that take goods back without the invoice of their sale, with who made and who allowed them."""
    where, more = _of_store(parameters, context)
    rows = read.rows(UNREFERENCED.replace("{where}", where), [legal_entity(context).id, *_dates(parameters), *more])
    allowed: dict[str, dict[str, None]] = {}
    for return_id, name in read.rows_for(APPROVALS, list(dict.fromkeys(row[-1] for row in rows))) if rows else ():
        allowed.setdefault(return_id, {})[name] = None
    for day, rma, customer, place, product, quantity, total, money, origin, state, who, return_id in rows:
        names = ", ".join(allowed.get(return_id, ())) or None
        yield day, rma, customer, place, product, _quantity(quantity), _money(total, money), money, origin, state, who, names


WAITING_COLUMNS = ("rma_number", "customer", "store", "date", "deadline", "age_days", "days_late", "lines", "quantity", "total", "currency")
REPORTS = (
    Report(
        name="returns.by_reason", summary="Returns by reason group, reason, disposition and store", parameters=ReturnsParameters,
        columns=("group", "reason", "disposition", "store", "lines", "quantity", "net", "total", "currency"), run=by_reason,
        permission="returns.report",
    ),
    Report(
        name="returns.expired", summary="Returns whose deadline passed while goods are expected", parameters=WaitingParameters,
        columns=WAITING_COLUMNS, run=expired, permission="returns.report",
    ),
    Report(
        name="returns.open", summary="Returns that have not ended, by age", parameters=WaitingParameters, columns=WAITING_COLUMNS,
        run=open_by_age, permission="returns.report",
    ),
    Report(
        name="returns.unreferenced", summary="Goods taken back without a receipt", parameters=ReturnsParameters,
        columns=("date", "rma_number", "customer", "store", "product", "quantity", "total", "currency", "price_origin", "state", "made_by",
            "allowed_by"),
        run=unreferenced, permission="returns.report",
    ),
)  # fmt: skip
