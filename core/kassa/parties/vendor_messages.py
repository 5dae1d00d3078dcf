"""Requests and views of vendors, their bank accounts and addresses."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import CurrencyCode, Identifier, Length, Pattern, Range, Text
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import Address, Number, Reference
from kassa.parties.documents import OnHold
from kassa.parties.messages import AddressKind, Email, Language, Phone, TaxNumber

Iban: TypeAlias = Annotated[str, Length(5, 42)]
Bic: TypeAlias = Annotated[str, Length(8, 11), Pattern(r"[A-Z0-9]+", "capitals and digits")]
DueDays: TypeAlias = Annotated[int, Range(0, 3650)]


@attrs.frozen(kw_only=True)
class CreateVendor:
    """Somebody who is paid on a name."""

    number: Number | None = attrs.field(
        default=None, metadata=about("Unique within the legal entity, never changed; left out, one is made up.", "V-2001")
    )
    name: Text = attrs.field(metadata=about("Name.", "Keramiek BV"))
    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("That of the legal entity where left out; never changed."))
    due_days: DueDays = attrs.field(default=30, metadata=about("Days after its date on which an invoice is due."))
    email: Email | None = attrs.field(default=None, metadata=about("E-mail address."))
    phone: Phone | None = None
    language: Language | None = attrs.field(default=None, metadata=about("Language of what is sent.", "nl"))
    tax_number: TaxNumber | None = attrs.field(default=None, metadata=about("Number under which it pays tax on sales."))


@attrs.frozen(kw_only=True)
class CreateOneTimeVendor:
    """A vendor for one occasion, made from a template: of a customer who is to be paid, or of a name."""

    template: Reference | None = attrs.field(
        default=None,
        metadata=about("Number or id of the vendor to copy; that of the setting parties.one_time_vendor_template if left out."),
    )
    customer: Reference | None = attrs.field(
        default=None, metadata=about("Whose name and invoice address it gets, and who keeps it as vendor account.", "C-1001")
    )
    name: Text | None = attrs.field(default=None, metadata=about("Name; that of the customer if left out."))


@attrs.frozen(kw_only=True)
class ReadVendor:
    """Names a vendor."""

    vendor: Reference = attrs.field(metadata=about("Number or id.", "V-2001"))


@attrs.frozen(kw_only=True)
class ChangeVendor(ReadVendor):
    """What shall be different at a vendor; what is left out stays, null takes a value away."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    due_days: DueDays = attrs.field(factory=left_out, metadata=about("Days after its date on which an invoice is due."))
    email: Email | None = attrs.field(factory=left_out, metadata=about("E-mail address."))
    phone: Phone | None = attrs.field(factory=left_out, metadata=about("Telephone number."))
    language: Language | None = attrs.field(factory=left_out, metadata=about("Language of what is sent."))
    tax_number: TaxNumber | None = attrs.field(factory=left_out, metadata=about("Number under which it pays tax on sales."))
    on_hold: OnHold = attrs.field(
        factory=left_out, metadata=about("What is held: payments, invoices, all, or nothing; needs parties.hold.")
    )


@attrs.frozen(kw_only=True)
class VendorView:
    """A vendor."""

    id: Identifier
    legal_entity_id: Identifier
    number: str
    name: str
    currency: str
    on_hold: OnHold
    one_time: bool
    due_days: int
    email: str | None
    phone: str | None
    language: str | None
    tax_number: str | None
    version: int


@attrs.frozen(kw_only=True)
class ListVendors(PageRequest):
    """Asks for the vendors of the legal entity."""

    on_hold: OnHold | None = attrs.field(default=None, metadata=about("Only those that are held in this way, or not at all."))
    one_time: bool | None = attrs.field(default=None, metadata=about("Only one-time vendors, or only the others."))


@attrs.frozen(kw_only=True)
class AddBankAccount(ReadVendor):
    """A further bank account of a vendor."""

    iban: Iban = attrs.field(metadata=about("With or without blanks; its check digits are verified.", "NL91 ABNA 0417 1643 00"))
    bic: Bic | None = attrs.field(default=None, metadata=about("Code of the bank, where its country needs one.", "ABNANL2A"))
    holder: Text | None = attrs.field(default=None, metadata=about("On whose name it runs; that of the vendor if left out."))
    preferred: bool = attrs.field(default=False, metadata=about("Whether to pay to this one from now on; the first is."))


@attrs.frozen(kw_only=True)
class ChangeBankAccount(ReadVendor):
    """What shall be different at a bank account; what is left out stays."""

    bank_account_id: Identifier
    preferred: Literal[True] = attrs.field(factory=left_out, metadata=about("Pay to this one from now on."))
    active: bool = attrs.field(factory=left_out, metadata=about("Whether it can still be paid to."))


@attrs.frozen(kw_only=True)
class BankAccountView:
    """A bank account of a vendor."""

    id: Identifier
    vendor_id: Identifier
    iban: str
    bic: str | None
    holder: str
    preferred: bool
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class ListBankAccounts(PageRequest):
    """Asks for the bank accounts of a vendor."""

    vendor: Reference = attrs.field(metadata=about("Number or id.", "V-2001"))


@attrs.frozen(kw_only=True)
class AddVendorAddress(ReadVendor):
    """A further address of a vendor."""

    kind: AddressKind = attrs.field(default="invoice", metadata=about("For invoices, or for deliveries."))
    name: Text | None = attrs.field(default=None, metadata=about("Who is there, where it is not the vendor."))
    address: Address
    preferred: bool = attrs.field(default=False, metadata=about("Whether to take it where none is chosen; the first of a kind is."))


@attrs.frozen(kw_only=True)
class VendorAddressView:
    """An address of a vendor."""

    id: Identifier
    vendor_id: Identifier
    kind: AddressKind
    name: str | None
    address: Address
    preferred: bool
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class ListVendorAddresses(PageRequest):
    """Asks for the addresses of a vendor."""

    vendor: Reference = attrs.field(metadata=about("Number or id.", "V-2001"))
