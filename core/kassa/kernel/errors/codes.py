"""The register of error codes: what each means and what its reader does, from which the documentation is made."""

from collections.abc import Iterable

import attrs

from kassa.kernel.errors.hierarchy import (
    AmbiguousKey,
    Conflict,
    EverywhereOnly,
    IdempotencyConflict,
    IdempotencyInFlight,
    InvalidInput,
    KassaError,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    OutcomeUnknown,
    OverrideRequired,
    PluginError,
    PreconditionFailed,
    PreconditionRequired,
    ReadOnlyViolation,
    Refused,
    StartupError,
    TooLarge,
    Unavailable,
    UnreadableInput,
)


@attrs.frozen(kw_only=True)
class ErrorCode:
    """A code that answers may carry, with what its page in the documentation says: meaning, and what the caller does."""

    code: str
    title: str
    meaning: str
    action: str
    status: int = 422


class ErrorCodes:
    """The register of codes of one engine: the kernel's, and those that rooms and plugins declare under their name."""

    def __init__(self) -> None:
        """Start with the codes of the kernel."""
        self._declared: dict[str, tuple[str, ErrorCode]] = {code.code: ("kernel", code) for code in KERNEL_CODES}

    def declare(self, owner: str, codes: Iterable[ErrorCode]) -> None:
        """Take up the codes of an owner; `StartupError` names both owners of a code that two define differently."""
        for code in codes:
            known = self._declared.setdefault(code.code, (owner, code))
            if known != (owner, code):
                raise StartupError(f'error code "{code.code}" is declared by {known[0]} and by {owner}; rename one of them', plugin=owner)

    def get(self, code: str) -> ErrorCode | None:
        """The declaration of a code, or `None`."""
        known = self._declared.get(code)
        return known[1] if known else None

    def title(self, code: str, default: str) -> str:
        """The title of a code, or the default where it was not declared."""
        known = self._declared.get(code)
        return known[1].title if known else default

    def owner(self, code: str) -> str | None:
        """Who declared a code, or `None`."""
        known = self._declared.get(code)
        return known[0] if known else None

    def all(self) -> tuple[ErrorCode, ...]:
        """Every declared code, sorted."""
        return tuple(declared[1] for _, declared in sorted(self._declared.items()))


def _code_of(error: type[KassaError]) -> ErrorCode:
    """The declaration of an error class: its code and title, its docstring divided into meaning and action."""
    meaning, _, action = " ".join((error.__doc__ or error.title).split()).partition(". ")
    return ErrorCode(
        code=error.code, title=error.title, meaning=meaning.rstrip(".") + ".", action=action or error.title, status=error.status
    )


def _input_code(code: str, title: str, action: str) -> ErrorCode:
    """The declaration of a code that only stands on issues of `InvalidInput`."""
    return ErrorCode(code=code, title=title, meaning=f"{title}; the issue's pointer says which field.", action=action)


_ERRORS: tuple[type[KassaError], ...] = (
    AmbiguousKey,
    Conflict,
    EverywhereOnly,
    IdempotencyConflict,
    IdempotencyInFlight,
    InvalidInput,
    KassaError,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    OutcomeUnknown,
    OverrideRequired,
    PluginError,
    PreconditionFailed,
    PreconditionRequired,
    ReadOnlyViolation,
    Refused,
    TooLarge,
    Unavailable,
    UnreadableInput,
)

INPUT_CODES: tuple[ErrorCode, ...] = (
    _input_code("INPUT_MISSING", "A required field is missing", "Send the field."),
    _input_code("INPUT_UNKNOWN_FIELD", "A field is not known here", "Leave it out, or use the name that the issue suggests."),
    _input_code("INPUT_UNKNOWN_EXTENSION", "No enabled plugin adds these fields here", "Leave them out, or enable the plugin that has them."),
    _input_code("INPUT_NULL", "A field is null where a value is needed", "Send a value, or leave the field out if it is optional."),
    _input_code(
        "INPUT_WRONG_TYPE", "A field has another type than expected", "Send the type named; decimals, dates and identifiers are text."
    ),
    _input_code("INPUT_NOT_A_DECIMAL", "A field is no decimal text", 'Send digits with a point in quotes, such as "12.50".'),
    _input_code("INPUT_TOO_MANY_PLACES", "A number has too many digits after the point", "Round it to the number of digits named."),
    _input_code("INPUT_OUT_OF_RANGE", "A number is outside its bounds", "Send a number within the bounds named."),
    _input_code("INPUT_TOO_SHORT", "A text is empty, blank or too short", "Send a text of the length named."),
    _input_code("INPUT_TOO_LONG", "A text is too long", "Shorten it to the length named."),
    _input_code(
        "INPUT_BAD_TEXT", "A text holds characters that cannot be kept", "Remove control characters and halves of surrogate pairs."
    ),
    _input_code("INPUT_BAD_FORMAT", "A text does not have the expected form", "Use the form that the issue describes."),
    _input_code("INPUT_NOT_ALLOWED", "A value is not among those allowed", "Use one of the values listed."),
    _input_code("INPUT_NOT_A_DATE", "A field is no date", 'Send a date such as "2026-11-21".'),
    _input_code("INPUT_NOT_AN_INSTANT", "A field is no instant", 'Send an instant such as "2026-11-21T04:57:00Z".'),
    _input_code("INPUT_NOT_AN_IDENTIFIER", "A field is no identifier", "Send the identifier as Kassa gave it: 36 characters with hyphens."),
    _input_code("INPUT_UNKNOWN_CURRENCY", "A currency is not known", 'Send a code of ISO 4217 such as "EUR".'),
    _input_code("INPUT_TOO_FEW_ITEMS", "A list or mapping has too few entries", "Send at least as many as named."),
    _input_code("INPUT_TOO_MANY_ITEMS", "A list or mapping has too many entries", "Divide the request, or use an import."),
    _input_code("INPUT_CONTRADICTORY", "Fields of one object do not fit together", "Correct them as the message says."),
)

KERNEL_CODES: tuple[ErrorCode, ...] = tuple(sorted((*map(_code_of, _ERRORS), *INPUT_CODES), key=lambda declared: declared.code))
