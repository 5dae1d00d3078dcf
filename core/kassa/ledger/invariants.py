"""What must hold of the ledger in any database; everything is read back from the rows, and added up by the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import SAMPLES
from kassa.kernel.keys import NO_ID
from kassa.kernel.values import format_minor
from kassa.ledger.exchange import control_role
from kassa.ledger.rates import accounting_value, settled_value

# Every account that plays or ever played a role: entries stay on the account that played it when they were made.
ACCOUNTS_OF_ROLE = "SELECT DISTINCT account_id FROM ledger_account_role_history WHERE role = ?"

UNBALANCED = (
    "SELECT document_id, sum(amount), sum(transaction_amount) FROM ledger_entry GROUP BY document_id "
    "HAVING sum(amount) <> 0 OR sum(transaction_amount) <> 0 LIMIT ?"
)
STRAY_ENTRIES = (
    "SELECT e.document_id, e.number, e.account_id, s.id IS NULL FROM ledger_entry e JOIN ledger_voucher v ON v.document_id = e.document_id "
    "LEFT JOIN ledger_account a ON a.id = e.account_id AND a.legal_entity_id = v.legal_entity_id "
    "LEFT JOIN ledger_dimension_set s ON s.id = e.dimension_set_id WHERE a.id IS NULL OR s.id IS NULL LIMIT ?"
)
STRAY_VOUCHERS = (
    "SELECT v.document_id, v.date, d.business_date, p.id IS NULL, (SELECT count(*) FROM ledger_entry e WHERE e.document_id = v.document_id) "
    "FROM ledger_voucher v JOIN kernel_document d ON d.id = v.document_id LEFT JOIN ledger_period p "
    "ON p.legal_entity_id = v.legal_entity_id AND v.date BETWEEN p.first_date AND p.last_date "
    "WHERE v.date <> d.business_date OR p.id IS NULL "
    "OR (SELECT count(*) FROM ledger_entry e WHERE e.document_id = v.document_id) < 2 LIMIT ?"
)
ENTITIES = "SELECT id FROM org_legal_entity ORDER BY id"
# Sums without GROUP BY: a database that sorts to group would hold years of entries at once.
CURRENCIES = "SELECT currency FROM ledger_open_item UNION SELECT currency FROM ledger_entry UNION SELECT currency FROM org_legal_entity"
OPENED = 'SELECT coalesce(sum("open"), 0) FROM ledger_open_item WHERE legal_entity_id = ? AND currency = ? AND {items}'
BOOKED = (
    "SELECT coalesce(sum(e.transaction_amount), 0) FROM ledger_voucher v JOIN ledger_entry e ON e.document_id = v.document_id "
    f"WHERE v.legal_entity_id = ? AND e.currency = ? AND e.account_id IN ({ACCOUNTS_OF_ROLE})"
)
OPEN_DIFFERS = (
    'SELECT id, amount, "open", settled FROM (SELECT i.id, i.amount, i."open", '
    "(SELECT coalesce(sum(s.amount), 0) FROM ledger_settlement s WHERE s.debit_item_id = i.id) - "
    "(SELECT coalesce(sum(s.amount), 0) FROM ledger_settlement s WHERE s.credit_item_id = i.id) AS settled FROM ledger_open_item i"
    ') t WHERE "open" <> amount - settled LIMIT ?'
)
MIXED_SETTLEMENTS = (
    "SELECT s.document_id, s.number FROM ledger_settlement s LEFT JOIN ledger_open_item d ON d.id = s.debit_item_id "
    "LEFT JOIN ledger_open_item c ON c.id = s.credit_item_id WHERE d.id IS NULL OR c.id IS NULL OR d.legal_entity_id <> s.legal_entity_id "
    "OR c.legal_entity_id <> s.legal_entity_id OR d.party_type <> c.party_type OR d.party_id <> c.party_id OR d.currency <> c.currency "
    "OR d.amount <= 0 OR c.amount >= 0 LIMIT ?"
)
OVERLAPS = (
    "SELECT a.legal_entity_id, a.first_date, b.first_date FROM ledger_period a JOIN ledger_period b "
    "ON b.legal_entity_id = a.legal_entity_id AND b.id <> a.id AND b.first_date BETWEEN a.first_date AND a.last_date LIMIT ?"
)
# Vouchers of one currency are summed by UNBALANCED already.
CURRENCIES_UNBALANCED = (
    "SELECT e.document_id, e.currency, sum(e.transaction_amount) FROM ledger_voucher v JOIN ledger_entry e ON e.document_id = v.document_id "
    "WHERE v.rate IS NOT NULL GROUP BY e.document_id, e.currency HAVING sum(e.transaction_amount) <> 0 LIMIT ?"
)
UNBOOKED_LINES = (
    "SELECT l.document_id, l.number, l.amount FROM ledger_journal_line l LEFT JOIN ledger_entry e ON e.document_id = l.document_id "
    "AND e.number = l.number AND e.account_id = l.account_id AND e.transaction_amount = l.amount WHERE e.document_id IS NULL LIMIT ?"
)
FOREIGN_ITEMS = (
    'SELECT i.id, i.party_type, i.type, i.currency, i.amount, i."open", v.rate FROM ledger_open_item i JOIN ledger_voucher v '
    'ON v.document_id = i.document_id WHERE i.legal_entity_id = ? AND i."open" <> 0 AND v.rate IS NOT NULL AND i.currency <> ? AND i.id > ? '
    "ORDER BY i.id LIMIT 1000"
)
VALUED = (
    "SELECT e.currency, sum(e.amount) FROM ledger_voucher v JOIN ledger_entry e ON e.document_id = v.document_id "
    f"WHERE v.legal_entity_id = ? AND e.currency <> ? AND e.account_id IN ({ACCOUNTS_OF_ROLE}) GROUP BY e.currency"
)


def unbalanced_currencies(read: Any) -> Iterable[str]:
    """Find vouchers of several currencies that do not sum to 0 in one of them."""
    for document_id, code, left in read.rows(CURRENCIES_UNBALANCED, (SAMPLES,)):
        yield f"voucher {document_id}: entries in {code} sum to {int(left)} minor units instead of 0"


def unbooked_lines(read: Any) -> Iterable[str]:
    """Find lines of journals without the entry that they were booked as."""
    for document_id, number, amount in read.rows(UNBOOKED_LINES, (SAMPLES,)):
        yield f"line {number} of journal {document_id}: no entry of its account is of {amount} minor units"


def wrongly_valued(read: Any) -> Iterable[str]:
    """Find control accounts whose value in the accounting currency is not that of the open items in other currencies."""
    for entity, accounting in read.rows("SELECT id, currency FROM org_legal_entity ORDER BY id", ()):
        values = _values_of_items(read, entity, accounting)
        for role in ("receivable", "prepayment", "payable"):
            booked = {code: int(amount) for code, amount in read.rows(VALUED, (entity, accounting, role))}
            for code in sorted({*booked, *(found for kind, found in values if kind == role)}):
                worth, stands = values.get((role, code), 0), booked.get(code, 0)
                if worth != stands:
                    yield (
                        f"legal entity {entity}: open items in {code} are worth {format_minor(worth, accounting)} {accounting}, "
                        f"the accounts of the role {role} hold {format_minor(stands, accounting)}"
                    )


def _values_of_items(read: Any, entity: str, accounting: str) -> dict[tuple[str, str], int]:
    """Add up what is open of foreign items, each part worth its share of what the item was booked at."""
    values: dict[tuple[str, str], int] = {}
    last = NO_ID
    while rows := read.rows(FOREIGN_ITEMS, (entity, accounting, last)):
        for item_id, party_type, item_type, code, amount, left, rate in rows:
            whole = abs(amount)
            total = accounting_value(whole, code, accounting, rate)
            worth = total - settled_value(total, 0, whole - abs(left), whole)
            place = (control_role(party_type, item_type), code)
            values[place] = values.get(place, 0) + (worth if amount > 0 else -worth)
            last = item_id
    return values


def unbalanced(read: Any) -> Iterable[str]:
    """Find vouchers whose debits and credits differ."""
    for document_id, amount, transaction_amount in read.rows(UNBALANCED, (SAMPLES,)):
        yield f"voucher {document_id}: entries sum to {amount} (accounting) and {transaction_amount} (transaction) minor units instead of 0"


def stray_entries(read: Any) -> Iterable[str]:
    """Find entries whose account is not one of their legal entity, or whose dimension set is not there."""
    for document_id, number, account_id, dimensions in read.rows(STRAY_ENTRIES, (SAMPLES,)):
        what = "its dimension set is not there" if dimensions else f"account {account_id} is none of its legal entity"
        yield f"entry {number} of voucher {document_id}: {what}"


def stray_vouchers(read: Any) -> Iterable[str]:
    """Find vouchers of another date than their document, outside every period, or of fewer than two entries."""
    for document_id, date, document_date, outside, entries in read.rows(STRAY_VOUCHERS, (SAMPLES,)):
        if date != document_date:
            yield f"voucher {document_id}: it is dated {date}, its document {document_date}"
        if outside:
            yield f"voucher {document_id}: its date {date} lies in no period"
        if entries < 2:
            yield f"voucher {document_id}: it has {entries} entries; a booking has two or more"


def subledger(role: str, items: str) -> Callable[[Any], Iterable[str]]:
    """Make the search for legal entities whose accounts of a role differ from the open items that explain them."""

    def differing(read: Any) -> Iterable[str]:
        currencies = sorted(row[0] for row in read.rows(CURRENCIES))
        for (entity,) in read.rows(ENTITIES):
            for currency in currencies:
                opened = int(read.value(OPENED.replace("{items}", items), (entity, currency)))
                booked = int(read.value(BOOKED, (entity, currency, role)))
                if opened != booked:
                    shown, balance = format_minor(opened, currency), format_minor(booked, currency)
                    yield f"legal entity {entity}: open items come to {shown} {currency}, the accounts of the role {role} to {balance}"

    return differing


def wrongly_open(read: Any) -> Iterable[str]:
    """Find open items whose open amount is not their amount less what settled them."""
    for item_id, amount, left, settled in read.rows(OPEN_DIFFERS, (SAMPLES,)):
        yield f"open item {item_id}: of {amount} minor units {settled} were settled, {left} are open instead of {amount - int(settled)}"


def mixed_settlements(read: Any) -> Iterable[str]:
    """Find settlements that are not between a debit and a credit of one party in one currency."""
    for document_id, number in read.rows(MIXED_SETTLEMENTS, (SAMPLES,)):
        yield f"settlement {number} of document {document_id}: it is not between a debit and a credit of one party in one currency"


def overlapping_periods(read: Any) -> Iterable[str]:
    """Find periods of one legal entity that share a date."""
    for entity, first, second in read.rows(OVERLAPS, (SAMPLES,)):
        yield f"legal entity {entity}: the periods from {first} and from {second} overlap"


INVARIANTS = (
    Invariant(name="ledger.vouchers_balance", summary="Every voucher sums to 0.", find=unbalanced),
    Invariant(name="ledger.entries_have_accounts", summary="Every entry is on an account of its legal entity.", find=stray_entries),
    Invariant(name="ledger.vouchers_dated", summary="Every voucher has the date of its document, in a period, and two entries or more.", find=stray_vouchers),
    Invariant(
        name="ledger.receivables_explained",
        summary="Receivables are the sum of the open items.",
        find=subledger("receivable", "party_type <> 'vendor' AND type <> 'prepayment'"),
    ),
    Invariant(
        name="ledger.prepayments_explained",
        summary="Prepayments are the sum of their open items.",
        find=subledger("prepayment", "party_type <> 'vendor' AND type = 'prepayment'"),
    ),
    Invariant(name="ledger.payables_explained", summary="Payables are the sum of the open items of vendors.", find=subledger("payable", "party_type = 'vendor'")),
    Invariant(name="ledger.foreign_values", summary="Control accounts hold what open items of other currencies are worth.", find=wrongly_valued),
    Invariant(name="ledger.currencies_balance", summary="Every voucher sums to 0 in each of its currencies.", find=unbalanced_currencies),
    Invariant(name="ledger.journals_booked", summary="Every line of a journal is an entry.", find=unbooked_lines),
    Invariant(name="ledger.open_amounts", summary="What is open is the amount less what settled it.", find=wrongly_open),
    Invariant(name="ledger.settlements_of_one_party", summary="Settlements are between items of one party.", find=mixed_settlements),
    Invariant(name="ledger.periods_apart", summary="Periods do not overlap.", find=overlapping_periods),
)
