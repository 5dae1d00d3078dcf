"""Journals: book lines, reverse a voucher, transfer the result of a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import AmbiguousKey, Issue, NotFound
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result
from kassa.kernel.values import format_minor, minor_of, new_id
from kassa.ledger.dimensions import dimensions_of, value_issues
from kassa.ledger.documents import AccountRole, Journal, JournalLine
from kassa.ledger.facts import books
from kassa.ledger.journals import CONTROLLED
from kassa.ledger.messages import journals as messages
from kassa.ledger.operations.accounts import accounts
from kassa.ledger.reversing import reversal_of
from kassa.org import facts as org

_HELD = "SELECT n.document_id FROM kernel_document_key n WHERE n.legal_entity_id = ? AND n.value = ?"
VOUCHER = "SELECT v.document_id FROM ledger_voucher v WHERE v.legal_entity_id = ? AND v.document_id "


def post_journal(command: messages.PostJournal, context: Context) -> Result:
    """Plan a journal: every account, amount and dimension that does not fit is reported at once."""
    entity = org.legal_entity(context)
    code = command.currency or entity.currency
    draft = Journal(
        id=new_id(), type="journal", legal_entity_id=entity.id, store_id=None, register=context.actor.register or "office", state="new",
        date=command.date or date_of(context.now, entity.time_zone), occurred_at=context.now, currency=code,
        description=command.description, dimensions=tuple((command.dimensions or {}).items()),
    )  # fmt: skip
    issues: list[Issue] = list(value_issues(command.dimensions or {}, books(context, entity.id), context, "/dimensions"))
    lines = _lines(command, draft, context, issues)
    context.refuse(issues)
    (posted,) = context.step("journal", "post", [evolve(draft, lines=tuple(lines))])
    return Result(view=lambda numbers: journal_view(posted, numbers.get(posted.id)), document_id=posted.id, version=1)


def _lines(command: messages.PostJournal, draft: Journal, context: Context, issues: list[Issue]) -> list[JournalLine]:
    known = books(context, draft.legal_entity_id)
    found = accounts(context, [asked.account for asked in command.lines])
    controlled = control_accounts(context, draft.legal_entity_id)
    lines: list[JournalLine] = []
    for place, asked in enumerate(command.lines):
        at = f"/lines/{place}"
        account = found.get(asked.account)
        issues += account_issues(asked.account, account.id if account is not None else None, controlled, f"{at}/account")
        issues += value_issues(asked.dimensions or {}, known, context, f"{at}/dimensions")
        amount = 0
        try:
            amount = minor_of(asked.amount, draft.currency)
        except ValueError as error:
            issues.append(Issue(code="LEDGER_JOURNAL_LINE", message=f"{error}", pointer=f"{at}/amount", got=str(asked.amount)))
        dimensions = dimensions_of(draft, context, line=tuple((asked.dimensions or {}).items()))
        lines.append(
            JournalLine(
                number=place + 1,
                account_id=account.id if account is not None else "",
                amount=amount,
                dimensions=dimensions,
                text=asked.text,
            )
        )
    return lines


def control_accounts(context: Context, legal_entity_id: str) -> Mapping[str, str]:
    """Give the accounts whose balance a subledger explains, each with its role."""
    control = {role.name for role in context.registry.all(AccountRole) if role.control}
    return {account: role for account, role in context.read.rows(CONTROLLED, (legal_entity_id,)) if role in control}


def account_issues(reference: str, account_id: str | None, controlled: Mapping[str, str], pointer: str) -> Iterable[Issue]:
    """Find an account that is not there, or that a subledger explains."""
    if account_id is None:
        message = f"There is no account {reference!r} in this legal entity."
        yield Issue(code="LEDGER_ACCOUNT_UNKNOWN", message=message, pointer=pointer, got=reference)
    elif account_id in controlled:
        message = (
            f"The balance of account {reference} ({controlled[account_id]}) is explained by a subledger. Post a document of that subledger."
        )
        yield Issue(code="LEDGER_ACCOUNT_CONTROLLED", message=message, pointer=pointer, got=reference)


def journal_view(document: Journal, number: str | None) -> messages.JournalView:
    """Show a journal."""
    amounts: Sequence[int] = [line.amount for line in document.lines] or [entry.transaction_amount for entry in document.entries]
    return messages.JournalView(
        id=document.id, number=number, type=document.type, date=document.date, currency=document.currency,
        amount=format_minor(sum(amount for amount in amounts if amount > 0), document.currency), description=document.description,
        corrects=document.corrects_id,
    )  # fmt: skip


def reverse_voucher(command: messages.ReverseVoucher, context: Context) -> Result:
    """Plan the reversal of a voucher: its entries, what it opened, what it settled."""
    entity = org.legal_entity(context)
    draft = reversal_of(
        context,
        _voucher(command.voucher, entity.id, context),
        description=command.description,
        date=command.date,
        correction=command.correction,
    )
    (posted,) = context.step("journal", "post", [draft])
    return Result(view=lambda numbers: journal_view(posted, numbers.get(posted.id)), document_id=posted.id, version=1)


def _voucher(reference: str, legal_entity_id: str, context: Context) -> str:
    if id_or_none(reference) == reference:
        rows = context.read.rows(f"{VOUCHER} = ?", (legal_entity_id, reference))
    else:
        by_key = f"{VOUCHER} IN ({_HELD} AND n.identifying UNION {_HELD} AND NOT n.identifying)"
        rows = context.read.rows(by_key, (legal_entity_id, *(legal_entity_id, reference) * 2))
    if not rows:
        raise NotFound("voucher", reference)
    if len(rows) > 1:
        raise AmbiguousKey(reference, [row[0] for row in rows])
    return str(rows[0][0])


OPERATIONS = (
    Operation(
        name="ledger.post_journal",
        summary="Post a general journal",
        description="Lines that balance, on any accounts that no subledger explains; in another currency they are converted at the rate of the date.",
        effect="post",
        http=Http(method="POST", path="/ledger/journals", status=201),
        request=messages.PostJournal,
        response=messages.JournalView,
        permission="ledger.post_journal",
        handler=post_journal,
        example={
            "description": "Stock count differences",
            "lines": [{"account": "5100", "amount": "125.00", "text": "Counted"}, {"account": "3000", "amount": "-125.00"}],
        },
    ),
    Operation(
        name="ledger.reverse_voucher",
        summary="Reverse a voucher",
        description="Takes back what a document booked, opened and settled, by a journal that names it; once for each document. "
        "Documents that do more than book are corrected by documents of their own kind.",
        effect="post",
        http=Http(method="POST", path="/ledger/vouchers/{voucher}/reverse", status=201),
        request=messages.ReverseVoucher,
        response=messages.JournalView,
        permission="ledger.reverse",
        handler=reverse_voucher,
        example={"description": "Booked twice"},
    ),
)
