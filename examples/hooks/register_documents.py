"""A further type of order, goods given away to try, which never come back; and whom to ask about them, on any order."""

import attrs

from kassa import Extension, OrderType, SalesOrder, hookimpl


@attrs.frozen(kw_only=True)
class Contact:
    """Whom to ask about an order."""

    name: str
    telephone: str | None = None


@hookimpl
def register_documents():
    return [
        OrderType(name="bell.samples", summary="Goods given away to try", signs="sale"),
        Extension(name="bell.contact", summary="Whom to ask about an order", of=SalesOrder, value=Contact),
    ]
