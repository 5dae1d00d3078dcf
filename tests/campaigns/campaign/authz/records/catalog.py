"""Records of the catalogue, of which the goods themselves are everybody's."""

from __future__ import annotations

from campaign.authz.records import Found, Side, records, shared

shared("product", "products belong to the installation; a legal entity releases them and has prices, stock and documents of its own")
shared("barcode", "a barcode belongs to its product")
shared("category", "categories are those of products")


@records
def reference(side: Side) -> Found:
    """A price list, a discount, a group of goods that are kept alike, and a tax group, which is known by its code alone."""
    do, code = side.shop.perform, side.name("X")
    do("catalog.set_tax_group", {"tax_group": code, "codes": ["VAT21"]})
    return {
        "price_list": do("catalog.create_price_list", {"code": code, "name": "Prices"})["id"],
        "discount": do("catalog.create_discount", {"code": code, "name": "Discount", "rate": "0.1", "from_date": "2030-01-01"})["id"],
        "item_model_group": do("catalog.create_item_model_group", {"code": code, "costing": "moving_average"})["id"],
    }


shared("tax_group", "its code means the group of the legal entity of the request, which is made where it is not there")
