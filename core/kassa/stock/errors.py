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
        code="STOCK_PICKED",
        title="Goods are picked",
        meaning="Goods of a lot were picked, and the document would leave less of the lot than that.",
        action="Put them back first, or deliver them.",
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
    ErrorCode(
        code="STOCK_RESERVATION_OVER",
        title="The reservation is over before it begins",
        meaning="The time until which goods shall be kept has passed.",
        action="Give a later time, or none.",
    ),
    ErrorCode(
        code="STOCK_LOT_UNFIT",
        title="The lot does not fit",
        meaning="It is of another product, named twice, not settled financially yet, or its cost follows that of another lot.",
        action="Use the lot that the message names, or settle it first.",
    ),
    ErrorCode(
        code="STOCK_NOT_BLOCKED",
        title="Not blocked",
        meaning="More shall be sold again than is still blocked.",
        action="Read the block to see what is left of it.",
    ),
    ErrorCode(
        code="STOCK_SAME_WAREHOUSE",
        title="The same warehouse twice",
        meaning="Goods are transferred from one warehouse to another.",
        action="Name two warehouses.",
    ),
    ErrorCode(
        code="STOCK_TRANSFER_QUANTITY",
        title="More than is left of the transfer",
        meaning="A line ships more than is left, or receives more than is on its way.",
        action="Read the transfer to see how far it has come.",
    ),
    ErrorCode(
        code="STOCK_LINE_UNKNOWN",
        title="No such line",
        meaning="The document has no such line, or it is named twice.",
        action="Name each line of the document once.",
    ),
    ErrorCode(
        code="STOCK_PERIOD_CLOSED",
        title="The stock period is closed",
        meaning="Stock of the legal entity is closed through a date, and nothing moves on that date or before.",
        action="Post on a later date.",
    ),
    ErrorCode(
        code="STOCK_PERIOD_NOT_OVER",
        title="The date is not over",
        meaning="A stock period is closed when its last date has been over for three hours.",
        action="Close an earlier date, or wait.",
    ),
    ErrorCode(
        code="STOCK_CLOSING_RUNS",
        title="A closing has not ended",
        meaning="The last closing has not settled every product yet.",
        action="Start it again, and look at the results of its job.",
    ),
    ErrorCode(
        code="STOCK_TOO_MANY_PLACES",
        title="Too much for one answer",
        meaning="More products and places were asked for than one answer holds.",
        action="Ask for fewer products, or name the places.",
    ),
    ErrorCode(
        code="STOCK_NOTHING_TO_COUNT",
        title="Nothing to count",
        meaning="A count needs products, and something that was counted before it is posted.",
        action="Name the products, or write down what was found.",
    ),
)
