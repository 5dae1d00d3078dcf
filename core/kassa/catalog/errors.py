"""Error codes of the catalogue."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode

CODES = (
    ErrorCode(
        code="CATALOG_NO_TAX_RATE",
        title="There is no rate of tax for that day",
        meaning="A product's tax group has a tax code without a rate on the day in question, or no tax code at all.",
        action="Enter the rate with POST /tax-codes; for goods that bear no tax a rate of 0, or no tax group.",
    ),
    ErrorCode(
        code="CATALOG_BARCODE_CHECK_DIGIT",
        title="The check digit of the barcode is wrong",
        meaning="The code has the digits of a GTIN, but its last digit does not fit the others.",
        action='Correct the digits; if the code is one of your own, send it with the kind "internal".',
    ),
    ErrorCode(
        code="CATALOG_BARCODE_TAKEN",
        title="The barcode belongs to another product",
        meaning="A barcode finds one product only.",
        action="Remove it from the other product first.",
        status=409,
    ),
    ErrorCode(
        code="CATALOG_ITEM_MODEL_GROUP",
        title="The item model group does not fit",
        meaning="Goods need an item model group that holds in the legal entity; it says how their stock is kept and costed.",
        action="Name one of GET /item-model-groups, or create it.",
    ),
    ErrorCode(
        code="CATALOG_TAX_GROUP_UNKNOWN",
        title="There is no such tax group",
        meaning="The legal entity has no tax group of this name.",
        action="Make it up with PUT /tax-groups/{tax_group}, or name another.",
    ),
    ErrorCode(
        code="CATALOG_TAX_CODE_UNKNOWN",
        title="There is no such tax code",
        meaning="The legal entity has no tax code of this name.",
        action="Enter its rate with POST /tax-codes first.",
    ),
    ErrorCode(
        code="CATALOG_CATEGORY_UNKNOWN",
        title="There is no such category",
        meaning="No category has this code.",
        action="Create it with POST /categories, or name another.",
    ),
    ErrorCode(
        code="CATALOG_CATEGORY_CIRCLE",
        title="A category cannot stand below itself",
        meaning="The category above would be the category itself or one below it.",
        action="Name another category above.",
    ),
    ErrorCode(
        code="CATALOG_PRODUCT_UNKNOWN",
        title="There is no such product",
        meaning="No product has this number, barcode or id.",
        action="Correct the reference, or create the product.",
    ),
    ErrorCode(
        code="CATALOG_KIND_FIXED",
        title="The kind of a product never changes",
        meaning="Goods and services are posted differently, so a product stays what it is.",
        action="Create another product, and block this one.",
    ),
    ErrorCode(
        code="CATALOG_NAME_NEEDED",
        title="A new product needs a name",
        meaning="The number is not known yet, so a product would be created, and it has no name.",
        action="Send its name, or correct the number.",
    ),
    ErrorCode(
        code="CATALOG_LISTED_TWICE",
        title="The same thing stands twice in the request",
        meaning="Of two entries for one product, barcode or first day nobody could tell which one counts.",
        action="Send each of them once.",
    ),
    ErrorCode(
        code="CATALOG_PRICE_LIST_NEEDED",
        title="Prices need a price list",
        meaning="The request gives prices and does not say for which list.",
        action="Name the price list, or leave the prices out.",
    ),
    ErrorCode(
        code="CATALOG_DATES_CROSS",
        title="The last day is before the first",
        meaning="Prices and rates count from their first to their last day, both included.",
        action="Correct one of the two days.",
    ),
    ErrorCode(
        code="CATALOG_ALREADY_RELEASED",
        title="The product is released already",
        meaning="The legal entity has this product.",
        action="Change the release with PATCH /products/{product}/release.",
        status=409,
    ),
    ErrorCode(
        code="CATALOG_ALL_ENTITIES",
        title="Only who may act everywhere changes what holds everywhere",
        meaning="The item model group would hold in all legal entities, and the caller may not act in all of them.",
        action="Create it for your legal entity alone, or let somebody do it who may act in all.",
    ),
    ErrorCode(
        code="CATALOG_DISCOUNT_UNFIT",
        title="The parts of the discount do not fit together",
        meaning="A discount is a rate or an amount, on a product, on a category or on everything.",
        action="Send one of the fields that the issue names.",
    ),
    ErrorCode(
        code="CATALOG_NO_MASTER",
        title="The product has no variants",
        meaning="Only a product that was created with dimensions is a master and can have variants.",
        action="Name a master, or create one with dimensions.",
    ),
    ErrorCode(
        code="CATALOG_VARIANT_DIMENSIONS",
        title="The dimensions are not those of the master",
        meaning="A variant has one value for each dimension of its master and for no other.",
        action="Send a value for each dimension that the issue names.",
    ),
    ErrorCode(
        code="CATALOG_VARIANT_THERE",
        title="The master has this variant already",
        meaning="A master has one variant for each combination of values.",
        action="Use the variant that is there, or send other values.",
        status=409,
    ),
    ErrorCode(
        code="CATALOG_TOO_MANY_VARIANTS",
        title="These are too many variants at once",
        meaning="The combinations of the values are more than one request can create.",
        action="Send fewer values at a time.",
    ),
    ErrorCode(
        code="CATALOG_SEARCH_SCOPE_UNKNOWN",
        title="There is no such search scope",
        meaning="Search scopes are contributed by the rooms and the enabled plugins; none of them has the one named.",
        action="Use one of GET /products/search-scopes, or change the setting catalog.search_scope.",
    ),
    ErrorCode(
        code="CATALOG_SCOPE_NEEDS_STORE",
        title="The search scope needs a store",
        meaning="What this scope holds depends on the store, and the search names none.",
        action="Name the store.",
    ),
)
