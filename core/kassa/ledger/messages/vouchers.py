"""Requests and views of what is booked: vouchers, statements of accounts, the trial balance."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Date, DecimalText, Identifier, Text
from kassa.ledger.documents import AccountType
from kassa.org.editing import about
from kassa.org.messages.scalars import PlainCode, Reference


@attrs.frozen(kw_only=True)
class ListVouchers(PageRequest):
    """Asks for vouchers, newest date first."""

    kind: PlainCode | None = attrs.field(default=None, metadata=about("Only those of one kind of document.", "invoice"))
    from_date: Date | None = attrs.field(default=None, metadata=about("Only from this date on."))
    to_date: Date | None = attrs.field(default=None, metadata=about("Only up to this date."))


@attrs.frozen(kw_only=True)
class ReadVoucher:
    """Names the voucher of a document."""

    voucher: Text = attrs.field(metadata=about("Number or id of the document that is booked.", "INV-S001-000042"))


@attrs.frozen(kw_only=True)
class VoucherSummaryView:
    """A voucher in a list; `amount` is the sum of its debits in the currency of the books."""

    id: Identifier
    number: str | None
    kind: str
    type: str
    date: Date
    currency: str
    amount: DecimalText


@attrs.frozen(kw_only=True)
class EntryView:
    """One entry: an amount on the debit or on the credit side; a correction stands on the original side, negative.

    `transaction_amount` is there where the document has another currency than the books; debit positive.
    """

    entry: int
    account: str
    account_name: str
    debit: DecimalText | None
    credit: DecimalText | None
    transaction_currency: str | None
    transaction_amount: DecimalText | None
    correction: bool
    dimensions: Mapping[str, str]
    rule: str


@attrs.frozen(kw_only=True)
class VoucherView:
    """The booking of one document; debits and credits are equal.

    `rate` is there where the document has another currency: what one of it was worth in the currency of the books.
    """

    id: Identifier
    number: str | None
    kind: str
    type: str
    date: Date
    currency: str
    rate: DecimalText | None
    entries: tuple[EntryView, ...]
    debit: DecimalText
    credit: DecimalText


@attrs.frozen(kw_only=True)
class ReadTrialBalance:
    """Asks for the balance of every account."""

    date: Date | None = attrs.field(default=None, metadata=about("Up to and with this date; today where it is left out.", "2026-11-30"))
    from_date: Date | None = attrs.field(default=None, metadata=about("Only what was booked from this date on.", "2026-11-01"))
    dimension: Text | None = attrs.field(default=None, metadata=about("Only entries with this value of a dimension.", "store=S001"))
    before_closing: bool = attrs.field(default=False, metadata=about("Leave out the transfer of results at the close of a year."))


@attrs.frozen(kw_only=True)
class TrialBalanceLineView:
    """What was booked on an account: debits, credits, and the difference, debit positive."""

    account: str
    account_name: str
    type: AccountType
    debit: DecimalText
    credit: DecimalText
    balance: DecimalText


@attrs.frozen(kw_only=True)
class TrialBalanceView:
    """Every account that was booked on, by number; the totals of both sides are equal."""

    date: Date
    from_date: Date | None
    currency: str
    accounts: tuple[TrialBalanceLineView, ...]
    debit: DecimalText
    credit: DecimalText


@attrs.frozen(kw_only=True)
class ListAccountEntries(PageRequest):
    """Asks for the statement of an account, oldest first."""

    account: Reference = attrs.field(metadata=about("Number or id.", "1100"))
    from_date: Date | None = attrs.field(default=None, metadata=about("From this date on; what was before is the opening balance."))
    to_date: Date | None = attrs.field(default=None, metadata=about("Up to and with this date."))
    dimension: Text | None = attrs.field(default=None, metadata=about("Only entries with this value of a dimension.", "store=S001"))


@attrs.frozen(kw_only=True)
class StatementLineView:
    """One entry of an account, with the balance after it, debit positive."""

    number: str | None
    kind: str
    date: Date
    debit: DecimalText | None
    credit: DecimalText | None
    balance: DecimalText
    dimensions: Mapping[str, str]


@attrs.frozen(kw_only=True)
class AccountStatementPage:
    """A page of an account's statement: the balance before it, its entries, and the cursor of the next page."""

    account: str
    account_name: str
    currency: str
    opening: DecimalText
    items: tuple[StatementLineView, ...]
    next: str | None = None
