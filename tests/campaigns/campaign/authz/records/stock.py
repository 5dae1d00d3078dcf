"""Records of stock: one document of each kind."""

from __future__ import annotations

from campaign.authz.records import Found, Side, records


@records
def documents(side: Side) -> Found:
    """Documents about ten pieces of one product."""
    shop, product = side.shop, side.product("10")
    do, lines = shop.perform, [{"product": product, "quantity": "1"}]
    carried = {"from_warehouse": shop.warehouse, "to_warehouse": side.second, "store": shop.store, "lines": lines}
    lot = do("stock.list_movements", {"product": product})["items"][0]["lot"]
    cost = do("stock.adjust_cost", {"lot": lot, "amount": "1.00", "reason": "Freight", "store": shop.store})["id"]
    return {
        "stock.read_cost_adjustment.adjustment": cost,
        "stock_cost_adjustment.adjustment": cost,
        "adjustment": shop.adjust({product: "-1"}, reason="loss")["id"],
        "count": do("stock.begin_count", {"store": shop.store, "products": [product]})["id"],
        "block": do("stock.block", {"store": shop.store, "reason": "damaged", "lines": lines})["id"],
        "reservation": do("stock.reserve", {"store": shop.store, "lines": lines})["id"],
        "transfer": do("stock.create_transfer", carried)["id"],
    }
