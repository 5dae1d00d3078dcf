"""Error codes of payments."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode

CODES = (
    ErrorCode(
        code="PAYMENT_TENDER_UNKNOWN",
        title="Unknown tender",
        meaning="No tender has this name.",
        action="Use one of the tenders that are declared (payments.list_tenders).",
    ),
    ErrorCode(
        code="PAYMENT_TENDER_NOT_ALLOWED",
        title="Tender not allowed",
        meaning="The tender cannot be taken, or cannot be paid out.",
        action="Use another tender.",
    ),
    ErrorCode(
        code="PAYMENT_AMOUNT",
        title="No amount to take",
        meaning="A payment is above 0 and has the digits of the currency of the books.",
        action="Correct the amount; money is paid out by a refund.",
    ),
    ErrorCode(
        code="PAYMENT_INVOICE_NOT_OPEN",
        title="The invoice is not open",
        meaning="The customer has no open invoice of this number.",
        action="Look at the customer's open items, or leave the invoices out.",
    ),
    ErrorCode(
        code="PAYMENT_CURRENCY",
        title="Tender of another currency",
        meaning="The tender comes in one currency alone.",
        action="Use another tender, or pay in its currency.",
    ),
    ErrorCode(
        code="PAYMENT_TENDER_AMOUNT",
        title="Amount not for this tender",
        meaning="The tender is for smaller or larger amounts.",
        action="Divide the payment, or use another tender.",
    ),
    ErrorCode(
        code="PAYMENT_COINS",
        title="Not a multiple of the smallest coin",
        meaning="Cash comes in multiples of its smallest coin, by the setting payments.cash_rounding.",
        action="Give an amount that can be paid in coins; a sale rounds what is due by itself.",
    ),
    ErrorCode(
        code="CO_REFUND_TENDER_NOT_ALLOWED",
        title="Refund by this tender not allowed",
        meaning="The policy of refunds does not allow the tender for this refund, or not for so much.",
        action="Use one of the tenders that the message names.",
    ),
    ErrorCode(
        code="PAYMENT_REFUND_LIMIT",
        title="More than may be paid out",
        meaning="The act pays out more than the limits of the permission payments.pay_out let this worker.",
        action="Have somebody approve it whose limit suffices, or pay out less.",
        status=409,
    ),
    ErrorCode(
        code="PAYMENT_CASH_REFUND_LIMIT",
        title="More than may be paid out in cash",
        meaning="More than the limits of the permission payments.pay_out_cash allow is paid out in cash though it was not paid in cash.",
        action="Use the tender by which it was paid, or have somebody approve it whose limit suffices.",
        status=409,
    ),
    ErrorCode(
        code="PAYMENT_REFUND_EXCEEDS",
        title="More than the payment",
        meaning="No more is given back of a payment than it took, less what was given back before.",
        action="Give back less, or by another tender that the policy allows.",
    ),
    ErrorCode(
        code="PAYMENT_CREDIT_EXCEEDED",
        title="More than the open credit",
        meaning="A refund pays out an open credit, and no more than is open.",
        action="Post the credit note first, or refund less.",
    ),
    ErrorCode(
        code="PAYMENT_CREDIT_NOT_OPEN",
        title="The credit is not open",
        meaning="The customer has no open credit of this number.",
        action="Look at the customer's open items, or leave the credits out.",
    ),
    ErrorCode(
        code="PAYMENT_ADVANCE_CREDIT_OFF",
        title="No refund in advance",
        meaning="A refund before its credit note needs the setting payments.advance_credit.",
        action="Post the credit note first, or have the setting switched on.",
    ),
    ErrorCode(
        code="PAYMENT_NOT_OF_CUSTOMER",
        title="Not a payment of the customer",
        meaning="The payment that is to be given back is of somebody else, is a refund itself, or is a deposit.",
        action="Name a payment that this customer made on account.",
    ),
    ErrorCode(
        code="PAYMENT_SOURCE_NEEDED",
        title="Payment not named",
        meaning="A processor gives back only what it took.",
        action="Name the payment that is given back.",
    ),
    ErrorCode(
        code="PAYMENT_NOT_OF_TODAY",
        title="Not of this day and register",
        meaning="A payment is voided on its business date at its register.",
        action="Give it back by a refund.",
    ),
    ErrorCode(
        code="PAYMENT_VOID_OF_VOID",
        title="A void is not voided",
        meaning="The payment is itself the void of another.",
        action="Take the payment anew.",
    ),
    ErrorCode(
        code="PAYMENT_VOIDED",
        title="A payment is voided once",
        meaning="The payment was voided already.",
        action="Look at the void, and take the payment anew if it should stand.",
    ),
    ErrorCode(
        code="PAYMENT_PROCESSOR_OFF",
        title="No processor in use",
        meaning="The tender is carried out by a processor, and none is in use here.",
        action="Set payments.processor to on once a processor is set up.",
    ),
    ErrorCode(
        code="PAYMENT_TOKEN_NEEDED",
        title="Token of the card missing",
        meaning="A tender with a processor needs the token of the card.",
        action="Give the token with the payment.",
    ),
    ErrorCode(
        code="PAYMENT_DECLINED",
        title="Card declined",
        meaning="The processor declined the card.",
        action="Take another card or another tender; use a new key.",
    ),
    ErrorCode(
        code="PAYMENT_AUTHORISATION_GONE",
        title="Authorisation gone",
        meaning="What was held on the card was used or given back in the meantime.",
        action="Send the request again with a new key.",
    ),
    ErrorCode(
        code="PAYMENT_AUTHORISATION_AMOUNT",
        title="Another amount is held",
        meaning="The card holds another amount than the payment takes.",
        action="Give the card the amount that it shall pay, and a new key.",
    ),
    ErrorCode(
        code="PAYMENT_RESULT_CONTRADICTS",
        title="The processor contradicts itself",
        meaning="An intent that was answered is answered otherwise.",
        action="Ask the processor, and correct by hand what is wrong.",
    ),
    ErrorCode(
        code="PAYMENT_RESULT_AMOUNT",
        title="Answer about another amount",
        meaning="The processor speaks of another amount or currency than it was asked for.",
        action="Ask the processor what it did; nothing was recorded.",
    ),
    ErrorCode(
        code="SALES_DEPOSIT_EXCEEDED",
        title="More than the deposit",
        meaning="No more of an order's deposits is used than is left of them.",
        action="Use less, or take another deposit.",
    ),
)
