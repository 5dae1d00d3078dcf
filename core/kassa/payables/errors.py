"""Error codes of payables."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode

CODES = (
    ErrorCode(
        code="PAYABLES_VENDOR_ON_HOLD",
        title="The vendor is on hold",
        meaning="Nothing is invoiced by, or paid to, a vendor that is held.",
        action="Have the hold taken away (parties.change_vendor).",
    ),
    ErrorCode(
        code="PAYABLES_AMOUNT",
        title="The amount cannot be booked",
        meaning="An amount is not 0, has the digits of its currency, and can be kept.",
        action="Correct the amount.",
    ),
    ErrorCode(
        code="PAYABLES_INVOICE_KNOWN",
        title="This invoice was entered already",
        meaning="An invoice of this vendor with the same number of the vendor's is there.",
        action="Look at that one; correct the number where it is another.",
    ),
    ErrorCode(
        code="PAYABLES_INVOICE_HELD",
        title="The invoice is held",
        meaning="An invoice that is held is not paid.",
        action="Release it (payables.release_vendor_invoice).",
    ),
    ErrorCode(
        code="PAYABLES_NOTHING_DUE",
        title="Nothing is due",
        meaning="There is nothing to pay by these criteria, or what is due is covered by credit notes and payments.",
        action="Look at the proposal: it tells what is left out, and why.",
    ),
    ErrorCode(
        code="PAYABLES_BELOW_MINIMUM",
        title="Below the minimum",
        meaning="What is due to the vendor is less than the minimum of the proposal.",
        action="Nothing needs to be done; it is paid when more is due.",
    ),
    ErrorCode(
        code="PAYABLES_NO_BANK_ACCOUNT",
        title="No bank account to pay to",
        meaning="The vendor has no bank account, so it cannot be paid by file.",
        action="Add one (parties.add_bank_account), or pay by hand (payables.pay_vendor).",
    ),
    ErrorCode(
        code="PAYABLES_BANK_ACCOUNT",
        title="The bank account cannot be paid from",
        meaning="It is closed, or its currency is not that of the payment.",
        action="Choose another.",
    ),
    ErrorCode(
        code="PAYABLES_FILE_MISSING",
        title="The file is not made yet",
        meaning="The file of a run is made right after the run was committed.",
        action="Ask again shortly, or have it made (payables.produce_bank_file).",
        status=409,
    ),
    ErrorCode(
        code="PAYABLES_NO_CREDIT",
        title="Nothing is owed to the customer",
        meaning="Only what a customer is owed can be moved to a vendor account, and prepayments belong to an open order.",
        action="Name items that come to a credit.",
    ),
)
