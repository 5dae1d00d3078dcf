"""Reports of payables: the statement of a vendor, and what vendors are owed by age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from kassa.kernel.contributions import Report
from kassa.kernel.database import Reader
from kassa.kernel.schema import Date
from kassa.ledger.reports import AGE_COLUMNS, OpenItemsParameters, open_items_by_age
from kassa.ledger.statements import STATEMENT_COLUMNS, party_statement
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference
from kassa.parties import facts as parties
from kassa.payables.documents import VENDOR


@attrs.frozen(kw_only=True)
class VendorStatementParameters:
    """Which vendor, and which dates."""

    vendor: Reference = attrs.field(metadata=about("Number or id.", "V-2001"))
    from_date: Date | None = attrs.field(default=None, metadata=about("From this date on; what was before is the opening balance."))
    to_date: Date | None = attrs.field(default=None, metadata=about("Up to and with this date."))


def vendor_statement(read: Reader, parameters: VendorStatementParameters, context: Any) -> Iterable[Sequence[Any]]:
    """Give the statement of a vendor: negative is owed to the vendor."""
    vendor = parties.vendor(context, parameters.vendor)
    return party_statement(read, (vendor.legal_entity_id, VENDOR, vendor.id), parameters.from_date, parameters.to_date)


def vendors_by_age(read: Reader, parameters: OpenItemsParameters, context: Any) -> Iterable[Sequence[Any]]:
    """Give one row for each vendor with open items: what is not due yet, and what is overdue by age; negative is owed to the vendor."""
    return (row[1:] for row in open_items_by_age(read, parameters, context) if row[0] == VENDOR)


REPORTS = (
    Report(
        name="payables.vendor_statement",
        summary="What a vendor was owed and owed, document by document",
        parameters=VendorStatementParameters,
        columns=STATEMENT_COLUMNS,
        run=vendor_statement,
        permission="payables.read",
    ),
    Report(
        name="payables.vendors_by_age",
        summary="What vendors are owed, by days overdue",
        parameters=OpenItemsParameters,
        columns=AGE_COLUMNS[1:],
        run=vendors_by_age,
        permission="payables.read",
    ),
)
