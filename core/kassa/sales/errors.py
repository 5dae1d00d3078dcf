"""Error codes of sales."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode

CODES = (
    ErrorCode(
        code="SALES_PRODUCT_UNKNOWN",
        title="Unknown product",
        meaning="No product has this number or barcode.",
        action="Look the product up (products/search), or create it.",
    ),
    ErrorCode(
        code="SALES_PRODUCT_NOT_RELEASED",
        title="Product not released",
        meaning="The product is not released to this legal entity, or is blocked in it.",
        action="Release the product to the legal entity, or sell another.",
    ),
    ErrorCode(
        code="SALES_QUANTITY_ZERO",
        title="Quantity 0",
        meaning="A line has no quantity.",
        action="Give a quantity, or leave the line out.",
    ),
    ErrorCode(
        code="SALES_QUANTITY_SIGN",
        title="Wrong sign of a quantity",
        meaning="The type of the order takes quantities of the other sign only.",
        action="Change the sign, or use another type of order.",
    ),
    ErrorCode(
        code="SALES_QUANTITY_EXCEEDS_OPEN",
        title="More than is open",
        meaning="More is asked than the order line has left.",
        action="Ask for at most what is left.",
    ),
    ErrorCode(
        code="SALES_NAMED_TWICE",
        title="Named twice",
        meaning="The same order, or the same line of an order, stands twice in one request.",
        action="Name it once.",
    ),
    ErrorCode(
        code="SALES_PRICE_MISSING",
        title="No price",
        meaning="No price list gives a price for this product, store, currency and date.",
        action="Add a price to a price list.",
    ),
    ErrorCode(
        code="SALES_PRICE_OVERRIDE",
        title="Price set by hand",
        meaning="Setting a price needs the permission sales.override_price.",
        action="Leave the price out, or have somebody approve it.",
        status=409,
    ),
    ErrorCode(
        code="SALES_DISCOUNT_SIGN",
        title="Wrong sign of a discount",
        meaning="A discount has the sign of its line.",
        action="Give the discount the sign of the quantity.",
    ),
    ErrorCode(
        code="SALES_DISCOUNT_TOO_LARGE",
        title="Discount too large",
        meaning="The discount is larger than the price of the line.",
        action="Give a smaller discount.",
    ),
    ErrorCode(
        code="SALES_CURRENCY",
        title="Wrong currency",
        meaning="The order is in another currency than the books, and there is no exchange rate for it on that date.",
        action="Use the currency of the books, or enter the rate (ledger.enter_exchange_rate).",
    ),
    ErrorCode(
        code="SALES_CHARGE_UNKNOWN",
        title="Unknown charge code",
        meaning="No charge code has this name.",
        action="Use one of the codes that are declared.",
    ),
    ErrorCode(
        code="SALES_TOTAL_TOO_LARGE",
        title="Total too large",
        meaning="A total has at most 12 digits of minor units.",
        action="Divide the order.",
    ),
    ErrorCode(
        code="SALES_STORE_CLOSED",
        title="Store closed",
        meaning="The store does not sell any more.",
        action="Sell in another store, or open this one again.",
    ),
    ErrorCode(
        code="SALES_LINE_UNKNOWN",
        title="Unknown line",
        meaning="The order has no line of this number.",
        action="Look at the order and use one of its line numbers.",
    ),
    ErrorCode(
        code="SALES_CUSTOMER_UNKNOWN",
        title="Unknown customer",
        meaning="No customer of this legal entity has this number.",
        action="Look the customer up, or create it.",
    ),
    ErrorCode(
        code="SALES_CUSTOMER_BLOCKED",
        title="Customer blocked",
        meaning="The customer may not buy.",
        action="Have the customer unblocked, or sell without the customer's account.",
    ),
    ErrorCode(
        code="SALES_TENDER_UNBALANCED",
        title="Payments do not add up",
        meaning="The payments of a sale must equal its total; only tenders that give change may exceed it.",
        action="Correct the amounts of the payments.",
    ),
    ErrorCode(
        code="SALES_TENDER_SIGN",
        title="Payment in the wrong direction",
        meaning="Money is taken for a total above 0 and paid out for a total below 0; a payment goes the other way.",
        action="Give every payment the sign of the total.",
    ),
    ErrorCode(
        code="SALES_AMOUNT_PLACES",
        title="Too many decimals",
        meaning="An amount has more decimals than its currency.",
        action="Round the amount to the currency's minor unit.",
    ),
    ErrorCode(
        code="INV_QUANTITY_NOT_DELIVERED",
        title="Not delivered yet",
        meaning="More is to be invoiced than was delivered.",
        action="Post the packing slip first, or invoice less.",
    ),
    ErrorCode(
        code="INV_NOTHING_TO_POST",
        title="Nothing to invoice",
        meaning="The order has nothing that could be invoiced.",
        action="Deliver first, or look at the order's state.",
    ),
    ErrorCode(
        code="INV_PARTY_MIXED",
        title="Orders of several customers",
        meaning="One invoice has one customer.",
        action="Invoice the orders of each customer by themselves.",
    ),
)
