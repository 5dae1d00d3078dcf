"""Tables of the ledger: set-up (accounts, roles, periods, dimension sets) and postings (vouchers, entries, open items)."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Date, Flag, Id, Integer, Table, Text, document_reference


class AccountRow(Table):
    """An account of a legal entity's chart."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    number = Text()
    name = Text()
    type = Text()
    active = Flag()
    version = Integer()

    class Meta:
        table_name = "ledger_account"
        reference = "ledger"
        indexes = ((("legal_entity_id", "number"), True),)


class AccountRoleRow(Table):
    """Which account plays a role for a selector (a tender, a charge code, an item group; empty: any)."""

    legal_entity_id = Id()
    role = Text()
    selector = Text()
    account_id = Id()

    class Meta:
        table_name = "ledger_account_role"
        reference = "ledger"
        primary_key = peewee.CompositeKey("legal_entity_id", "role", "selector")
        without_rowid = True
        on_conflict = "ON CONFLICT (legal_entity_id, role, selector) DO UPDATE SET account_id = excluded.account_id"


class AccountRoleHistoryRow(Table):
    """Each assignment of a role: entries stay on the account that played it when they were made."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    role = Text()
    selector = Text()
    account_id = Id(index=True)
    at = Integer()
    actor = Text()

    class Meta:
        table_name = "ledger_account_role_history"
        append_only = True
        indexes = ((("legal_entity_id", "role", "selector"), False),)


class PeriodRow(Table):
    """A stretch of dates that is open or closed for posting."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    first_date = Date()
    last_date = Date()
    status = Text()
    version = Integer()

    class Meta:
        table_name = "ledger_period"
        reference = "ledger"
        indexes = ((("legal_entity_id", "first_date"), True), (("legal_entity_id", "last_date"), True))
        constraints = [peewee.Check("first_date <= last_date"), peewee.Check("status IN ('open', 'closed')")]


class DimensionSetRow(Table):
    """One set of dimension values, such as store=S001; equal sets have equal ids."""

    id = Id(primary_key=True)
    canonical = Text(unique=True)

    class Meta:
        table_name = "ledger_dimension_set"
        reference = "ledger"
        on_conflict = "ON CONFLICT DO NOTHING"


class VoucherRow(Table):
    """The booking of one document; it carries that document's number.

    `rate` is what one of the document's currency is worth in the accounting currency, in billionths; none where it is the same.
    """

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    date = Date()
    currency = Text()
    rate = Integer(null=True)

    class Meta:
        table_name = "ledger_voucher"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference(), peewee.Check("rate > 0")]
        indexes = ((("legal_entity_id", "date", "document_id"), False),)


class EntryRow(Table):
    """One entry: debit is positive. `amount` is in the accounting currency, `transaction_amount` in the document's."""

    document_id = Id()
    number = Integer()
    account_id = Id()
    amount = Integer()
    currency = Text()
    transaction_amount = Integer()
    dimension_set_id = Id()
    correction = Flag()
    rule = Text()

    class Meta:
        table_name = "ledger_entry"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [
            peewee.SQL("FOREIGN KEY (document_id) REFERENCES ledger_voucher (document_id)"),
            peewee.Check("amount BETWEEN -1000000000000 AND 1000000000000"),
            peewee.Check("amount <> 0 OR transaction_amount <> 0"),
        ]


class OpenItemRow(Table):
    """What a party owes (positive) or is owed (negative) by one document, and how much of that is still open."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    document_id = Id()
    party_type = Text()
    party_id = Id()
    type = Text()
    currency = Text()
    amount = Integer()
    open = Integer()
    date = Date()
    due_date = Date()
    dimension_set_id = Id()

    class Meta:
        table_name = "ledger_open_item"
        append_only = True
        mutable = ("open",)
        constraints = [
            document_reference(),
            peewee.Check("(amount >= 0 AND open BETWEEN 0 AND amount) OR (amount < 0 AND open BETWEEN amount AND 0)"),
        ]


OpenItemRow.add_index(OpenItemRow.index(OpenItemRow.party_id, OpenItemRow.date, where=peewee.SQL('"open" <> 0'), name="ledger_open_item_open"))
OpenItemRow.add_index(OpenItemRow.index(OpenItemRow.document_id))
# Statements of customers and vendors; what stores sell to nobody by name is not worth an index.
OpenItemRow.add_index(
    OpenItemRow.index(OpenItemRow.party_id, OpenItemRow.date, where=peewee.SQL("party_type <> 'store'"), name="ledger_open_item_party")
)


# What is due to vendors, for payment proposals.
OpenItemRow.add_index(
    OpenItemRow.index(
        OpenItemRow.legal_entity_id, OpenItemRow.party_id, OpenItemRow.due_date, where=peewee.SQL("party_type = 'vendor' AND \"open\" <> 0"),
        name="ledger_open_item_payable",
    )
)  # fmt: skip


class SettlementRow(Table):
    """A debit and a credit of one party cancel each other by an amount; `document_id` is the document that settles.

    The amount is negative where a settlement is undone: both are open again.
    """

    document_id = Id()
    number = Integer()
    legal_entity_id = Id()
    debit_item_id = Id()
    credit_item_id = Id()
    amount = Integer()
    date = Date()

    class Meta:
        table_name = "ledger_settlement"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [peewee.Check("amount <> 0"), document_reference()]


SettlementRow.add_index(SettlementRow.index(SettlementRow.debit_item_id))
SettlementRow.add_index(SettlementRow.index(SettlementRow.credit_item_id))


class ExchangeRateRow(Table):
    """What one of a currency is worth in the accounting currency of a legal entity from a date on, in billionths."""

    legal_entity_id = Id()
    currency = Text()
    from_date = Date()
    rate = Integer()
    at = Integer()
    actor = Text()

    class Meta:
        table_name = "ledger_exchange_rate"
        reference = "ledger"
        primary_key = peewee.CompositeKey("legal_entity_id", "currency", "from_date")
        without_rowid = True
        constraints = [peewee.Check("rate > 0")]
        on_conflict = (
            "ON CONFLICT (legal_entity_id, currency, from_date) DO UPDATE SET rate = excluded.rate, at = excluded.at, actor = excluded.actor"
        )


class DimensionValueRow(Table):
    """A recorded value of a dimension, such as a department; what is not active may not be booked on."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    dimension = Text()
    value = Text()
    name = Text()
    active = Flag()
    version = Integer()

    class Meta:
        table_name = "ledger_dimension_value"
        reference = "ledger"
        indexes = ((("legal_entity_id", "dimension", "value"), True),)


class DimensionDefaultRow(Table):
    """The value that a store, a warehouse or a party gives to entries that say nothing themselves; empty: none."""

    legal_entity_id = Id()
    owner = Text()
    owner_id = Id()
    dimension = Text()
    value = Text()

    class Meta:
        table_name = "ledger_dimension_default"
        reference = "ledger"
        primary_key = peewee.CompositeKey("legal_entity_id", "owner", "owner_id", "dimension")
        without_rowid = True
        on_conflict = "ON CONFLICT (legal_entity_id, owner, owner_id, dimension) DO UPDATE SET value = excluded.value"
        constraints = [peewee.Check("owner IN ('store', 'warehouse', 'customer', 'vendor')")]


class AccountDimensionRow(Table):
    """Whether an account requires a dimension or forbids it; `free` takes a rule away again."""

    legal_entity_id = Id()
    account_id = Id()
    dimension = Text()
    rule = Text()

    class Meta:
        table_name = "ledger_account_dimension"
        reference = "ledger"
        primary_key = peewee.CompositeKey("account_id", "dimension")
        without_rowid = True
        on_conflict = "ON CONFLICT (account_id, dimension) DO UPDATE SET rule = excluded.rule"
        constraints = [peewee.Check("rule IN ('required', 'forbidden', 'free')")]


class JournalRow(Table):
    """A document that books by itself: a general journal, the reversal of a voucher, the transfer of a year's result."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    currency = Text()
    description = Text()

    class Meta:
        table_name = "ledger_journal"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference()]


class JournalLineRow(Table):
    """A line of a journal as it was written: debit positive, minor units of the journal's currency."""

    document_id = Id()
    number = Integer()
    account_id = Id()
    amount = Integer()
    dimension_set_id = Id()
    text = Text(null=True)

    class Meta:
        table_name = "ledger_journal_line"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [peewee.SQL("FOREIGN KEY (document_id) REFERENCES ledger_journal (document_id)")]


TABLES: tuple[type[Table], ...] = (
    AccountRow, AccountRoleRow, AccountRoleHistoryRow, PeriodRow, DimensionSetRow, VoucherRow, EntryRow, OpenItemRow, SettlementRow,
    ExchangeRateRow, DimensionValueRow, DimensionDefaultRow, AccountDimensionRow, JournalRow, JournalLineRow,
)  # fmt: skip
