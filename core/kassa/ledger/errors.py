"""Error codes of the ledger."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode

CODES = (
    ErrorCode(
        code="LEDGER_ACCOUNT_MISSING",
        title="No account for a role",
        meaning="Something has to be booked to a role that no account plays in this legal entity.",
        action="Assign an account to the role (ledger.assign_account).",
    ),
    ErrorCode(
        code="LEDGER_ACCOUNT_CLOSED",
        title="Account closed",
        meaning="An account that plays a role may not be posted to.",
        action="Open the account, or assign another to the role.",
    ),
    ErrorCode(
        code="LEDGER_ACCOUNT_IN_USE",
        title="Account in use",
        meaning="An account that plays a role cannot be closed: what is booked to that role would be refused.",
        action="Assign another account to the role first (ledger.assign_account).",
    ),
    ErrorCode(
        code="LEDGER_ACCOUNT_UNFIT",
        title="The account cannot play this role",
        meaning="The account is closed, stands on the wrong side of the books, or its balance is explained by another subledger.",
        action="Choose or create another account (ledger.create_account).",
    ),
    ErrorCode(
        code="LEDGER_AMOUNT_TOO_LARGE",
        title="Amount too large",
        meaning="An entry has at most 12 digits of minor units.",
        action="Divide the document.",
    ),
    ErrorCode(
        code="LEDGER_BOOKS_EXIST",
        title="The books are set up already",
        meaning="A legal entity gets its chart of accounts once.",
        action="Create, change and assign accounts one by one.",
    ),
    ErrorCode(
        code="LEDGER_YEARS",
        title="Years out of bounds",
        meaning="Books are opened for some years in a row.",
        action="Give a first and a last year as the issue says.",
    ),
    ErrorCode(
        code="LEDGER_PERIOD_MISPLACED",
        title="The period does not join the others",
        meaning="Periods follow each other without gap or overlap.",
        action="Begin the day after the last period, or end the day before the first.",
    ),
    ErrorCode(
        code="LEDGER_ITEM_NOT_OPEN",
        title="Nothing is open",
        meaning="The party has no open debit or credit of the document that is named.",
        action="Look at the party's open items and name one of them.",
    ),
    ErrorCode(
        code="LEDGER_NOTHING_TO_SETTLE",
        title="Nothing to settle",
        meaning="There is no debit and credit of one currency that could be set against each other.",
        action="Nothing needs to be done; a prepayment is settled by naming it.",
    ),
    ErrorCode(
        code="LEDGER_SETTLE_AMOUNT",
        title="The amount cannot be settled",
        meaning="A settlement is above 0 and at most what both items have open, in the digits of their currency.",
        action="Give less, or leave the amount out.",
    ),
    ErrorCode(
        code="LEDGER_SETTLE_CURRENCY",
        title="Two currencies",
        meaning="A debit and a credit are settled in one currency.",
        action="Name items of the same currency.",
    ),
    ErrorCode(
        code="INV_VOUCHER_UNBALANCED",
        title="Voucher does not balance",
        meaning="The rules that book a document left debits and credits unequal; nothing was posted.",
        action="Tell the author of the rule named.",
        status=500,
    ),
    ErrorCode(
        code="INV_PERIOD_CLOSED",
        title="Period closed",
        meaning="The date of a document lies in a period that is closed or not set up.",
        action="Post on a date of an open period, or have the period opened.",
    ),
)
