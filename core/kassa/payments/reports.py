"""Reports of payments: what each drawer and each tender took and paid out on one day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from kassa.kernel.contributions import Report
from kassa.kernel.database import Reader
from kassa.kernel.schema import Date
from kassa.kernel.values import format_minor
from kassa.org import facts as org
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference
from kassa.payments.facts import today

# Payments and movements of drawers of one date, found through their vouchers, which have an index by date.
TOTALS = (
    "SELECT s.number, t.register, t.tender, t.currency, sum(t.payments), sum(t.taken), sum(t.paid_out), sum(t.rounding), sum(t.moved) FROM ("
    "SELECT d.store_id, d.register, p.tender, p.currency, 1 AS payments, CASE WHEN (p.amount > 0) = (d.corrects_id IS NULL) THEN p.amount ELSE 0 END AS taken, "
    "CASE WHEN (p.amount > 0) = (d.corrects_id IS NULL) THEN 0 ELSE p.amount END AS paid_out, p.rounding, 0 AS moved FROM ledger_voucher v "
    "JOIN payments_payment p ON p.document_id = v.document_id JOIN kernel_document d ON d.id = v.document_id "
    "WHERE v.legal_entity_id = ? AND v.date = ?{store} "
    "UNION ALL SELECT d.store_id, d.register, m.tender, m.currency, 0, 0, 0, 0, m.amount FROM ledger_voucher v "
    "JOIN payments_drawer_movement m ON m.document_id = v.document_id JOIN kernel_document d ON d.id = v.document_id "
    "WHERE v.legal_entity_id = ? AND v.date = ?{store}) t LEFT JOIN org_store s ON s.id = t.store_id GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
)


@attrs.frozen(kw_only=True)
class TotalsParameters:
    """Which day and which store."""

    date: Date | None = attrs.field(default=None, metadata=about("The business date; today where it is left out."))
    store: Reference | None = attrs.field(default=None, metadata=about("Only one store, by number or id."))


def totals(read: Reader, parameters: TotalsParameters, context: Any) -> Iterable[Sequence[Any]]:
    """Give one row for each register and tender: what came in, what went out, and what should be there.

    A void takes away from what it voids. `moved` is what came into the drawer or left it other than by payments.
    """
    entity = org.legal_entity(context)
    store = org.store(context, parameters.store) if parameters.store is not None else None
    date = parameters.date or today(context, entity.id, store.id if store is not None else None)
    narrowed, values = ("", [entity.id, date]) if store is None else (" AND d.store_id = ?", [entity.id, date, store.id])
    for number, register, tender, currency, count, taken, paid_out, rounding, moved in read.rows(
        TOTALS.replace("{store}", narrowed), values * 2
    ):
        sums = (int(taken), int(paid_out), int(moved), int(taken) + int(paid_out) + int(moved), int(rounding))
        yield date, number, register, tender, currency, int(count), *(format_minor(amount, currency) for amount in sums)


REPORTS = (
    Report(
        name="payments.totals",
        summary="What each register took and paid out by each tender on one day",
        parameters=TotalsParameters,
        columns=("date", "store", "register", "tender", "currency", "payments", "taken", "paid_out", "moved", "total", "rounding"),
        run=totals,
        permission="payments.read",
    ),
)
