"""Values of payables: vendor invoices, payments and their runs, transfers of balances, and what a bank file is made from."""

from __future__ import annotations

from typing import ClassVar, Literal, Protocol

import attrs

from kassa.kernel.plan import Document
from kassa.kernel.values import Minor
from kassa.ledger.documents import DimensionSet, Pair

VENDOR = "vendor"
Method = Literal["file", "manual"]


@attrs.frozen(kw_only=True)
class VendorInvoiceLine:
    """A line of a vendor invoice: what it debits (positive) on an account, minor units of the invoice's currency."""

    number: int
    account_id: str
    account_number: str
    amount: Minor
    dimensions: DimensionSet
    text: str | None = None


@attrs.frozen(kw_only=True)
class VendorInvoice(Document):
    """What a vendor asks for; a credit note where the total is negative. Positive is owed by the legal entity, minor units.

    `invoice_number` is the vendor's own. Its open item stands on the vendor with the total turned round: credit is negative.
    """

    kind: ClassVar[str] = "vendor_invoice"

    party_type: str = VENDOR
    party_id: str
    party_number: str = ""
    currency: str
    invoice_number: str | None = None
    description: str | None = None
    due_date: str
    total: Minor
    open_item_id: str
    dimensions: tuple[tuple[str, str], ...] = ()
    lines: tuple[VendorInvoiceLine, ...]


@attrs.frozen(kw_only=True)
class VendorPayment(Document):
    """Money paid to a vendor from a bank account: `amount` above 0, minor units of its currency.

    `pairs` are settled by it, its own open item (a debit) among them. `iban` is where the money goes, of a payment by file.
    """

    kind: ClassVar[str] = "vendor_payment"

    party_type: str = VENDOR
    party_id: str
    party_number: str = ""
    run_id: str | None = None
    bank_account_id: str
    bank_account_code: str
    method: Method
    currency: str
    amount: Minor
    iban: str | None = None
    bic: str | None = None
    holder: str | None = None
    reference: str
    open_item_id: str
    pairs: tuple[Pair, ...] = ()


@attrs.frozen(kw_only=True)
class PaymentRun(Document):
    """Payments that go to the bank together, in one file: the intent to send them, committed with what they book."""

    kind: ClassVar[str] = "vendor_payment_run"

    bank_account_id: str
    currency: str
    execution_date: str
    payments: int
    total: Minor


@attrs.frozen(kw_only=True)
class BalanceTransfer(Document):
    """What a customer is owed becomes what a vendor is owed: `amount` above 0, minor units of the currency.

    `pairs` settle the customer's items, `customer_item_id` (a debit) among them; `vendor_item_id` is paid like an invoice.
    """

    kind: ClassVar[str] = "balance_transfer"

    customer_id: str
    vendor_id: str
    currency: str
    amount: Minor
    description: str
    due_date: str
    customer_item_id: str
    vendor_item_id: str
    item_dimensions: DimensionSet
    pairs: tuple[Pair, ...]


@attrs.frozen(kw_only=True)
class BankPayment:
    """One payment of a bank file; `id` is the same whenever the file is made, so a bank can tell that it has it already."""

    id: str
    amount: Minor
    holder: str
    iban: str
    bic: str | None
    reference: str


@attrs.frozen(kw_only=True)
class BankBatch:
    """What a bank file is made from: who pays, from which account, on which date, what. `created_at` in microseconds, UTC."""

    id: str
    number: str
    created_at: int
    execution_date: str
    debtor: str
    iban: str
    bic: str | None
    currency: str
    payments: tuple[BankPayment, ...]


@attrs.frozen(kw_only=True)
class BankFile:
    """A file for the bank: its name, its media type, its text."""

    name: str
    media_type: str
    content: str


class BankFileProvider(Protocol):
    """The port `payables.bank_file`: writes payments in the format of a bank. The same batch gives the same file."""

    def render(self, batch: BankBatch) -> BankFile:
        """Write the file of a batch."""
        ...
