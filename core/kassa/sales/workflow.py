"""States and transitions of orders, packing slips and invoices."""

from __future__ import annotations

from kassa.kernel.contributions import Transition

LIVE = ("open", "partly_delivered", "delivered", "partly_invoiced")
ORDER_STATES = ("draft", *LIVE, "invoiced", "cancelled")
ORDER_TRANSITIONS = (
    Transition(name="create", target="open", summary="The order is confirmed.", event="sales.order_created"),
    Transition(name="deliver_part", sources=LIVE, target="partly_delivered", summary="Some goods left."),
    Transition(name="deliver_all", sources=LIVE, target="delivered", summary="All goods left."),
    Transition(name="invoice_part", sources=LIVE, target="partly_invoiced", summary="Some of it is invoiced."),
    Transition(name="invoice_all", sources=LIVE, target="invoiced", summary="All of it is invoiced."),
    Transition(name="cancel_part", sources=LIVE, target=None, summary="What is open of lines is cancelled."),
    Transition(name="edit", sources=LIVE, target=None, summary="A draft of what it shall be is begun."),
    Transition(name="change", sources=LIVE, target=None, summary="Its lines or charges become others."),
    Transition(name="deposit", sources=LIVE, target=None, summary="Money comes in before its invoice."),
    Transition(name="clear_deposit", sources=LIVE, target=None, summary="Money goes back, goes to another order, or is kept."),
    Transition(
        name="cancel", sources=("draft", *LIVE), target="cancelled", summary="Nothing more will happen.", event="sales.order_cancelled"
    ),
)
PACKING_SLIP_TRANSITIONS = (
    Transition(name="post", target="posted", summary="Goods leave or come in physically.", event="sales.packing_slip_posted"),
)
INVOICE_TRANSITIONS = (Transition(name="post", target="posted", summary="The sale is booked.", event="sales.invoice_posted"),)
