"""A further type of order: goods given away to try, which never come back."""

from kassa.kernel.plugins import hookimpl
from kassa.sales.documents import OrderType


@hookimpl
def register_documents():
    return [OrderType(name="bell.samples", summary="Goods given away to try", signs="sale")]
