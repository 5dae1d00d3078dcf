"""A further type of order: goods given away to try, which never come back."""

from kassa import OrderType, hookimpl


@hookimpl
def register_documents():
    return [OrderType(name="bell.samples", summary="Goods given away to try", signs="sale")]
