"""The parties as frozen values."""

from __future__ import annotations

from typing import Literal

import attrs

Blocked = Literal["none", "invoice", "all"]


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
