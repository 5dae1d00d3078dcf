"""Requests and views of documents that book by themselves: journals, reversals, the close of a year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import attrs

from kassa.kernel.schema import Amount, CurrencyCode, Date, DecimalText, Identifier, Items, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import PlainCode, Reference

Dimensions = Mapping[str, PlainCode]


@attrs.frozen(kw_only=True)
class JournalLineRequest:
    """A line of a journal: an account, and an amount to debit or to credit."""

    account: Reference = attrs.field(metadata=about("Number or id.", "6000"))
    amount: Amount = attrs.field(metadata=about("Debit positive, credit negative, in the currency of the journal.", "125.00"))
    dimensions: Dimensions | None = attrs.field(default=None, metadata=about("Dimension values by name.", {"department": "D10"}))
    text: Text | None = attrs.field(default=None, metadata=about("What the line is for.", "Rent of November"))


@attrs.frozen(kw_only=True)
class PostJournal:
    """Books lines that balance, on any accounts that no subledger explains."""

    lines: Annotated[tuple[JournalLineRequest, ...], Items(2, 500)]
    description: Text = attrs.field(metadata=about("What it is about.", "Rent of November"))
    date: Date | None = attrs.field(default=None, metadata=about("Date of the voucher; today where it is left out."))
    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("Currency of the amounts; that of the books if left out."))
    dimensions: Dimensions | None = attrs.field(
        default=None, metadata=about("Values of every line that has none of its own.", {"department": "D10"})
    )


@attrs.frozen(kw_only=True)
class ReverseVoucher:
    """Takes a voucher back by a document of its own."""

    voucher: Text = attrs.field(metadata=about("Number or id of the document that is booked.", "JRN-office-000007"))
    description: Text = attrs.field(metadata=about("Why.", "Booked twice"))
    date: Date | None = attrs.field(default=None, metadata=about("Date of the reversal; today where it is left out."))
    correction: bool = attrs.field(default=False, metadata=about("Whether it stands with negative amounts on the original sides."))


@attrs.frozen(kw_only=True)
class CloseYear:
    """Transfers the result of a year into equity."""

    first_date: Date = attrs.field(metadata=about("First date of the year; the first date of a period.", "2026-01-01"))
    last_date: Date = attrs.field(
        metadata=about("Last date of the year; the transfer is dated on it, and its period must be open.", "2026-12-31")
    )


@attrs.frozen(kw_only=True)
class JournalView:
    """A document that books by itself; `amount` is the sum of its debits in its currency."""

    id: Identifier
    number: str | None
    type: str
    date: Date
    currency: str
    amount: DecimalText
    description: str
    corrects: Identifier | None
