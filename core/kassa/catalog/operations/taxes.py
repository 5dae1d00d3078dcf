"""Tax codes with their dated rates, and the tax groups that they make up."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.catalog.messages import taxes as messages
from kassa.catalog.models import TaxCodeRow, TaxGroupRow
from kassa.catalog.operations.prices import dates_issues
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Refused
from kassa.kernel.operations import Result, page, page_of, read_cursor
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts as org
from kassa.org.editing import listed, refusal

SELECT = "SELECT id, legal_entity_id, code, rate_micro, from_date, to_date, entered_at FROM catalog_tax_code"
GROUPS = "SELECT tax_group, tax_code, active FROM catalog_tax_group WHERE legal_entity_id = ? ORDER BY tax_group, tax_code"


def enter_tax_rate(command: messages.EnterTaxRate, context: Context) -> Result:
    """Plan a rate of a tax code from a date on."""
    entity = org.legal_entity(context)
    issues = dates_issues(command.from_date, command.to_date, "/to_date")
    if issues:
        raise Refused(issues)
    view = messages.TaxCodeView(
        id=new_id(),
        legal_entity_id=entity.id,
        code=command.code,
        rate=command.rate,
        from_date=command.from_date,
        to_date=command.to_date,
        entered_at=context.now,
    )
    values = {("rate_micro" if name == "rate" else name): value for name, value in attrs.asdict(view).items()}
    context.plan.add([Row(TaxCodeRow, values)], rule="catalog.enter_tax_rate")
    return Result(view=lambda numbers: view, document_id=view.id)


def list_tax_codes(request: messages.ListTaxCodes, context: Context) -> Any:
    """Show a page of all rates ever entered in the legal entity, in the order in which they were entered."""
    conditions = [("legal_entity_id = ?", org.legal_entity(context).id), ("code = ?", request.code)]
    return listed(context, request, SELECT, conditions, messages.TaxCodeView, _view)


def _view(row: DatabaseRow) -> messages.TaxCodeView:
    entry_id, entity_id, code, rate, first, last, entered_at = row
    return messages.TaxCodeView(
        id=entry_id, legal_entity_id=entity_id, code=code, rate=rate, from_date=first, to_date=last, entered_at=entered_at
    )


def set_tax_group(command: messages.SetTaxGroup, context: Context) -> Result:
    """Plan of which codes a tax group consists; the same ones again are no change."""
    entity = org.legal_entity(context)
    codes = list(dict.fromkeys(command.codes))
    rows = context.read.rows("SELECT DISTINCT code FROM catalog_tax_code WHERE legal_entity_id = ?", (entity.id,))
    known = {row[0] for row in rows}
    issues = [
        refusal("CATALOG_TAX_CODE_UNKNOWN", f"There is no tax code {code} here. Enter its rate first.", f"/codes/{place}", code)
        for place, code in enumerate(command.codes)
        if code not in known
    ]
    if issues:
        raise Refused(issues)
    present = {code: bool(active) for group, code, active in context.read.rows(GROUPS, (entity.id,)) if group == command.tax_group}
    changes = []
    for code in sorted({*codes, *present}):
        place = {"legal_entity_id": entity.id, "tax_group": command.tax_group, "tax_code": code}
        if code not in present:
            changes.append(Row(TaxGroupRow, {**place, "active": True}))
        elif present[code] != (code in codes):
            changes.append(Row(TaxGroupRow, {"active": code in codes}, key={**place, "active": present[code]}))
    context.plan.add(changes, rule="catalog.set_tax_group")
    view = messages.TaxGroupView(tax_group=command.tax_group, legal_entity_id=entity.id, codes=tuple(sorted(codes)))
    return Result(view=lambda numbers: view)


def list_tax_groups(request: messages.ListTaxGroups, context: Context) -> Any:
    """Show a page of the tax groups of the legal entity with their codes, sorted by name."""
    entity = org.legal_entity(context)
    cursor = read_cursor(request.after, 1)
    codes: dict[str, list[str]] = {}
    for group, code, active in context.read.rows(GROUPS, (entity.id,)):
        if active and (cursor is None or group > str(cursor[0])):
            codes.setdefault(group, []).append(code)
    groups = sorted(codes)[: request.limit + 1]
    views = [messages.TaxGroupView(tax_group=group, legal_entity_id=entity.id, codes=tuple(codes[group])) for group in groups]
    return page(request, messages.TaxGroupView, views, lambda view: (view.tax_group,))


OPERATIONS = (
    Operation(
        name="catalog.enter_tax_rate",
        announces="catalog.tax_rate_entered",
        summary="Enter a rate of a tax code with the days on which it counts",
        description="Rates are never changed: an entry for a first day that has one already takes its place, and both are kept.",
        effect="edit",
        http=Http(method="POST", path="/tax-codes", status=201),
        request=messages.EnterTaxRate,
        response=messages.TaxCodeView,
        permission="catalog.change_taxes",
        handler=enter_tax_rate,
        example={"code": "VAT-HIGH", "rate": "0.21", "from_date": "2026-01-01"},
    ),
    Operation(
        name="catalog.list_tax_codes",
        summary="List all rates of tax codes ever entered",
        effect="read",
        http=Http(method="GET", path="/tax-codes"),
        request=messages.ListTaxCodes,
        response=page_of(messages.TaxCodeView),
        permission="catalog.read",
        handler=list_tax_codes,
        collection=True,
    ),
    Operation(
        name="catalog.set_tax_group",
        announces="catalog.tax_group_set",
        summary="Make up a tax group from tax codes",
        effect="edit",
        http=Http(method="PUT", path="/tax-groups/{tax_group}"),
        request=messages.SetTaxGroup,
        response=messages.TaxGroupView,
        permission="catalog.change_taxes",
        handler=set_tax_group,
        example={"tax_group": "STANDARD", "codes": ["VAT-HIGH"]},
    ),
    Operation(
        name="catalog.list_tax_groups",
        summary="List the tax groups of a legal entity",
        effect="read",
        http=Http(method="GET", path="/tax-groups"),
        request=messages.ListTaxGroups,
        response=page_of(messages.TaxGroupView),
        permission="catalog.read",
        handler=list_tax_groups,
        collection=True,
    ),
)
