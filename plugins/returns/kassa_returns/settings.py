"""Settings, number series and other vocabulary of returns."""

from __future__ import annotations

from typing import Literal

from kassa import AccountRole, NumberSeries, OrderType, ReasonPurpose, SettingDefinition
from kassa_returns.documents import TYPE

PURPOSE = "returns.reason"
SCRAP_ROLE = "returns.scrap"
LISTED = "EXISTS (SELECT 1 FROM returns_order r WHERE r.document_id = d.id AND r.state IN ('open', 'closed'))"
Levels = tuple[Literal["installation", "legal_entity", "profile", "store"], ...]
EVERYWHERE: Levels = ("installation", "legal_entity", "profile", "store")

ORDER_TYPES = (OrderType(name=TYPE, summary="Returned order: goods that come back, by an RMA number", signs="return", listed=LISTED),)
VOCABULARY = (
    ReasonPurpose(name=PURPOSE, summary="A customer returns goods"),
    AccountRole(name=SCRAP_ROLE, summary="Loss of returned goods that are scrapped or never come", type="expense", number="5150"),
    NumberSeries(name="returns.rma", summary="RMA numbers of return orders", pattern="RMA-{register}-{number}"),
    NumberSeries(name="returns.arrival", summary="Arrivals of returned goods", pattern="AR-{register}-{number}"),
    NumberSeries(name="returns.quarantine_order", summary="Quarantine orders", pattern="QO-{register}-{number}"),
)
SETTINGS = (
    SettingDefinition(
        name="returns.validity_days", summary="How many days after its creation goods of a return order may come.", type="int", default=90,
        minimum=0, maximum=3650, levels=EVERYWHERE,
    ),
    SettingDefinition(
        name="returns.unreferenced_price",
        summary="What is paid back for goods without a receipt: the present list price, or the lowest price of the last days.",
        type="choice", choices=("current", "lowest"), default="current", levels=EVERYWHERE,
    ),
    SettingDefinition(
        name="returns.lowest_price_days", summary="How many days back the lowest price is looked for.", type="int", default=30, minimum=1,
        maximum=366, levels=EVERYWHERE,
    ),
    SettingDefinition(
        name="returns.look_alike_days",
        summary="How many days back purchases are looked for that goods without a receipt may come from; 0 looks for none.",
        type="int", default=90, minimum=0, maximum=3650, levels=EVERYWHERE,
    ),
    SettingDefinition(
        name="returns.unreferenced_cap",
        summary="How much a customer may return without a receipt in a period, tax included; 0 is any amount.",
        type="decimal", places=2, default=0, minimum=0, levels=EVERYWHERE,
    ),
    SettingDefinition(
        name="returns.unreferenced_cap_days", summary="The period of that, in days through today.", type="int", default=30, minimum=1,
        maximum=3650, levels=EVERYWHERE,
    ),
)  # fmt: skip
