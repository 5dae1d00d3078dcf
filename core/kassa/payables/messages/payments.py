"""Requests and views of proposals, vendor payments, runs, bank files and the bank accounts of the legal entity."""

from __future__ import annotations

from typing import Annotated, Literal

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Amount, CurrencyCode, Date, DecimalText, Identifier, Items, Text
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import PlainCode, Reference
from kassa.parties.vendor_messages import Bic, Iban
from kassa.payables.documents import Method

PaymentState = Literal["posted", "confirmed", "rejected"]


@attrs.frozen(kw_only=True)
class CreateBankAccount:
    """A bank account of the legal entity, from which vendors are paid."""

    code: PlainCode = attrs.field(metadata=about("Unique within the legal entity, never changed.", "MAIN"))
    name: Text = attrs.field(metadata=about("Name.", "Current account"))
    iban: Iban = attrs.field(metadata=about("With or without blanks; its check digits are verified.", "NL91 ABNA 0417 1643 00"))
    bic: Bic | None = attrs.field(default=None, metadata=about("Code of the bank, where its country needs one.", "ABNANL2A"))
    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("That of the legal entity where left out; never changed."))
    account: Reference | None = attrs.field(
        default=None, metadata=about("Ledger account that plays the role `bank` for it; the one that plays it for all if left out.", "1020")
    )


@attrs.frozen(kw_only=True)
class ChangeBankAccount:
    """What shall be different at a bank account; what is left out stays."""

    bank_account: Reference = attrs.field(metadata=about("Its code, or its id.", "MAIN"))
    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    active: bool = attrs.field(factory=left_out, metadata=about("Whether it may be paid from."))


@attrs.frozen(kw_only=True)
class ListBankAccounts(PageRequest):
    """Asks for the bank accounts of the legal entity."""


@attrs.frozen(kw_only=True)
class BankAccountView:
    """A bank account of the legal entity."""

    id: Identifier
    code: str
    name: str
    iban: str
    bic: str | None
    currency: str
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class ProposePayments:
    """Asks what would be paid from a bank account: what is due up to a date, vendor by vendor."""

    bank_account: Reference = attrs.field(metadata=about("Code or id of the bank account to pay from.", "MAIN"))
    due_until: Date | None = attrs.field(
        default=None, metadata=about("Items that are due on this date or before; today where it is left out.")
    )
    minimum: Amount | None = attrs.field(default=None, metadata=about("Vendors who would get less are left out.", "10.00"))
    vendors: Annotated[tuple[Reference, ...], Items(1, 500)] | None = attrs.field(
        default=None, metadata=about("Only these, by number or id.")
    )


@attrs.frozen(kw_only=True)
class PayVendors(ProposePayments):
    """Pays what a proposal with the same criteria shows, in one file for the bank."""

    date: Date | None = attrs.field(default=None, metadata=about("Date of the payments; today where it is left out."))
    execution_date: Date | None = attrs.field(
        default=None, metadata=about("When the bank shall pay; the date of the payments if left out.")
    )


@attrs.frozen(kw_only=True)
class PayVendor:
    """Records a payment to a vendor that was made by hand."""

    vendor: Reference = attrs.field(metadata=about("Number or id of the vendor.", "V-2001"))
    bank_account: Reference = attrs.field(metadata=about("Code or id of the bank account it was paid from.", "MAIN"))
    amount: Amount = attrs.field(metadata=about("What was paid, above 0, in the currency of the payment.", "250.00"))
    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("That of the bank account where it is left out."))
    invoices: Annotated[tuple[Text, ...], Items(1, 500)] | None = attrs.field(
        default=None, metadata=about("Numbers of the documents it pays, in this order; the oldest first where it is left out.")
    )
    date: Date | None = attrs.field(default=None, metadata=about("Date of the payment; today where it is left out."))
    reference: Text | None = attrs.field(default=None, metadata=about("What stands on the bank statement.", "Check 1044"))


@attrs.frozen(kw_only=True)
class ProposedItemView:
    """An open item that a payment would settle."""

    document: str | None
    due_date: Date
    amount: DecimalText


@attrs.frozen(kw_only=True)
class ProposedPaymentView:
    """What one vendor would get, and for what; what the vendor owes is taken off."""

    vendor: str
    name: str
    iban: str
    amount: DecimalText
    items: tuple[ProposedItemView, ...]


@attrs.frozen(kw_only=True)
class LeftOutView:
    """What is due and would not be paid, with the reason; `document` is null where it is all of the vendor."""

    vendor: str
    document: str | None
    code: str
    message: str


@attrs.frozen(kw_only=True)
class ProposalView:
    """What would be paid; `more` where so many vendors are due that it takes another run."""

    bank_account: str
    currency: str
    due_until: Date
    total: DecimalText
    payments: tuple[ProposedPaymentView, ...]
    left_out: tuple[LeftOutView, ...]
    more: bool


@attrs.frozen(kw_only=True)
class VendorPaymentView:
    """A payment to a vendor."""

    id: Identifier
    number: str | None
    state: PaymentState
    vendor: str
    bank_account: str
    method: Method
    date: Date
    currency: str
    amount: DecimalText
    iban: str | None
    reference: str
    run: Identifier | None
    version: int


@attrs.frozen(kw_only=True)
class PaymentRunView:
    """Payments that go to the bank in one file; the file is made after the commit and stands under `file`."""

    id: Identifier
    number: str | None
    bank_account: str
    currency: str
    execution_date: Date
    total: DecimalText
    payments: tuple[VendorPaymentView, ...]
    left_out: tuple[LeftOutView, ...]
    more: bool


@attrs.frozen(kw_only=True)
class ReadVendorPayment:
    """Names a vendor payment."""

    payment: Text = attrs.field(metadata=about("Its number, or its id.", "VPA-office-000001"))


@attrs.frozen(kw_only=True)
class ListVendorPayments(PageRequest):
    """Asks for vendor payments, newest first."""

    vendor: Reference | None = attrs.field(default=None, metadata=about("Only those to one vendor."))
    run: Text | None = attrs.field(default=None, metadata=about("Only those of one run, by its number or id."))
    state: PaymentState | None = attrs.field(default=None, metadata=about("Only those in this state."))


@attrs.frozen(kw_only=True)
class ConfirmPayments:
    """Tells that the bank has paid: payments, or all of a run that are not confirmed or rejected yet."""

    payments: Annotated[tuple[Text, ...], Items(1, 500)] | None = attrs.field(
        default=None, metadata=about("Numbers or ids.", ["VPA-office-000001"])
    )
    run: Text | None = attrs.field(default=None, metadata=about("Number or id of the run; or else name payments."))


@attrs.frozen(kw_only=True)
class ConfirmedView:
    """Payments of which the bank told the same."""

    payments: tuple[VendorPaymentView, ...]


@attrs.frozen(kw_only=True)
class RejectPayment(ReadVendorPayment):
    """Tells that the bank has not paid: the payment is reversed, and what it settled is open again."""

    reason: Text = attrs.field(metadata=about("What the bank said.", "Account closed"))
    date: Date | None = attrs.field(default=None, metadata=about("Date of the reversal; today where it is left out."))


@attrs.frozen(kw_only=True)
class ProduceBankFile:
    """Makes the file of a run, where it is not made yet."""

    run: Identifier = attrs.field(metadata=about("Id of the run."))


@attrs.frozen(kw_only=True)
class ReadBankFile:
    """Names the run whose file is fetched."""

    run: Text = attrs.field(metadata=about("Number or id of the run.", "VPR-office-000001"))


@attrs.frozen(kw_only=True)
class BankFileView:
    """The file of a run: the same text however often it is fetched, with its SHA-256."""

    run: Identifier
    name: str
    media_type: str
    sha256: str
    content: str
