"""Records of payments: one that was taken, a refund that waits for its run, and what was asked of a processor."""

from __future__ import annotations

from campaign.authz.records import Found, Side, records


@records
def money(side: Side) -> Found:
    """A customer who paid too much, and a sale by card."""
    shop = side.shop
    customer = shop.add_customer(side.name("P"))
    payment = shop.pay(customer, "50.00")["id"]
    refund = shop.perform("payments.refund", {"customer": customer, "tender": "check", "store": shop.store})["refund"]
    shop.set_setting("payments.processor", "on")
    line = {"product": side.product(), "quantity": "1"}
    card = {"tender": "card_online", "amount": "12.10", "token": "sandbox"}
    sale = shop.perform("sales.sell", {"store": shop.store, "lines": [line], "payments": [card]})
    (intent, *_) = shop.perform("payments.list_intents", {"payment": sale["payments"][0]["number"]})["items"]
    return {"payment": payment, "refund": refund, "intent": intent["id"]}
