"""Growth: what a sale costs with few and with many sales stored.

Real sales are made first; then their rows are copied, set by set, under earlier identifiers, as if they had been sold before.
"""

from __future__ import annotations

from functools import partial

import attrs

from bench.measuring import ROUNDS, Line, Measure, measure, typical
from bench.recording import RawConnection, copy_of
from bench.sale import request
from bench.shop import Shop
from kassa.kernel.models import AuditRow, ChainLink, DocumentKey, DocumentRow, IdempotencyRow, OutboxRow
from kassa.kernel.tables import Id, Table, columns_of, in_order, name_of
from kassa.ledger.models import EntryRow, OpenItemRow, SettlementRow, VoucherRow
from kassa.payments.models import PaymentRow
from kassa.sales.models import TABLES as SALES
from kassa.stock.models import StockTransactionRow

COPIED: list[type[Table]] = in_order(
    [
        DocumentRow, DocumentKey, IdempotencyRow, AuditRow, OutboxRow, ChainLink, VoucherRow, EntryRow, OpenItemRow, SettlementRow, PaymentRow,
        StockTransactionRow, *SALES,
    ]
)  # fmt: skip
NOT_COPIED = {"legal_entity_id", "store_id", "product_id", "warehouse_id", "account_id", "party_id", "customer_id", "dimension_set_id"}
SHIFTED = {("kernel_document_key", "ordinal"), ("kernel_chain_link", "sequence")}
SUFFIXED = {("kernel_document_key", "value"), ("kernel_idempotency", "key")}
APART = 1_000_000
SALES_MEASURED = 200


def growth(shop: Shop, few: int, many: int) -> Line:
    """Measure sales beside `few` and beside `many` stored ones, in turns; the first stands where the raw rate stands elsewhere."""
    for number in range(few):
        shop.engine.perform("sales.sell", request(number), actor=shop.cashier, key=f"stored-{number}")
    shop.engine.close()
    small = attrs.evolve(shop, url=copy_of(shop.url)).reopen()
    raw = RawConnection(shop.url)
    dialect, stored, copies = shop.engine.database.dialect, few, 0
    while stored < many:
        copies += 1
        stored += _copy(raw, dialect, copies)
    raw.execute("ANALYZE")
    raw.close()
    large = shop.reopen()
    rounds: dict[str, list[Measure]] = {"few": [], "many": []}
    for number in range(ROUNDS + 1):
        for name, place in (("few", small), ("many", large)):
            rounds[name].append(measure(SALES_MEASURED, partial(_sell, place, f"{name}-{number}")))
    # The first round of each warms its caches up.
    after, before = typical(rounds["many"][1:]), typical(rounds["few"][1:])
    note = f"{stored:,} sales stored, beside {few:,}"
    return Line(database=dialect, what="sale as the database grows", unit="sales", kassa=after, raw=before, note=note)


def _sell(shop: Shop, name: str) -> None:
    for number in range(SALES_MEASURED):
        shop.engine.perform("sales.sell", request(number), actor=shop.cashier, key=f"{name}-{number}")


def _copy(raw: RawConnection, dialect: str, generation: int) -> int:
    """Copy every stored sale once more under identifiers of an earlier time; returns how many were copied."""
    raw.execute("PRAGMA foreign_keys = OFF" if raw.sqlite else "SET session_replication_role = replica")
    raw.execute("PRAGMA synchronous = OFF" if raw.sqlite else "SET synchronous_commit = off; SET statement_timeout = 0")
    prefixes = sorted(row[0] for row in raw.rows(f"SELECT DISTINCT {_start('id', dialect)} FROM kernel_document", ()))
    distance = int(prefixes[-1], 16) - int(prefixes[0], 16) + 1
    cases = " ".join(f"WHEN '{prefix}' THEN '{int(prefix, 16) - distance:08x}'" for prefix in prefixes)
    raw.execute("BEGIN")
    for table in COPIED:
        columns = columns_of(table)
        ids = {field.column_name for field in table._meta.sorted_fields if isinstance(field, Id)} - NOT_COPIED
        values = [_value(name_of(table), column, column in ids, cases, generation, dialect) for column in columns]
        quoted = ", ".join(f'"{column}"' for column in columns)
        raw.execute(f"INSERT INTO {name_of(table)} ({quoted}) SELECT {', '.join(values)} FROM {name_of(table)}")
    raw.execute("COMMIT")
    copied: int = raw.rows("SELECT count(*) FROM sales_invoice", ())[0][0] // 2
    return copied


def _start(column: str, dialect: str) -> str:
    return f"substr({column}, 1, 8)" if dialect == "sqlite" else f"substr({column}::text, 1, 8)"


def _value(table: str, column: str, is_id: bool, cases: str, generation: int, dialect: str) -> str:
    if is_id:
        text = column if dialect == "sqlite" else f"{column}::text"
        moved = f"CASE substr({text}, 1, 8) {cases} ELSE substr({text}, 1, 8) END || substr({text}, 9)"
        return moved if dialect == "sqlite" else f"({moved})::uuid"
    if (table, column) in SHIFTED:
        return f"{column} + {APART * 2 ** (generation - 1)}"
    if (table, column) in SUFFIXED:
        return f"{column} || '~{generation}'"
    return f'"{column}"'
