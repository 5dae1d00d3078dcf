"""Records of sales: an order, an invoice, a draft, and the code of a charge."""

from __future__ import annotations

from campaign.authz.records import Found, Side, records, shared

shared("charge", "a charge is a number within its order, which stands before it in the path")


@records
def sales(side: Side) -> Found:
    """An order of which one piece is invoiced, an edit of it, and a cart of the same goods."""
    shop, product = side.shop, side.product("10")
    charges = [{"code": "freight", "amount": "5.00"}]
    order = shop.order({"product": product, "quantity": "3"}, customer="C0001", charges=charges)
    (invoice,) = shop.invoice(order["number"], quantities={1: "1"}, quantity_basis="all")
    cart = {"store": shop.store, "lines": [{"product": product, "quantity": "1"}]}
    edit = shop.perform("sales.start_edit", {"order": order["number"]})["id"]
    return {
        "sales.read_draft_difference.draft": edit, "order": order["id"], "invoice": invoice["id"], "draft": shop.perform("sales.create_draft", cart)["id"],
        "charge_code": shop.perform("sales.create_charge_code", {"code": "gift_wrap", "name": "Gift"})["id"],
    }  # fmt: skip
