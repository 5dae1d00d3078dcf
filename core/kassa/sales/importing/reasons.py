"""Why a line of an import can be rejected: stable codes, each with what it means and what to do about it."""

from typing import NamedTuple

from kassa.kernel.errors import ErrorCode


class Fault(NamedTuple):
    """A reason of one row: a code of `REASONS`, and a sentence with what was expected and what came."""

    code: str
    reason: str


class CellRefused(Exception):
    """A cell cannot be used; carries the fault."""

    def __init__(self, code: str, reason: str) -> None:
        """Keep code and sentence as a fault."""
        super().__init__(reason)
        self.fault = Fault(code, reason)


def _reason(code: str, title: str, meaning: str, action: str) -> ErrorCode:
    """The declaration of one reason."""
    return ErrorCode(code=code, title=title, meaning=meaning, action=action)


REASONS: tuple[ErrorCode, ...] = (
    _reason(
        "IMPORT_ROW_UNREADABLE",
        "The row is no CSV",
        "The row cannot be divided into cells, mostly because a quotation mark is missing.",
        "Correct the row in the source file, at the line named; its cells are not in the rejects file.",
    ),
    _reason(
        "IMPORT_COLUMN_COUNT",
        "The row has too few or too many columns",
        "The row does not have as many cells as the header.",
        "Add the missing cells, or put quotation marks around a cell that holds the delimiter.",
    ),
    _reason(
        "IMPORT_TEXT_UNREADABLE",
        "A text holds characters that cannot be kept",
        "A cell holds control characters, or bytes that are no text in the encoding of the mapping.",
        "Correct the text, or name the right encoding in the mapping.",
    ),
    _reason(
        "IMPORT_DOCUMENT_NUMBER_MISSING",
        "The row has no document number",
        "A row without a number belongs to no document.",
        "Fill in the number of the invoice.",
    ),
    _reason("IMPORT_PRODUCT_CODE_MISSING", "The row has no product code", "The cell is empty.", "Fill in the product code."),
    _reason(
        "IMPORT_QUANTITY_NOT_A_NUMBER",
        "The quantity is no number",
        "The cell holds no decimal number.",
        "Write digits with an optional minus and the decimal mark of the mapping.",
    ),
    _reason(
        "IMPORT_QUANTITY_TOO_FINE",
        "The quantity has too many decimals",
        "A quantity is kept in thousandths of its unit.",
        "Round the quantity to three decimals.",
    ),
    _reason("IMPORT_QUANTITY_TOO_LARGE", "The quantity is too large", "It is beyond what can be kept.", "Correct or divide the quantity."),
    _reason("IMPORT_QUANTITY_ZERO", "The quantity is 0", "The row moves nothing.", "Correct the quantity, or leave the row out."),
    _reason(
        "IMPORT_QUANTITY_NEGATIVE",
        "A sale has a negative quantity",
        "Goods taken back for money stand in a cancellation, whose number has the prefix of the mapping.",
        "Give the document the prefix of a cancellation, or correct the sign.",
    ),
    _reason(
        "IMPORT_PRICE_NOT_A_NUMBER",
        "The price is no number",
        "The cell holds no decimal number.",
        "Write digits with the decimal mark of the mapping, without thousands separator or currency sign.",
    ),
    _reason(
        "IMPORT_PRICE_TOO_FINE",
        "The price has too many decimals",
        "A unit price is kept in millionths of the currency.",
        "Round the price to six decimals.",
    ),
    _reason("IMPORT_PRICE_TOO_LARGE", "The price is too large", "It is beyond what can be kept.", "Correct the price."),
    _reason(
        "IMPORT_PRICE_NEGATIVE",
        "The price is negative",
        "Money given back is told by a negative quantity; only bad debt may have a negative price.",
        "Write the price positive and the quantity negative, in a cancellation; or give the document the prefix of an adjustment.",
    ),
    _reason(
        "IMPORT_PRICE_ZERO",
        "The price is 0",
        "The mapping says that such a row is rejected.",
        "Fill in the price, or change price_zero in the mapping.",
    ),
    _reason(
        "IMPORT_AMOUNT_TOO_LARGE",
        "Quantity times price is too large",
        "The amount of the row is beyond what can be kept.",
        "Correct quantity or price.",
    ),
    _reason(
        "IMPORT_AMOUNT_FRACTION",
        "The amount has a fraction of the smallest coin",
        "The mapping says that such a row is rejected instead of rounded.",
        'Correct the price, or set rounding = "half_up" in the mapping.',
    ),
    _reason(
        "IMPORT_DATE_UNREADABLE",
        "The date cannot be read",
        "The cell does not have the format of the mapping, or is no date of the calendar.",
        "Correct the date, or the format in the mapping.",
    ),
    _reason(
        "IMPORT_DATE_NOT_IN_ZONE",
        "The time does not exist",
        "The clocks of the zone jumped over this time.",
        "Correct the time, or the timezone in the mapping.",
    ),
    _reason(
        "IMPORT_COUNTRY_UNKNOWN",
        "The country is not listed",
        "The mapping lists no code for this country.",
        "Add the country to countries.codes in the mapping.",
    ),
    _reason(
        "IMPORT_CUSTOMER_DIFFERS",
        "The document names two customers",
        "The rows of one document name different customers.",
        "Correct the customer, or give the rows of the other customer their own number.",
    ),
    _reason(
        "IMPORT_COUNTRY_DIFFERS",
        "The document names two countries",
        "The rows of one document name different countries.",
        "Correct the country, or give the rows of the other country their own number.",
    ),
    _reason(
        "IMPORT_CANCELLATION_POSITIVE",
        "A cancellation has a positive quantity",
        "A cancellation takes goods back, so its quantities are negative.",
        "Correct the sign, or leave the prefix out.",
    ),
    _reason(
        "IMPORT_CORRECTION_WITH_CUSTOMER",
        "A stock correction names a customer",
        "A negative quantity with price 0 corrects stock, which concerns no customer.",
        "Leave the customer out, or make it a cancellation with its price.",
    ),
    _reason(
        "IMPORT_CORRECTION_NOT_STOCKED",
        "A service has no stock to correct",
        "The product is a service by the mapping, and the row has no money.",
        "Leave the row out, or correct the product code.",
    ),
    _reason(
        "IMPORT_DOCUMENT_MIXED",
        "A document mixes a sale and a stock correction",
        "Negative quantities with price 0 stand beside lines that are sold.",
        "Give the stock correction a number of its own.",
    ),
    _reason(
        "IMPORT_DOCUMENT_DIVIDED",
        "The rows of the document do not stand together",
        "Rows of the same part of a document stand in two places of a rejects file.",
        "Put the rows of a document together again, in the order of rejected_line.",
    ),
    _reason(
        "IMPORT_DOCUMENT_INCOMPLETE",
        "Another row of this document was rejected",
        "A document is imported whole or not at all.",
        "Correct the other rows of this document; this row may stay as it is.",
    ),
)

ACTIONS: dict[str, str] = {reason.code: reason.action for reason in REASONS}
"""What to do, by code."""

FILE_CODES: tuple[ErrorCode, ...] = (
    _reason("IMPORT_FILE_UNREADABLE", "The file cannot be read", "It is absent, empty or damaged.", "Get the file again, then resume."),
    _reason(
        "IMPORT_COLUMN_MISSING", "A column is missing", "The header lacks a column of the mapping, or has it twice.", "Correct one of them."
    ),
    _reason(
        "IMPORT_MAPPING_FORMAT", "The mapping has another format", "It was written for another version.", "Write it in the format named."
    ),
    _reason("IMPORT_MAPPING_UNKNOWN_KEY", "A key is not known", "Mostly it is misspelt.", "Use the key that the issue suggests."),
    _reason("IMPORT_MAPPING_MISSING", "A key of the mapping is missing", "It has no default.", "Add the key."),
    _reason(
        "IMPORT_MAPPING_VALUE", "A value of the mapping cannot be used", "It is not what the key expects.", "Use a value as described."
    ),
    ErrorCode(
        code="IMPORT_SOURCE_CHANGED",
        title="The file or the mapping has changed",
        meaning="The import began with another file or another mapping under these names.",
        action="Put the files back and resume, or begin a new import; documents that are in already are passed over.",
        status=409,
    ),
    ErrorCode(
        code="IMPORT_CURSOR_MISPLACED",
        title="The import cannot go on here",
        meaning="The file or the mapping is not the one that the import began with.",
        action="Resume with those that it began with, or begin a new import; documents that were posted are not posted again.",
        status=409,
    ),
)
"""What can be wrong with a file or a mapping as a whole."""
