"""What Kassa answers when it does not do what was asked: issues, one small hierarchy of errors, and the register of codes.

An `Issue` is one finding with a stable code; an error is an answer that carries findings and the HTTP status that fits.
Hosts turn an error into a problem document (RFC 9457) by `as_problem()`; they add nothing but the request id.
"""

from kassa.kernel.errors.codes import INPUT_CODES, KERNEL_CODES, ErrorCode, ErrorCodes
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
from kassa.kernel.errors.issues import Issue, Severity

__all__ = [
    "INPUT_CODES",
    "KERNEL_CODES",
    "AmbiguousKey",
    "Conflict",
    "ErrorCode",
    "ErrorCodes",
    "EverywhereOnly",
    "IdempotencyConflict",
    "IdempotencyInFlight",
    "InvalidInput",
    "Issue",
    "KassaError",
    "NotAuthenticated",
    "NotFound",
    "NotPermitted",
    "OutcomeUnknown",
    "OverrideRequired",
    "PluginError",
    "PreconditionFailed",
    "PreconditionRequired",
    "ReadOnlyViolation",
    "Refused",
    "Severity",
    "StartupError",
    "TooLarge",
    "Unavailable",
    "UnreadableInput",
]
