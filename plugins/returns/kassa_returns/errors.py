"""Error codes of returns."""

from __future__ import annotations

from kassa import ErrorCode

CODES = (
    ErrorCode(
        code="RET_POSITIVE_QTY", title="A return has negative quantities",
        meaning="A line of a return order has a quantity that is not negative.",
        action="Send the quantity with a minus. What the customer gets instead is a sale, or a replacement order.",
    ),
    ErrorCode(
        code="RET_NO_CUSTOMER_PURCHASE", title="Nothing of this document can come back",
        meaning="The invoice has no line of which anything may still be returned.",
        action="Look at its returnable lines, or name another invoice.",
    ),
    ErrorCode(
        code="RET_CODE_REQUIRED", title="A disposition code or quarantine is needed",
        meaning="Goods that come are either decided about by a disposition code or sent to quarantine: one of the two.",
        action="Give a disposition code, or set quarantine; not both.",
    ),
    ErrorCode(
        code="RET_CODE_UNKNOWN", title="There is no such code",
        meaning="The legal entity has no active disposition code or reason code of this name.",
        action="Use one of GET /returns/disposition-codes or GET /returns/reason-codes.",
    ),
    ErrorCode(
        code="RET_CODE_NOT_ALLOWED", title="This disposition is not given here",
        meaning="Goods that are credited without coming back are decided about on the return line alone, and only before anything came.",
        action="Give the code on the line of the return order, or use another one here.",
    ),
    ErrorCode(
        code="RET_CODE_FROZEN", title="The disposition was decided in quarantine",
        meaning="A code that inspection decided is not altered when the goods are registered.",
        action="Register the goods with the code that was decided.",
    ),
    ErrorCode(
        code="RET_REPLACEMENT_EXISTS", title="The return has a replacement already",
        meaning="An order that replaces the goods was made up front, so the disposition cannot make another.",
        action="Use a disposition without replacement, or cancel the replacement order first.",
    ),
    ErrorCode(
        code="RET_REPLACEMENT_ITEM_MISSING", title="It is not known what replaces the goods",
        meaning="The disposition makes a replacement order, and the line does not say which product it is for. Nothing was posted.",
        action="Give the replacement on the return line, then post again.",
    ),
    ErrorCode(
        code="RET_REPLACEMENT_LATE", title="It is too late for a replacement up front",
        meaning="Goods of the return were registered already.",
        action="Use a disposition that replaces, or make a plain order.",
    ),
    ErrorCode(
        code="RET_REPLACEMENT_CANCELLED", title="This order replaces goods of a return",
        meaning="An order that was made as a replacement is cancelled; this is a warning.",
        action="Look whether the customer still gets what was promised.",
    ),
    ErrorCode(
        code="RET_NOT_REGISTERED", title="The line is not registered",
        meaning="A packing slip takes return lines whose goods are registered.",
        action="Register the arrival first.",
    ),
    ErrorCode(
        code="RET_NO_RECEIPT", title="Nothing comes of this line",
        meaning="The line is credited without its goods, or is a service, so no packing slip is posted for it.",
        action="Invoice the order; the line is ready.",
    ),
    ErrorCode(
        code="RET_PARTIAL_SLIP", title="Only the whole line can be received",
        meaning="A packing slip takes all of a return line.",
        action="Register the part that came; that splits the line.",
    ),
    ErrorCode(
        code="RET_STATE", title="The line's state does not allow this",
        meaning="The return line is not in a state from which this is done.",
        action="Read the return order and look at the state of its lines.",
    ),
    ErrorCode(
        code="RET_CANNOT_CANCEL", title="The return cannot be cancelled or deleted",
        meaning="Only a return of which nothing came yet is cancelled or deleted.",
        action="Bring it to its end: receive, inspect and invoice what came.",
    ),
    ErrorCode(
        code="RET_LINES_LOCKED", title="No lines can be added any more",
        meaning="Goods of the return came already.",
        action="Make another return order.",
    ),
    ErrorCode(
        code="RET_QUARANTINE_WAREHOUSE_MISSING", title="It is not known where the goods wait",
        meaning="Neither the arrival nor the receiving warehouse names a quarantine warehouse.",
        action="Name one, or give the warehouse one: PATCH /warehouses.",
    ),
    ErrorCode(
        code="RET_QUARANTINE_FORCED", title="Goods of this kind go through quarantine",
        meaning="The item model group of the product sends all that is received to quarantine.",
        action="Send the goods to quarantine.",
    ),
    ErrorCode(
        code="RET_MIXED_ARRIVAL", title="An arrival takes returned goods alone",
        meaning="A line of the arrival names an order that is no return order.",
        action="Receive other goods by the packing slip of their order.",
    ),
    ErrorCode(
        code="RET_ORDER_UNKNOWN", title="There is no such return order",
        meaning="Goods are received for a return order that exists.",
        action="Look the RMA number up, or create the return order first.",
    ),
    ErrorCode(
        code="RET_QTY_EXCEEDS_EXPECTED", title="More came than is expected",
        meaning="The quantity is more than the return line has left to come.",
        action="Register what is expected, and make another return for the rest.",
    ),
    ErrorCode(
        code="RET_DEADLINE_PASSED", title="The deadline of the return has passed",
        meaning="The goods came after the last day of their return.",
        action="Have a manager approve it, or move the deadline.",
    ),
    ErrorCode(
        code="RET_WITHOUT_RECEIPT", title="Goods without a receipt need an approval",
        meaning="A line takes goods back without the invoice of their sale.",
        action="Find the purchase, or have a manager approve it.",
    ),
    ErrorCode(
        code="RET_PURCHASE_FOUND", title="The goods may come from a known purchase",
        meaning="The customer bought this product lately, and enough of it may still be returned.",
        action="Name one of the invoice lines that the issue lists, or say without_receipt on the line.",
    ),
    ErrorCode(
        code="RET_CAP_EXCEEDED", title="The customer returned too much without a receipt",
        meaning="With this return the customer passes the cap for returns without a receipt in a period.",
        action="Have a manager approve it.",
    ),
    ErrorCode(
        code="RET_IMPORT_NO_CUSTOMER", title="The cancellation names no customer",
        meaning="Goods come back from a customer who is credited; this document names none.",
        action="Add the customer to its lines and import them again, or book it by hand.",
    ),
    ErrorCode(
        code="RET_NOT_FOR_VENDOR", title="These goods do not go back to a vendor",
        meaning="Only goods that were put back on the shelf go to a vendor, each line once, of a return that is open or closed.",
        action="Look at the lines that are offered.",
    ),
    ErrorCode(
        code="RET_AGREEMENT_UNKNOWN", title="There is no such sales agreement",
        meaning="A line names an agreement that is not there, or is about another customer or product.",
        action="Name an agreement of this customer about this product, or none.",
    ),
    ErrorCode(
        code="RET_CHARGE_SHAPE", title="A charge of a code is one of three",
        meaning="A charge that a code brings is an amount, a rate or so much a piece, of a charge code that exists.",
        action="Give one of the three, and a charge code of GET /charge-codes.",
    ),
    ErrorCode(
        code="INV_LINE_NOT_RECEIVED", title="The return line is not received",
        meaning="A return line is invoiced once its packing slip is posted; by hand also when it is registered.",
        action="Register the goods and post the packing slip.",
    ),
)  # fmt: skip
