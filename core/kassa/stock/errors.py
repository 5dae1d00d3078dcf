"""Error codes of stock."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode

CODES = (
    ErrorCode(
        code="STOCK_SHORTAGE",
        title="Not enough stock",
        meaning="More is to leave a warehouse than is available there.",
        action="Sell less, choose another warehouse, put stock in first, or allow negative stock for this store (stock.negative_stock).",
    ),
    ErrorCode(
        code="STOCK_NOT_STOCKED",
        title="Not a stocked product",
        meaning="The product is a service or its item model group keeps no stock.",
        action="Leave the line out, or give the product an item model group that keeps stock.",
    ),
    ErrorCode(
        code="STOCK_PRODUCT_UNKNOWN",
        title="Unknown product",
        meaning="No product has this number or barcode.",
        action="Look the product up (products/search), or create it.",
    ),
    ErrorCode(
        code="STOCK_PRODUCT_NOT_RELEASED",
        title="Product not released",
        meaning="A legal entity keeps stock of products that are released to it.",
        action="Release the product to the legal entity.",
    ),
    ErrorCode(
        code="STOCK_QUANTITY_ZERO",
        title="Quantity 0",
        meaning="A line of an adjustment changes nothing.",
        action="Give a quantity, or leave the line out.",
    ),
    ErrorCode(
        code="STOCK_QUANTITY_SIGN",
        title="The quantity has the wrong sign",
        meaning="Opening stock comes in and a loss goes out.",
        action="Turn the sign round, or choose the reason count or correction.",
    ),
    ErrorCode(
        code="STOCK_COST_OF_ISSUE",
        title="A cost was given for goods that leave",
        meaning="What leaves is valued at the moving average of what is there.",
        action="Leave the cost out.",
    ),
    ErrorCode(
        code="STOCK_COST_MISSING",
        title="Stock comes in at cost 0",
        meaning="Neither the line nor the product has a cost, so the goods are worth nothing in the books.",
        action="Give a unit cost, or a standard cost to the product.",
    ),
    ErrorCode(
        code="STOCK_VALUE_TOO_LARGE",
        title="The value is too large",
        meaning="Quantity times cost has more than 12 digits of minor units.",
        action="Divide the line, or correct the cost.",
    ),
)
