"""Values of the ledger: accounts by role, dimension sets, and the effects that book."""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from typing import ClassVar, Literal

import attrs

from kassa.kernel.contributions import Definition
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.plan import Document
from kassa.kernel.values import Minor

AccountType = Literal["asset", "liability", "equity", "revenue", "expense"]
PeriodStatus = Literal["open", "closed"]
BALANCE_SHEET = ("asset", "liability", "equity")
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


@attrs.frozen
class Period:
    """A stretch of business dates and whether it may be posted to."""

    id: str
    first_date: str
    last_date: str
    status: str


_first_date = attrgetter("first_date")


@attrs.frozen
class Books:
    """What posting needs to know of one legal entity: accounts by role and selector, periods by date, known dimension sets."""

    legal_entity_id: str
    currency: str
    accounts: Mapping[tuple[str, str], str]
    names: Mapping[str, str]
    inactive: frozenset[str]
    periods: tuple[Period, ...]
    dimension_sets: frozenset[str]

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


@attrs.frozen
class Entry:
    """One ledger entry of a document: debit positive, minor units of the accounting currency.

    `correction` marks an entry that stands with a negative amount on the original side (Storno).
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

    `period_id` is the open period that was planned on; the flush requires it to be open still.
    """

    legal_entity_id: str
    date: str
    currency: str
    period_id: str


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
    """A debit item and a credit item cancel each other by `amount` (positive minor units)."""

    legal_entity_id: str
    debit_item_id: str
    credit_item_id: str
    amount: Minor
    date: str


@attrs.frozen
class OpenBalance:
    """An open item as it stands in the database, for settlement; `number` is that of its document."""

    id: str
    type: str
    currency: str
    open: Minor
    date: str
    number: str | None = None


@attrs.frozen
class Pair:
    """A debit item and a credit item that a settlement sets against each other, by a positive amount of minor units."""

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
class ChartAccount(Definition):
    """An account of the shipped chart that plays a role for one selector only, such as the clearing account of a tender."""

    number: str
    type: AccountType
    role: str
    selector: str
