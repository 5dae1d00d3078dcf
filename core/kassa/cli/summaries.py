"""What an import found and did, as tables: documents, lines and amount by class, rejected lines by reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kassa.cli.output import decimal, print_table, say

if TYPE_CHECKING:
    from kassa.sales.importing.summary import ClassTotals, Summary

DIFFERENCES_SHOWN = 10
QUANTITY_PLACES = 3
BECOMES = {
    "sale": "posted",
    "free_of_charge": "posted with the sale",
    "stock_correction": "posted as stock adjustment",
    "cancellation": "left to an import of goods that come back",
    "bad_debt": "counted only",
    "rejected": "see below",
}


def print_summary(summary: dict[str, Any], problems: list[dict[str, Any]]) -> None:
    """Print the summary of an import that has ended, or as far as it came."""
    if "read" in summary:
        from kassa.sales.importing.summary import Summary

        _classes(Summary.from_mapping(summary["read"]))
    if "posted" in summary:
        say(f"{_count(summary['posted'])} documents were posted; {_count(summary.get('known', 0))} were in already.")
        others = [f"{_count(value)} {name.replace('_', ' ')}" for name, value in summary.items() if name.startswith(("lines_", "documents_"))]
        if "amount_minor" in summary:
            from kassa.kernel.values import currency

            others.append(f"{decimal(summary['amount_minor'], currency(summary['currency']).exponent)} {summary['currency']} in all")
        if others:
            say(", ".join(others) + ".")
    if problems:
        rows = [(problem["item"], problem["outcome"], problem["code"], problem["message"]) for problem in problems]
        print_table(("document", "was", "code", "why"), rows, title="Documents that were left out (the first of them)")


def _classes(read: Summary) -> None:
    from kassa.sales.importing.documents import EXACT_PLACES
    from kassa.sales.importing.reasons import ACTIONS

    rows = [_row(str(kind), sums, read.exponent) for kind, sums in read.classes.items() if sums.lines]
    rows.append(("all", "", _count(read.rows), "", decimal(sum(sums.rounded_minor for sums in read.classes.values()), read.exponent), ""))
    columns = ("class", ("documents", "right"), ("lines", "right"), ("quantity", "right"), ("amount", "right"), "what becomes of it")
    print_table(columns, rows, title="What the file holds")
    if read.services:
        services = [(kind, _count(sums.lines), decimal(sums.rounded_minor, read.exponent)) for kind, sums in read.services.items()]
        print_table(("service", ("lines", "right"), ("amount", "right")), services, title="Lines of sales that are no goods")
    if read.reasons:
        reasons = [(code, _count(count), ACTIONS.get(code, "")) for code, count in sorted(read.reasons.items())]
        print_table(("reason", ("lines", "right"), "what to do"), reasons, title="Rejected lines")
    if read.difference_lines:
        listed = [
            (
                found.line,
                found.number,
                found.product_code,
                decimal(found.exact, EXACT_PLACES).rstrip("0"),
                decimal(found.amount_minor, read.exponent),
            )
            for found in read.differences[:DIFFERENCES_SHOWN]
        ]
        more = "more" if read.difference_exact > 0 else "less"
        changed = decimal(abs(read.difference_exact), EXACT_PLACES).rstrip("0")
        title = f"Lines with a fraction of the smallest coin: {read.difference_lines}; posted is {changed} {more} than the file says"
        print_table((("line", "right"), "document", "product", ("exact", "right"), ("posted", "right")), listed, title=title)


def _row(kind: str, sums: ClassTotals, exponent: int) -> tuple[str, ...]:
    quantity = decimal(sums.quantity, QUANTITY_PLACES).removesuffix(".000")
    return kind, _count(sums.documents), _count(sums.lines), quantity, decimal(sums.rounded_minor, exponent), BECOMES[kind]


def _count(number: int) -> str:
    return f"{number:,}"
