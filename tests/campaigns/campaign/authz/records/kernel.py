"""Records of the kernel: events and their deliveries, jobs, approvals."""

from __future__ import annotations

import attrs

from campaign.authz.records import Found, Side, records, shared
from kassa.kernel.errors import KassaError
from kassa.kernel.events.feed import publish

shared("name", "a setting is declared by its owner; whose values are given is checked beside it")
shared("permission", "permissions are declared by their owners, and limits are those of roles in the installation")
shared("schedule", "schedules belong to the installation and are known by names that their owners declare")


@records
def happened(side: Side) -> Found:
    """A webhook that was tried, and the event and the delivery of that; a job."""
    shop = side.shop
    shop.perform("settings.change", {"name": "webhooks.private_targets", "level": "installation", "value": "true"})
    webhook = shop.perform("webhooks.create", {"name": "Own", "url": "http://127.0.0.1:9/hook", "types": ["sales.*"]})["id"]
    shop.perform("webhooks.ping", {"webhook": webhook})
    while publish(shop.engine):
        pass
    (delivery,) = shop.perform("webhooks.deliveries", {"webhook": webhook})["items"]
    job = shop.perform("sales.start_invoice_run", {"store": shop.store})["id"]
    return {"webhook": webhook, "delivery": delivery["id"], "event": delivery["event"], "job": job}


@records
def asked(side: Side) -> Found:
    """What a cashier asked to be allowed: a price of their own; who countersigns stands beside the one who asked."""
    shop = side.shop
    cashier = attrs.evolve(shop.actor("cashier"), id=side.asker_id, key_id=side.asker_id)
    line = {"product": side.product(), "quantity": "1", "unit_price": "1.00"}
    try:
        shop.perform("sales.sell", {"store": shop.store, "lines": [line], "payments": [{"tender": "cash", "amount": "1.21"}]}, actor=cashier)
    except KassaError as error:
        return {"token": str(error.members()["approval"]["token"])}
    raise AssertionError("a cashier may set prices now; ask for another approval here")
