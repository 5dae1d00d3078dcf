"""Requests and views of the books: setting them up, accounts and their roles, periods."""

from __future__ import annotations

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Date, Identifier, Text
from kassa.ledger.documents import AccountType, PeriodStatus
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import PlainCode, Reference


@attrs.frozen(kw_only=True)
class SetUpBooks:
    """Gives a legal entity its chart of accounts, its account roles and its periods."""

    first_year: int = attrs.field(metadata=about("The first calendar year to open.", 2026))
    last_year: int = attrs.field(metadata=about("The last calendar year to open.", 2027))


@attrs.frozen(kw_only=True)
class BooksView:
    """The books of a legal entity, in numbers."""

    legal_entity: str
    currency: str
    accounts: int
    periods: int
    first_date: Date
    last_date: Date


@attrs.frozen(kw_only=True)
class CreateAccount:
    """A new account in the chart of the legal entity."""

    number: PlainCode = attrs.field(metadata=about("Unique within the legal entity, never changed.", "1150"))
    name: Text = attrs.field(metadata=about("Name.", "Receivables from staff"))
    type: AccountType = attrs.field(metadata=about("Where it stands in the balance sheet or the result; never changed.", "asset"))


@attrs.frozen(kw_only=True)
class ReadAccount:
    """Names an account."""

    account: Reference = attrs.field(metadata=about("Number or id.", "1100"))


@attrs.frozen(kw_only=True)
class ChangeAccount(ReadAccount):
    """What shall be different at an account; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    active: bool = attrs.field(factory=left_out, metadata=about("Whether it may be posted to."))


@attrs.frozen(kw_only=True)
class AccountView:
    """An account of a chart; `version` also counts the roles that were assigned to it."""

    id: Identifier
    number: str
    name: str
    type: AccountType
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class ListAccounts(PageRequest):
    """Asks for the accounts of the legal entity, by number."""

    type: AccountType | None = attrs.field(default=None, metadata=about("Only accounts of one type."))
    active: bool | None = attrs.field(default=None, metadata=about("Only those that may be posted to, or only the others."))


@attrs.frozen(kw_only=True)
class ListAccountRoles(PageRequest):
    """Asks for every role of accounts, with the account that plays it."""


@attrs.frozen(kw_only=True)
class AssignAccount:
    """Lets an account play a role from now on; what is booked stays where it is."""

    role: PlainCode = attrs.field(metadata=about("The role.", "tender"))
    selector: PlainCode | None = attrs.field(
        default=None, metadata=about("For what: a tender, a charge code, a tax code, a reason; left out, for all that have none of their own.", "card")
    )
    account: Reference = attrs.field(metadata=about("Number or id of the account.", "1002"))


@attrs.frozen(kw_only=True)
class AccountRoleView:
    """A role and the account that plays it; `account` is null where none does yet."""

    role: str
    summary: str
    selector: str | None
    account: str | None
    account_name: str | None


@attrs.frozen(kw_only=True)
class CreatePeriod:
    """A new period, open; it begins the day after the last one ends, or ends the day before the first one begins."""

    first_date: Date = attrs.field(metadata=about("Its first date.", "2028-01-01"))
    last_date: Date = attrs.field(metadata=about("Its last date.", "2028-01-31"))


@attrs.frozen(kw_only=True)
class ReadPeriod:
    """Names a period."""

    period: Reference = attrs.field(metadata=about("Its first date or its id.", "2026-11-01"))


@attrs.frozen(kw_only=True)
class ChangePeriod(ReadPeriod):
    """Closes a period, or opens it again."""

    status: PeriodStatus = attrs.field(factory=left_out, metadata=about("Nothing is posted to a closed period.", "closed"))


@attrs.frozen(kw_only=True)
class PeriodView:
    """A stretch of dates that is open or closed for posting."""

    id: Identifier
    first_date: Date
    last_date: Date
    status: PeriodStatus
    version: int


@attrs.frozen(kw_only=True)
class ListPeriods(PageRequest):
    """Asks for the periods of the legal entity, by date."""

    status: PeriodStatus | None = attrs.field(default=None, metadata=about("Only open ones, or only closed ones."))
