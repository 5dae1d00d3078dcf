"""Values of payments: tender types and the payment document."""

from __future__ import annotations

from typing import ClassVar

import attrs

from kassa.kernel.contributions import Definition
from kassa.kernel.plan import Document
from kassa.kernel.values import Minor


@attrs.frozen(kw_only=True)
class TenderType(Definition):
    """A way to pay. `change`: more than due may be given and the rest is handed back; `account_number`: its default account."""

    takes: bool = True
    refunds: bool = True
    change: bool = False
    account_number: str


@attrs.frozen
class SettledItem:
    """An open item that a payment settles, by a positive amount of minor units; `stored` where it is in the database already."""

    open_item_id: str
    amount: Minor
    stored: bool = False


@attrs.frozen(kw_only=True)
class Payment(Document):
    """A payment by one tender. `amount` in minor units: positive is received from the party, negative paid out to it.

    `pointer` is where the request names the tender, for what is said about it.
    """

    kind: ClassVar[str] = "payment"

    tender: str
    currency: str
    amount: Minor
    party_type: str
    party_id: str
    store_number: str = ""
    reference: str | None = None
    open_item_id: str
    settles: tuple[SettledItem, ...] = ()
    pointer: str = "/payments"
