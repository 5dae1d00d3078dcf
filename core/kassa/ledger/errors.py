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
        code="LEDGER_ACCOUNT_UNKNOWN",
        title="No such account",
        meaning="A line names an account that is not in the chart of this legal entity.",
        action="Look the account up (ledger.list_accounts), or create it.",
    ),
    ErrorCode(
        code="LEDGER_ACCOUNT_CONTROLLED",
        title="The account belongs to a subledger",
        meaning="What stands on this account is explained by open items or by stock, so nothing is booked on it by hand.",
        action="Post a document of that subledger: an invoice, a payment, a stock adjustment.",
    ),
    ErrorCode(
        code="LEDGER_JOURNAL_LINE",
        title="A line that cannot be booked",
        meaning="A line of a journal has an amount other than 0, in the digits of its currency.",
        action="Correct the amount, or leave the line out.",
    ),
    ErrorCode(
        code="LEDGER_JOURNAL_UNBALANCED",
        title="The journal does not balance",
        meaning="Debits and credits of a journal are equal.",
        action="Correct the lines.",
    ),
    ErrorCode(
        code="LEDGER_NOT_REVERSIBLE",
        title="This voucher cannot be reversed",
        meaning="It was reversed already, or its document did more than book, such as moving goods.",
        action="Correct it by a document of its own kind, such as a credit note.",
    ),
    ErrorCode(
        code="LEDGER_ITEM_SETTLED",
        title="Settled by another document",
        meaning="What the document opened was settled meanwhile.",
        action="Undo that settlement first (ledger.undo_settlement).",
    ),
    ErrorCode(
        code="LEDGER_SETTLEMENT_UNDONE",
        title="Undone already",
        meaning="What a document settled is opened again once.",
        action="Settle the items anew where they belong together.",
    ),
    ErrorCode(
        code="LEDGER_SETTLE_TWICE",
        title="Named twice",
        meaning="An item stands twice in the request, or pairs and items were both given.",
        action="Name each item once, as pairs or as a set.",
    ),
    ErrorCode(
        code="LEDGER_PARTY_NEEDED",
        title="Whose open items?",
        meaning="Open items belong to a customer or to a vendor.",
        action="Name one of the two.",
    ),
    ErrorCode(
        code="LEDGER_RATE_MISSING",
        title="No exchange rate",
        meaning="A document is in another currency than the books, and no rate counts on its date.",
        action="Enter the rate (ledger.enter_exchange_rate).",
    ),
    ErrorCode(
        code="LEDGER_RATE_CURRENCY",
        title="No rate for this currency",
        meaning="Rates are for currencies of ISO 4217 other than that of the books.",
        action="Name another currency.",
    ),
    ErrorCode(
        code="LEDGER_DIMENSION_UNKNOWN",
        title="Unknown dimension",
        meaning="A dimension is not declared, or its value was not created.",
        action="Look at ledger.list_dimensions and ledger.list_dimension_values.",
    ),
    ErrorCode(
        code="LEDGER_DIMENSION_BLOCKED",
        title="Blocked dimension value",
        meaning="The value of a dimension may not be booked on any more.",
        action="Use another value, or open it again.",
    ),
    ErrorCode(
        code="LEDGER_DIMENSION_REQUIRED",
        title="A dimension is missing",
        meaning="The account requires a dimension that the entry does not have.",
        action="Give the value, or set a default for the store, warehouse or party.",
    ),
    ErrorCode(
        code="LEDGER_DIMENSION_FORBIDDEN",
        title="A dimension too many",
        meaning="The account forbids a dimension that the entry has.",
        action="Leave it out, or book on another account.",
    ),
    ErrorCode(
        code="LEDGER_DIMENSION_FILTER",
        title="Not a dimension and its value",
        meaning="A statement is narrowed by a dimension and its value, such as store=S001.",
        action="Write name=value.",
    ),
    ErrorCode(
        code="LEDGER_YEAR_OPEN",
        title="The year is not over",
        meaning="A period of the year is open, so the result may change.",
        action="Close all periods of the year but the last.",
    ),
    ErrorCode(
        code="LEDGER_NOTHING_TO_CLOSE",
        title="Nothing to transfer",
        meaning="Revenue and expenses of the year are 0 already.",
        action="Nothing needs to be done.",
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
