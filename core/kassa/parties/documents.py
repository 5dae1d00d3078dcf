"""The parties as frozen values."""

from __future__ import annotations

from typing import Literal

import attrs

Blocked = Literal["none", "invoice", "all"]
OnHold = Literal["none", "payment", "invoice", "all"]


@attrs.frozen(kw_only=True)
class Customer:
    """Who buys on a name; `invoice_account_id` is the customer who gets the invoices where it is another one.

    `blocked`: `invoice` forbids orders and invoices to it, `all` every new transaction. `tax_exempt`: it bears no tax on sales.
    """

    id: str
    legal_entity_id: str
    number: str
    name: str
    currency: str
    blocked: Blocked = "none"
    invoice_account_id: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    tax_number: str | None = None
    tax_exempt: bool = False
    vendor_id: str | None = None

    @property
    def billed_id(self) -> str:
        """The id of who gets its invoices: the customer itself where no other was named."""
        return self.invoice_account_id or self.id


@attrs.frozen(kw_only=True)
class Vendor:
    """Who is paid on a name. `on_hold`: `payment` forbids payments to it, `invoice` new invoices of it, `all` both.

    `due_days` after its date an invoice is due. A one-time vendor was made from a template for one occasion.
    """

    id: str
    legal_entity_id: str
    number: str
    name: str
    currency: str
    on_hold: OnHold = "none"
    one_time: bool = False
    due_days: int = 30
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    tax_number: str | None = None


@attrs.frozen(kw_only=True)
class BankAccount:
    """A bank account of a vendor, by its IBAN; the preferred one is paid to."""

    id: str
    party_id: str
    iban: str
    bic: str | None
    holder: str
    preferred: bool = False
    active: bool = True
