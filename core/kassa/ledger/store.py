"""Rows of the ledger: effects turned into vouchers, entries, open items and settlements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader, Row
from kassa.kernel.plan import Stamped
from kassa.kernel.tables import Table
from kassa.kernel.values import Minor, format_minor
from kassa.ledger.documents import DimensionSet, Entry, Journal, JournalLine, OpenItem, Pair, Settle, Settlement, Voucher, dimension_values
from kassa.ledger.facts import books
from kassa.ledger.models import EntryRow, JournalLineRow, JournalRow, OpenItemRow, PeriodRow, SettlementRow, VoucherRow

SETTLEMENTS = (
    "SELECT d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, i.party_type, "
    "i.party_id, s.debit_item_id, s.credit_item_id, s.amount FROM kernel_document d JOIN ledger_settlement s ON s.document_id = d.id "
    "JOIN ledger_open_item i ON i.id = s.debit_item_id WHERE d.id IN {keys} ORDER BY d.id, s.number"
)
JOURNALS = (
    "SELECT d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, d.corrects_id, "
    "j.currency, j.description FROM kernel_document d JOIN ledger_journal j ON j.document_id = d.id WHERE d.id IN {keys}"
)
JOURNAL_LINES = (
    "SELECT l.document_id, l.number, l.account_id, l.amount, l.dimension_set_id, s.canonical, l.text FROM ledger_journal_line l "
    "LEFT JOIN ledger_dimension_set s ON s.id = l.dimension_set_id WHERE l.document_id IN {keys} ORDER BY l.document_id, l.number"
)


def lower_vouchers(group: Sequence[Stamped], changes: Any) -> None:
    """Write the voucher of each document that books, once, and require its period to be open still."""
    seen: dict[str | None, Voucher] = {}
    for stamped in group:
        if stamped.document_id not in seen or stamped.effect.rate is not None:
            seen[stamped.document_id] = stamped.effect
    for period_id in {voucher.period_id for voucher in seen.values()}:
        changes.require(PeriodRow, {"id": period_id}, {"status": "open"})
    changes.insert(VoucherRow, [(document_id, v.legal_entity_id, v.date, v.currency, v.rate) for document_id, v in seen.items()])


def lower_entries(group: Sequence[Stamped], changes: Any) -> None:
    """Write entries, numbered within their document in the order of the rules that made them."""
    numbers: dict[str | None, int] = {}
    rows = []
    for effect, rule, document_id, _case in group:
        entry: Entry = effect
        number = numbers[document_id] = numbers.get(document_id, 0) + 1
        rows.append(
            (
                document_id, number, entry.account_id, entry.amount, entry.currency, entry.transaction_amount, entry.dimensions.id,
                entry.correction, rule,
            )
        )  # fmt: skip
    changes.insert(EntryRow, rows)


def lower_open_items(group: Sequence[Stamped], changes: Any) -> None:
    """Write open items with what the settlements of the same plan leave of them."""
    settled = changes.notes.setdefault("ledger.settled", {})
    rows = []
    for effect, _rule, document_id, _case in group:
        item: OpenItem = effect
        rows.append(
            (
                item.id, item.legal_entity_id, document_id, item.party_type, item.party_id, item.type, item.currency, item.amount,
                item.amount - settled.get(item.id, 0), item.date, item.due_date, item.dimensions.id,
            )
        )  # fmt: skip
    changes.insert(OpenItemRow, rows)


def lower_settlements(group: Sequence[Stamped], changes: Any) -> None:
    """Write settlements and note what they take from items of the same plan; stored items are claimed by the rule."""
    settled = changes.notes.setdefault("ledger.settled", {})
    numbers: dict[str | None, int] = {}
    rows = []
    for effect, _rule, document_id, _case in group:
        settle: Settle = effect
        number = numbers[document_id] = numbers.get(document_id, 0) + 1
        settled[settle.debit_item_id] = settled.get(settle.debit_item_id, 0) + settle.amount
        settled[settle.credit_item_id] = settled.get(settle.credit_item_id, 0) - settle.amount
        rows.append(
            (document_id, number, settle.legal_entity_id, settle.debit_item_id, settle.credit_item_id, settle.amount, settle.date)
        )
    changes.insert(SettlementRow, rows)


def sides(amount: Minor, correction: bool, code: str) -> tuple[str | None, str | None]:
    """Give an amount as decimal text on its side: (debit, None) or (None, credit).

    A correction stands with a negative amount on the side opposite to its sign, which is the original one.
    """
    shown = format_minor(-abs(amount) if correction else abs(amount), code)
    return (shown, None) if (amount > 0) is not correction else (None, shown)


def no_rows(document: Settlement) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """A settlement has no rows but its settled pairs, which its rule makes."""
    return ()


def load_settlements(read: Reader, ids: Sequence[str]) -> Mapping[str, Settlement]:
    """Read settlements by id, with their pairs."""
    pairs: dict[str, list[Pair]] = {}
    headers: dict[str, Row] = {}
    for row in read.rows_for(SETTLEMENTS, ids):
        headers[row[0]] = row
        pairs.setdefault(row[0], []).append(Pair(*row[11:14]))
    return {
        row[0]: Settlement(
            id=row[0], type=row[1], legal_entity_id=row[2], store_id=row[3], register=row[4], state=row[5], version=row[6], date=row[7],
            occurred_at=row[8], party_type=row[9], party_id=row[10], pairs=tuple(pairs[row[0]]),
        )
        for row in headers.values()
    }  # fmt: skip


def journal_rows(document: Journal) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a journal into its rows: the head, and the lines as they were written."""
    yield JournalRow, (document.id, document.legal_entity_id, document.currency, document.description)
    for line in document.lines:
        yield JournalLineRow, (document.id, line.number, line.account_id, line.amount, line.dimensions.id, line.text)


def load_journals(read: Reader, ids: Sequence[str]) -> Mapping[str, Journal]:
    """Read journals by id, with the lines that were written; what a reversal took back stands in the ledger alone."""
    lines: dict[str, list[JournalLine]] = {}
    for document_id, number, account_id, amount, set_id, canonical, text in read.rows_for(JOURNAL_LINES, ids):
        dimensions = DimensionSet(set_id, canonical or "")
        line = JournalLine(number=number, account_id=account_id, amount=amount, dimensions=dimensions, text=text)
        lines.setdefault(document_id, []).append(line)
    return {
        row[0]: Journal(
            id=row[0], type=row[1], legal_entity_id=row[2], store_id=row[3], register=row[4], state=row[5], version=row[6], date=row[7],
            occurred_at=row[8], corrects_id=row[9], currency=row[10], description=row[11], lines=tuple(lines.get(row[0], ())),
        )
        for row in read.rows_for(JOURNALS, ids)
    }  # fmt: skip


def show_entry(stamped: Stamped, context: Any) -> Mapping[str, Any]:
    """Show an entry in a preview: account, debit or credit as decimal text, dimensions and rule."""
    entry: Entry = stamped.effect
    document = context.plan.documents.get(stamped.document_id)
    known = books(context, document.legal_entity_id) if document is not None else None
    names = known.names if known is not None else {}
    code = known.currency if known is not None else entry.currency
    debit, credit = sides(entry.amount, entry.correction, code)
    foreign = {"transaction_currency": entry.currency, "transaction_amount": format_minor(entry.transaction_amount, entry.currency)}
    return {
        "document": document.kind if document is not None else None,
        "account": names.get(entry.account_id, entry.account_id),
        "debit": debit,
        "credit": credit,
        "currency": code,
        **(foreign if entry.currency != code else {}),
        "dimensions": dimension_values(entry.dimensions.canonical),
        "rule": stamped.rule,
    }
