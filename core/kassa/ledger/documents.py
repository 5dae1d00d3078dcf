"""Values of the ledger: accounts by role, dimension sets, and the effects that book."""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import ClassVar, Literal

import attrs

from kassa.kernel.contributions import Definition
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.plan import Document
from kassa.kernel.values import Minor
from kassa.ledger.rates import accounting_value

AccountType = Literal["asset", "liability", "equity", "revenue", "expense"]
PeriodStatus = Literal["open", "closed"]
BALANCE_SHEET = ("asset", "liability", "equity")
DimensionRule = Literal["required", "forbidden"]
DimensionOwner = Literal["store", "warehouse", "customer", "vendor"]
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "kassa:ledger:dimension-set")


@attrs.frozen(kw_only=True)
class AccountRole(Definition):
    """What an account is for; postings name roles, the set-up says which account plays them.

    `number` and `type` are those of the account in the shipped chart. The balance of a `control` role is explained by a
    subledger (open items, stock), so its accounts play no other role.
    """

    type: AccountType
    number: str
    control: bool = False


@attrs.frozen(kw_only=True)
class DimensionName(Definition):
    """A way in which entries are looked at: by store, by department. `recorded` values must be created before they are used."""

    recorded: bool = True


@attrs.frozen(cache_hash=True)
class DimensionSet:
    """Dimension values in canonical order; equal sets have equal ids, on every installation."""

    id: str
    canonical: str


@lru_cache(maxsize=10_000)
def dimension_set(*values: tuple[str, str]) -> DimensionSet:
    """Intern dimension values: `dimension_set(("store", "S001"))`; empty values are left out."""
    canonical = "|".join(f"{name}={value}" for name, value in sorted(values) if value)
    return DimensionSet(str(uuid.uuid5(NAMESPACE, canonical)), canonical)


def dimension_values(canonical: str) -> dict[str, str]:
    """Read the values of a dimension set from its canonical text."""
    return dict(part.split("=", 1) for part in canonical.split("|") if part)


@attrs.frozen
class Period:
    """A stretch of business dates and whether it may be posted to."""

    id: str
    first_date: str
    last_date: str
    status: str


_first_date = attrgetter("first_date")
_from_date = itemgetter(0)


@attrs.frozen
class Books:
    """What posting needs to know of one legal entity: accounts by role and selector, periods by date, dimensions, exchange rates.

    `rates` are by currency, each with the first date on which it counts, in order. `dimension_values` tells whether a recorded
    value may be used, `dimension_rules` which dimensions an account requires or forbids, `dimension_defaults` what a store or
    warehouse gives; `party_defaults` names the kinds of party of which some have defaults.
    """

    legal_entity_id: str
    currency: str
    accounts: Mapping[tuple[str, str], str]
    names: Mapping[str, str]
    inactive: frozenset[str]
    periods: tuple[Period, ...]
    dimension_sets: frozenset[str]
    rates: Mapping[str, tuple[tuple[str, int], ...]] = attrs.field(factory=dict)
    dimension_values: Mapping[tuple[str, str], bool] = attrs.field(factory=dict)
    dimension_rules: Mapping[str, tuple[tuple[str, DimensionRule], ...]] = attrs.field(factory=dict)
    dimension_defaults: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = attrs.field(factory=dict)
    party_defaults: frozenset[str] = frozenset()

    def account(self, role: str, selector: str = "") -> str:
        """Give the id of the account that plays a role for a selector, else for any.

        Raises Refused (LEDGER_ACCOUNT_MISSING) where none does.
        """
        found = self.accounts.get((role, selector)) or self.accounts.get((role, ""))
        if found is None:
            shown = f"{role} for {selector}" if selector else role
            raise Refused(
                (
                    Issue(
                        code="LEDGER_ACCOUNT_MISSING",
                        message=f"No account plays the role {shown}.",
                        rule="ledger.account_role",
                        expected={"role": role, "selector": selector},
                        action="Assign an account to this role (ledger.assign_account).",
                    ),
                )
            )
        return found

    def period(self, date: str) -> Period | None:
        """Find the period of a date; None where none was set up."""
        place = bisect_right(self.periods, date, key=_first_date) - 1
        return self.periods[place] if place >= 0 and date <= self.periods[place].last_date else None

    def rate(self, currency: str, date: str) -> int:
        """Give the rate of another currency on a date: billionths of the accounting currency for one of it.

        Raises Refused (LEDGER_RATE_MISSING) where none counts yet.
        """
        found = self._rate(currency, date)
        if found is None:
            raise Refused(
                (
                    Issue(
                        code="LEDGER_RATE_MISSING",
                        message=f"The books are kept in {self.currency}, and there is no exchange rate for {currency} on {date}.",
                        pointer="/currency",
                        rule="ledger.exchange_rate",
                        expected={"rate": f"{currency} in {self.currency} on {date}"},
                        got=currency,
                        action="Enter the rate (ledger.enter_exchange_rate).",
                    ),
                )
            )
        return found

    def has_rate(self, currency: str, date: str) -> bool:
        """Tell whether another currency has a rate on a date."""
        return self._rate(currency, date) is not None

    def _rate(self, currency: str, date: str) -> int | None:
        dated = self.rates.get(currency, ())
        place = bisect_right(dated, date, key=_from_date) - 1
        return dated[place][1] if place >= 0 else None

    def accounting(self, amount: Minor, currency: str, date: str) -> Minor:
        """Convert an amount into the accounting currency at the rate of a date, rounded half away from zero."""
        return amount if currency == self.currency else accounting_value(amount, currency, self.currency, self.rate(currency, date))


@attrs.frozen
class Entry:
    """One ledger entry of a document: debit positive, `amount` in minor units of the accounting currency.

    `transaction_amount` is the same in minor units of `currency`; an exchange difference has 0 there. `correction` marks
    an entry that stands with a negative amount on the original side (Storno).
    """

    account_id: str
    amount: Minor
    dimensions: DimensionSet
    currency: str
    transaction_amount: Minor
    correction: bool = False


@attrs.frozen
class Voucher:
    """The booking of one document: who books, on which date, in which currency. Made once for each document with entries.

    `period_id` is the open period that was planned on; the flush requires it to be open still. `rate` is that of the document's
    currency, billionths of the accounting currency for one; None where it is the accounting currency.
    """

    legal_entity_id: str
    date: str
    currency: str
    period_id: str
    rate: int | None = None


@attrs.frozen(kw_only=True)
class OpenItem:
    """What one document makes a party owe (positive) or be owed (negative), in minor units of the currency."""

    id: str
    legal_entity_id: str
    party_type: str
    party_id: str
    type: str
    currency: str
    amount: Minor
    date: str
    due_date: str
    dimensions: DimensionSet


@attrs.frozen(kw_only=True)
class Settle:
    """A debit item and a credit item cancel each other by `amount` (minor units); a negative amount opens both again."""

    legal_entity_id: str
    debit_item_id: str
    credit_item_id: str
    amount: Minor
    date: str


@attrs.frozen
class OpenBalance:
    """An open item as the plan leaves it, for settlement; `number` is that of its document, `dimensions` the canonical text."""

    id: str
    type: str
    currency: str
    open: Minor
    date: str
    number: str | None = None
    dimensions: str = ""
    due_date: str = ""
    document_id: str = ""


@attrs.frozen
class Pair:
    """A debit item and a credit item that a settlement sets against each other, by minor units; negative where one is undone."""

    debit_item_id: str
    credit_item_id: str
    amount: Minor


@attrs.frozen(kw_only=True)
class Settlement(Document):
    """Open items of one party set against each other; nothing is booked, only what is open changes."""

    kind: ClassVar[str] = "settlement"

    party_type: str
    party_id: str
    pairs: tuple[Pair, ...]


@attrs.frozen(kw_only=True)
class JournalLine:
    """A line of a journal: debit positive, minor units of the journal's currency."""

    number: int
    account_id: str
    amount: Minor
    dimensions: DimensionSet
    text: str | None = None


@attrs.frozen(kw_only=True)
class Journal(Document):
    """A document that books by itself: a general journal by its lines, a reversal or the close of a year by entries.

    A reversal also opens the opposite of what the reversed document opened (`items`) and settles `pairs`, of which the items in
    `stored` are in the database already. `rate` is given where it is not that of the date.
    """

    kind: ClassVar[str] = "journal"

    currency: str
    description: str
    rate: int | None = None
    dimensions: tuple[tuple[str, str], ...] = ()
    lines: tuple[JournalLine, ...] = ()
    entries: tuple[Entry, ...] = ()
    items: tuple[OpenItem, ...] = ()
    pairs: tuple[Pair, ...] = ()
    stored: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class ChartAccount(Definition):
    """An account of the shipped chart that plays a role for one selector only, such as the clearing account of a tender."""

    number: str
    type: AccountType
    role: str
    selector: str
