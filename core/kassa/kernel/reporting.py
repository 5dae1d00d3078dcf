"""Reports over the API: for each report that is contributed, an operation that reads it."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel import contributions as give
from kassa.kernel.schema import JsonObject


@attrs.frozen(kw_only=True)
class ReportView:
    """A report: the names of its columns in their order, and its rows by these names."""

    report: str
    columns: tuple[str, ...]
    rows: tuple[JsonObject, ...]


def operation_for(report: give.Report) -> give.Operation:
    """Make the operation that reads a report; its permission is that of the report."""

    def handler(command: Any, context: Any) -> ReportView:
        rows = tuple(dict(zip(report.columns, row, strict=True)) for row in report.run(context.read, command, context))
        return ReportView(report=report.name, columns=report.columns, rows=rows)

    return give.Operation(
        name=f"{report.name}.report",
        summary=report.summary,
        description="A report: read-only, on one snapshot. The command line writes it as a table and as CSV too.",
        effect="read",
        http=give.Http(method="GET", path=f"/reports/{report.name}"),
        request=report.parameters,
        response=ReportView,
        permission=report.permission,
        handler=handler,
    )
