"""Requests and views of customers and their addresses."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import CurrencyCode, Identifier, Items, Length, Pattern, Text
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import Address, Number, Reference
from kassa.parties.documents import Blocked

Email: TypeAlias = Annotated[str, Length(3, 254), Pattern(r"[^\s@]+@[^\s@]+", "an address such as ada@example.com")]
Phone: TypeAlias = Annotated[str, Length(1, 40)]
Language: TypeAlias = Annotated[str, Length(2, 35), Pattern(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language tag such as nl or nl-BE")]
TaxNumber: TypeAlias = Annotated[str, Length(1, 30)]
AddressKind = Literal["invoice", "delivery"]
LOADED_AT_MOST = 5000


@attrs.frozen(kw_only=True)
class CreateCustomer:
    """Somebody who buys on a name."""

    number: Number | None = attrs.field(
        default=None, metadata=about("Unique within the legal entity, never changed; left out, one is made up.", "C-1001")
    )
    name: Text = attrs.field(metadata=about("Name.", "Ada Jansen"))
    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("That of the legal entity where left out; never changed."))
    invoice_account: Reference | None = attrs.field(default=None, metadata=about("Number or id of the customer who gets the invoices."))
    email: Email | None = attrs.field(default=None, metadata=about("E-mail address.", "ada@example.com"))
    phone: Phone | None = None
    language: Language | None = attrs.field(default=None, metadata=about("Language of what is sent.", "nl"))
    tax_number: TaxNumber | None = attrs.field(default=None, metadata=about("Number under which it pays tax on sales."))
    tax_exempt: bool = attrs.field(default=False, metadata=about("Whether it bears no tax on sales; needs parties.exempt."))
    vendor_account: Reference | None = attrs.field(default=None, metadata=about("Number or id of the vendor that the customer is as well."))


@attrs.frozen(kw_only=True)
class ReadCustomer:
    """Names a customer."""

    customer: Reference = attrs.field(metadata=about("Number or id.", "C-1001"))


@attrs.frozen(kw_only=True)
class ChangeCustomer(ReadCustomer):
    """What shall be different at a customer; what is left out stays, null takes a value away."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    email: Email | None = attrs.field(factory=left_out, metadata=about("E-mail address."))
    phone: Phone | None = attrs.field(factory=left_out, metadata=about("Telephone number."))
    language: Language | None = attrs.field(factory=left_out, metadata=about("Language of what is sent."))
    tax_number: TaxNumber | None = attrs.field(factory=left_out, metadata=about("Number under which it pays tax on sales."))
    tax_exempt: bool = attrs.field(factory=left_out, metadata=about("Whether it bears no tax on sales; needs parties.exempt."))
    blocked: Blocked = attrs.field(
        factory=left_out, metadata=about("Whether it may still be invoiced, or have any transaction; needs parties.block.")
    )
    invoice_account: Reference | None = attrs.field(
        factory=left_out, metadata=about("Number or id of the customer who gets the invoices; needs parties.block.")
    )
    vendor_account: Reference | None = attrs.field(
        factory=left_out, metadata=about("Number or id of the vendor that the customer is as well; needs parties.change_vendor.")
    )


@attrs.frozen(kw_only=True)
class CustomerView:
    """A customer."""

    id: Identifier
    legal_entity_id: Identifier
    number: str
    name: str
    currency: str
    blocked: Blocked
    invoice_account_id: Identifier | None
    vendor_id: Identifier | None
    email: str | None
    phone: str | None
    language: str | None
    tax_number: str | None
    tax_exempt: bool
    version: int


@attrs.frozen(kw_only=True)
class ListCustomers(PageRequest):
    """Asks for the customers of the legal entity."""

    email: Email | None = attrs.field(default=None, metadata=about("Only those with this e-mail address."))
    blocked: Blocked | None = attrs.field(default=None, metadata=about("Only those blocked in this way, or not at all."))


@attrs.frozen(kw_only=True)
class AddAddress(ReadCustomer):
    """A further address of a customer."""

    kind: AddressKind = attrs.field(default="delivery", metadata=about("For invoices, or for deliveries."))
    name: Text | None = attrs.field(default=None, metadata=about("Who is there, where it is not the customer."))
    address: Address
    preferred: bool = attrs.field(default=False, metadata=about("Whether to take it where none is chosen; the first of a kind is."))


@attrs.frozen(kw_only=True)
class ChangeAddress(ReadCustomer):
    """What shall be different at an address; what is left out stays."""

    address_id: Identifier
    name: Text | None = attrs.field(factory=left_out, metadata=about("Who is there, where it is not the customer."))
    address: Address = attrs.field(factory=left_out, metadata=about("The whole address."))
    preferred: Literal[True] = attrs.field(factory=left_out, metadata=about("Take this one where none is chosen."))
    active: bool = attrs.field(factory=left_out, metadata=about("Whether it can still be chosen."))


@attrs.frozen(kw_only=True)
class AddressView:
    """An address of a customer."""

    id: Identifier
    customer_id: Identifier
    kind: AddressKind
    name: str | None
    address: Address
    preferred: bool
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class ListAddresses(PageRequest):
    """Asks for the addresses of a customer."""

    customer: Reference = attrs.field(metadata=about("Number or id.", "C-1001"))


@attrs.frozen(kw_only=True)
class LoadedCustomer:
    """A customer to create or, where its number is known, to bring up to date; what is left out stays."""

    number: Number = attrs.field(metadata=about("Case sensitive.", "C-1001"))
    name: Text | None = attrs.field(default=None, metadata=about("Needed for a new customer.", "Ada Jansen"))
    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("That of the legal entity where left out; never changed."))
    email: Email | None = None
    phone: Phone | None = None
    language: Language | None = None
    tax_number: TaxNumber | None = None


@attrs.frozen(kw_only=True)
class LoadCustomers:
    """Creates or brings up to date many customers at once."""

    customers: Annotated[tuple[LoadedCustomer, ...], Items(1, LOADED_AT_MOST)]


@attrs.frozen(kw_only=True)
class LoadedCustomersView:
    """What a load did, in numbers."""

    created: int
    changed: int
    unchanged: int
