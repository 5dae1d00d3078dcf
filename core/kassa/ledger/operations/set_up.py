"""Setting books up: the shipped chart of accounts, one account a role and a clearing account a tender, and monthly periods."""

from __future__ import annotations

from kassa.kernel.clock import add_days
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.ledger.documents import AccountRole, ChartAccount
from kassa.ledger.facts import books
from kassa.ledger.messages.books import BooksView, SetUpBooks
from kassa.ledger.models import AccountRow, PeriodRow
from kassa.ledger.operations.roles import assignment
from kassa.ledger.settings import OPENING_EQUITY
from kassa.org import facts as org

YEARS_AT_MOST = 50


def set_up_books(command: SetUpBooks, context: Context) -> Result:
    """Create accounts, roles and months of a legal entity that has none yet."""
    entity = org.legal_entity(context)
    if books(context, entity.id).accounts:
        context.refuse([Issue(code="LEDGER_BOOKS_EXIST", message=f"{entity.name} has its books already. Change accounts one by one.")])
    if not 1900 <= command.first_year <= command.last_year < command.first_year + YEARS_AT_MOST or command.last_year > 9998:
        message = f"Expected years from 1900 on, the first not after the last, at most {YEARS_AT_MOST} of them."
        context.refuse([Issue(code="LEDGER_YEARS", message=message, pointer="/first_year")])
    accounts = {role.number: (role.summary, role.type) for role in context.registry.all(AccountRole)}
    accounts[OPENING_EQUITY[0]] = OPENING_EQUITY[1:]
    extra = context.registry.all(ChartAccount)
    accounts |= {account.number: (account.summary, account.type) for account in extra}
    ids = {number: new_id() for number in sorted(accounts)}
    rows = [
        Row(AccountRow, {"id": ids[number], "legal_entity_id": entity.id, "number": number, "name": name, "type": kind, "active": True, "version": 1})
        for number, (name, kind) in sorted(accounts.items())
    ]
    roles = [(role.name, "", role.number) for role in context.registry.all(AccountRole)]
    roles += [(account.role, account.selector, account.number) for account in extra]
    roles.append(("stock_adjustment", "opening", OPENING_EQUITY[0]))
    for role, selector, number in roles:
        rows += assignment(context, entity.id, role, selector, ids[number])
    months = [(year, month) for year in range(command.first_year, command.last_year + 1) for month in range(1, 13)]
    rows += [_month(entity.id, year, month) for year, month in months]
    context.plan.add(rows, "ledger.set_up_books")
    view = BooksView(
        legal_entity=entity.code, currency=entity.currency, accounts=len(accounts), periods=len(months),
        first_date=f"{command.first_year}-01-01", last_date=f"{command.last_year}-12-31",
    )  # fmt: skip
    return Result(view=lambda numbers: view)


def _month(legal_entity_id: str, year: int, month: int) -> Row:
    following = f"{year + month // 12:04d}-{month % 12 + 1:02d}-01"
    first, last = f"{year:04d}-{month:02d}-01", add_days(following, -1)
    return Row(PeriodRow, {"id": new_id(), "legal_entity_id": legal_entity_id, "first_date": first, "last_date": last, "status": "open", "version": 1})


OPERATIONS = (
    Operation(
        name="ledger.set_up_books",
        announces="ledger.books_set_up",
        summary="Set up the books of a legal entity",
        description="Creates the shipped chart of accounts, assigns each account its role, and opens the months of the years given.",
        effect="edit",
        http=Http(method="POST", path="/ledger/books", status=201),
        request=SetUpBooks,
        response=BooksView,
        permission="ledger.set_up",
        handler=set_up_books,
        example={"first_year": 2026, "last_year": 2027},
    ),
)
