"""Error codes of the parties."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode

CODES = (
    ErrorCode(
        code="PARTIES_INVOICE_ACCOUNT",
        title="This customer cannot get the invoices",
        meaning="Invoices go to one other customer who gets its own invoices itself; a chain or a circle leads nowhere.",
        action="Name a customer that has no invoice account of its own.",
    ),
    ErrorCode(
        code="PARTIES_NAME_NEEDED",
        title="A new customer needs a name",
        meaning="The number is not known yet, so a customer would be created, and it has no name.",
        action="Send its name, or correct the number.",
    ),
    ErrorCode(
        code="PARTIES_LISTED_TWICE",
        title="The same customer stands twice in the request",
        meaning="Of two entries for one customer nobody could tell which one counts.",
        action="Send each of them once.",
    ),
    ErrorCode(
        code="PARTIES_CURRENCY_FIXED",
        title="The currency of a customer never changes",
        meaning="What a customer owes is kept in one currency.",
        action="Create another customer with that currency.",
    ),
    ErrorCode(
        code="PARTIES_IBAN",
        title="Not an IBAN",
        meaning="The number of a bank account has the wrong length or wrong check digits, so money would go nowhere or elsewhere.",
        action="Compare it with what the vendor wrote.",
    ),
    ErrorCode(
        code="PARTIES_NO_TEMPLATE",
        title="No template for one-time vendors",
        meaning="A one-time vendor is made from another vendor, and none is named.",
        action="Name one, or set parties.one_time_vendor_template.",
    ),
    ErrorCode(
        code="PARTIES_HAS_VENDOR",
        title="The customer has a vendor account already",
        meaning="A customer is one vendor; a second one would hide what the first is owed.",
        action="Use the vendor account of the customer.",
    ),
)
