"""The vocabulary of orders: their types, charge codes, the treatment that separates money from goods, taxes and counters of lines."""

from __future__ import annotations

from typing import Literal

import attrs

from kassa.kernel.contributions import Definition
from kassa.kernel.values import Micro, Minor, Thousandths

Money = Literal["full", "none"]
Goods = Literal["issue", "receive", "receive_and_issue", "none"]
CostSource = Literal["source_lot", "manual", "current"]


@attrs.frozen(kw_only=True)
class OrderType(Definition):
    """A type of order: which signs its lines may have, and when it stands in the list of all sales orders.

    `listed` is a condition in SQL on the order's row `d` of `kernel_document`; without one every order of the type stands there. What
    does not stand there is not invoiced by a run either.
    """

    signs: Literal["sale", "return", "both"] = "both"
    listed: str | None = None


@attrs.frozen(kw_only=True)
class ChargeCode(Definition):
    """Money on an order that is not the price of a product: what it is called, where it is booked and how it is taxed.

    Its income is booked to the account that plays `account_role` for this code, else to the one that plays it for all. A
    legal entity may keep a code of the same name as a record of its own, which then goes before the contributed one.
    """

    tax_group: str = ""
    account_role: str = "charge_income"
    is_shipping: bool = False
    is_refundable: bool = True
    active: bool = True


SALE_ROLE = "cost_of_goods_sold"


@attrs.frozen
class Treatment:
    """What posting a line does: to money, to goods, at which cost, against which account role.

    Goods that leave or come back are booked against the offset role. Goods that come back and are lost at once, or that are
    credited and never come, are booked back against the cost of goods sold, and lost to the offset role; where that is the cost
    of goods sold itself, nothing is lost and nothing is booked.
    """

    money: Money = "full"
    goods: Goods = "none"
    cost_source: CostSource = "current"
    offset_role: str = SALE_ROLE


ISSUE = Treatment(goods="issue")
RECEIVE = Treatment(goods="receive")
RECEIVE_AT_SOURCE = Treatment(goods="receive", cost_source="source_lot")
RECEIVE_AT_GIVEN_COST = Treatment(goods="receive", cost_source="manual")
SERVICE = Treatment(goods="none")


@attrs.frozen
class LineTax:
    """The tax of a line by one tax code: rate in millionths, amount in minor units, signed like the line."""

    code: str
    rate: Micro
    amount: Minor


@attrs.frozen
class LineCounters:
    """How far a line has come; quantities in thousandths without sign, costs signed like the line.

    `return_claimed` is about to be taken back by lines of other orders, `credited` was.
    """

    delivered: Thousandths = 0
    invoiced: Thousandths = 0
    cancelled: Thousandths = 0
    delivered_cost: Minor = 0
    invoiced_cost: Minor = 0
    physical_cost: Minor = 0
    return_claimed: Thousandths = 0
    credited: Thousandths = 0


NOTHING_YET = LineCounters()
