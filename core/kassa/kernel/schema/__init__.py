"""One definition, three shapes: an attrs class is the truth of a message, the rest is made from it.

`structure` builds an instance from JSON data and reports every mistake at once, `unstructure` writes an instance as JSON
data, `schema_for` makes the marshmallow schema that documents both, for apispec with `MessagePlugin`. What a field may be:
the aliases below, `str`, `bool`, `int`, `Literal`, an enumeration of texts, another attrs class, `tuple[X, ...]`,
`Mapping[str, X]`, and `X | None`.

    @attrs.frozen(kw_only=True)
    class SellLine:
        \"\"\"A line of a sale.\"\"\"

        product: Code = attrs.field(metadata={"description": "Number of the product.", "examples": ["85123A"]})
        quantity: Quantity
        unit_price: UnitPrice | None = None
"""

from kassa.kernel.schema.json_text import encode, json_fingerprint, loads
from kassa.kernel.schema.markers import (
    Amount,
    Code,
    Confidential,
    CurrencyCode,
    Date,
    DecimalText,
    Form,
    Identifier,
    Instant,
    Items,
    JsonObject,
    JsonValue,
    Length,
    LongText,
    Multiline,
    OneOf,
    Pattern,
    Quantity,
    Range,
    Rate,
    Scaled,
    Secret,
    Text,
    UnitPrice,
)
from kassa.kernel.schema.marshmallow_schema import schema_for
from kassa.kernel.schema.openapi import MessagePlugin
from kassa.kernel.schema.query import from_query
from kassa.kernel.schema.structuring import structure
from kassa.kernel.schema.unstructuring import unstructure

__all__ = [
    "Amount",
    "Code",
    "Confidential",
    "CurrencyCode",
    "Date",
    "DecimalText",
    "Form",
    "Identifier",
    "Instant",
    "Items",
    "JsonObject",
    "JsonValue",
    "Length",
    "LongText",
    "MessagePlugin",
    "Multiline",
    "OneOf",
    "Pattern",
    "Quantity",
    "Range",
    "Rate",
    "Scaled",
    "Secret",
    "Text",
    "UnitPrice",
    "encode",
    "from_query",
    "json_fingerprint",
    "loads",
    "schema_for",
    "structure",
    "unstructure",
]
