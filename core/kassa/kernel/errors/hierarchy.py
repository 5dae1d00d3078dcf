"""The errors of Kassa: one small hierarchy, each class saying what happened and what the caller should do.

The first sentence of each docstring is the meaning of its code in the documentation, the rest what to do about it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from kassa.kernel.errors.issues import Issue

if TYPE_CHECKING:
    from kassa.kernel.errors.codes import ErrorCodes


class KassaError(Exception):
    """The root of everything Kassa raises on purpose; catch it to catch them all. Raise one of its subclasses."""

    status: ClassVar[int] = 500
    code: str = "INTERNAL_ERROR"
    title: str = "Something went wrong on the server"

    def __init__(self, detail: str = "", *, issues: Iterable[Issue] = (), retry_after: int | None = None) -> None:
        """Keep what happened in words, every finding, and after how many seconds a retry makes sense."""
        self.issues: tuple[Issue, ...] = tuple(issues)
        self.detail = detail or " ".join(issue.message for issue in self.issues) or self.title
        self.retry_after = retry_after
        super().__init__(self.detail)

    @property
    def audited(self) -> Any:
        """What the audit trail keeps of a refusal beside its code; the caller may be told less."""
        return [issue.as_dict() for issue in self.issues]

    def members(self) -> dict[str, Any]:
        """Further members of the problem document that only this kind of error has."""
        return {}

    def as_problem(self, codes: "ErrorCodes | None" = None) -> dict[str, Any]:
        """The problem document of RFC 9457, without the request id; titles come from the register where it is given."""
        return {
            "type": f"/problems/{self.code}",
            "title": codes.title(self.code, self.title) if codes else self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "issues": [issue.as_dict() for issue in self.issues],
            **self.members(),
        }


class UnreadableInput(KassaError):
    """The body could not be read at all (no JSON, a duplicate key, NaN, nested too deep). Repair the body and send it again."""

    status = 400
    code = "INPUT_UNREADABLE"
    title = "The request could not be read"


class InvalidInput(KassaError):
    """Fields are missing, unknown or malformed; nothing was looked up yet. Correct each field that an issue points at."""

    status = 422
    code = "INPUT_INVALID"
    title = "The request does not have the expected form"


class Refused(KassaError):
    """Rules refused the request; nothing was changed. Its code is that of the first refusing issue; see each issue's action."""

    status = 422
    code = "REFUSED"
    title = "The request was refused by a rule"

    def __init__(self, issues: Iterable[Issue], detail: str = "", *, title: str | None = None) -> None:
        """Take code and words from the findings; the title may be given, else the register of codes knows it."""
        found = tuple(issues)
        leading = next((issue for issue in found if issue.severity == "refuse"), found[0] if found else None)
        if leading is not None:
            self.code = leading.code
        if title is not None:
            self.title = title
        super().__init__(detail, issues=found)


class OverrideRequired(KassaError):
    """The act is beyond the worker's power and another may allow it. Have the approval granted, then retry with its token."""

    status = 409
    code = "OVERRIDE_REQUIRED"
    title = "Somebody else must approve this"

    def __init__(self, issues: Iterable[Issue], approval: Mapping[str, Any], detail: str = "", *, asked: Any = None) -> None:
        """Carry every approvable issue at once, and the approval that was asked for (token, operation, expiry).

        `asked` is the request for it where that is new and has to be kept, although nothing else of the plan is.
        """
        found = tuple(issues)
        if found:
            # The area of the code (CO of CO_SHIPPING_REFUND_LIMIT) keeps the number of problem codes small.
            self.code = f"{found[0].code.partition('_')[0]}_OVERRIDE_REQUIRED"
        self.approval = dict(approval)
        self.asked = asked
        super().__init__(detail, issues=found)

    def members(self) -> dict[str, Any]:
        """The approval, for the till to show and to send back."""
        return {"approval": self.approval}


class NotAuthenticated(KassaError):
    """It is not known who is asking. Sign in again, or send a valid token."""

    status = 401
    code = "NOT_AUTHENTICATED"
    title = "Sign in first"


class NotPermitted(KassaError):
    """The caller is known and lacks a permission. Ask for the permission named, or let somebody else do it."""

    status = 403
    code = "NOT_PERMITTED"
    title = "You may not do this"

    def __init__(self, permission: str, detail: str = "", *, issues: Iterable[Issue] = ()) -> None:
        """Name the missing permission."""
        self.permission = permission
        super().__init__(detail or f'This needs the permission "{permission}", which you do not hold here.', issues=issues)

    def members(self) -> dict[str, Any]:
        """The missing permission."""
        return {"permission": self.permission}


class EverywhereOnly(KassaError):
    """This counts in all legal entities, and you act in some places alone. Let somebody do it whose key is bound to none."""

    status = 403
    code = "EVERYWHERE_ONLY"
    title = "Only who may act everywhere may do this"


class NotFound(KassaError):
    """There is no such thing, or it is not yours to see: the answer is the same. Check the key and the legal entity."""

    status = 404
    code = "NOT_FOUND"
    title = "Not found"

    def __init__(self, what: str = "resource", key: str = "", detail: str = "") -> None:
        """Name the kind of thing and the key that was asked for, nothing that is known about it."""
        self.what = what
        self.key = key
        super().__init__(
            detail or (f'There is no {what} "{key}" that you can see.' if key else f"There is no such {what} that you can see.")
        )


class Conflict(KassaError):
    """The state of things does not allow it now, or another request was faster. Read again, decide again, then retry."""

    status = 409
    code = "CONFLICT"
    title = "The state of things does not allow this"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        issues: Iterable[Issue] = (),
        retry_after: int | None = None,
        title: str | None = None,
    ) -> None:
        """Say what stands in the way; a code and a title of a state of one's own may be given."""
        self.code = code or self.code
        self.title = title or self.title
        super().__init__(detail, issues=issues, retry_after=retry_after)


class AmbiguousKey(KassaError):
    """A key names several documents. Choose one of the candidates and use its number."""

    status = 409
    code = "KEY_AMBIGUOUS"
    title = "The key names more than one document"

    def __init__(self, key: str, candidates: Sequence[str], detail: str = "") -> None:
        """Carry the numbers of every document that the key names."""
        self.candidates = tuple(candidates)
        super().__init__(detail or f'"{key}" names {len(self.candidates)} documents: {", ".join(self.candidates)}. Use one of these.')

    def members(self) -> dict[str, Any]:
        """The documents to choose from."""
        return {"candidates": list(self.candidates)}


class IdempotencyConflict(KassaError):
    """The idempotency key was used for other content. Use a new key for a new request, the same content for a retry."""

    status = 422
    code = "IDEMPOTENCY_KEY_REUSED"
    title = "The idempotency key belongs to another request"


class IdempotencyInFlight(KassaError):
    """A request with this idempotency key is still being worked on. Wait as told, then retry with the same key."""

    status = 409
    code = "IDEMPOTENCY_IN_FLIGHT"
    title = "The same request is still being worked on"

    def __init__(self, detail: str = "", *, retry_after: int = 1) -> None:
        """Say after how many seconds to ask again."""
        super().__init__(detail, retry_after=retry_after)


class PreconditionRequired(KassaError):
    """A header is missing that makes the request safe (Idempotency-Key or If-Match). Send it."""

    status = 428
    code = "PRECONDITION_REQUIRED"
    title = "A safeguarding header is missing"


class PreconditionFailed(KassaError):
    """The document changed since the caller saw it. Read it again, decide again, and send its new ETag."""

    status = 412
    code = "PRECONDITION_FAILED"
    title = "The document has changed meanwhile"


class TooLarge(KassaError):
    """The request is larger than the server accepts. Divide it, or use an import."""

    status = 413
    code = "INPUT_TOO_LARGE"
    title = "The request is too large"


class Unavailable(KassaError):
    """A service or the database cannot be reached; nothing was changed. Retry later with the same idempotency key."""

    status = 503
    code = "UNAVAILABLE"
    title = "Temporarily unavailable"


class OutcomeUnknown(KassaError):
    """The connection was lost in the commit: done or not done. Retry with the same idempotency key to learn which."""

    status = 503
    code = "OUTCOME_UNKNOWN"
    title = "It is not known whether this was done"

    def __init__(self, detail: str = "", *, retry_after: int = 1) -> None:
        """Say after how many seconds to ask again with the same key."""
        super().__init__(detail, retry_after=retry_after)

    def members(self) -> dict[str, Any]:
        """The outcome, for machines."""
        return {"outcome": "unknown"}


class PluginError(KassaError):
    """A plugin failed while a request was worked on; nothing was changed. Tell its author the plugin and the rule named.

    The answer names the plugin, the rule and the kind of exception, never its words or its stack, which go to the log.
    """

    status = 500
    code = "PLUGIN_FAILED"
    title = "A plugin failed"

    def __init__(self, plugin: str, rule: str, cause: BaseException | str) -> None:
        """Name who failed where; keep an exception as `__cause__` for the log."""
        self.plugin = plugin
        self.rule = rule
        shown = cause if isinstance(cause, str) else type(cause).__name__
        super().__init__(f'The plugin "{plugin}" failed in "{rule}": {shown}. Nothing was changed.')
        if isinstance(cause, BaseException):
            self.__cause__ = cause

    def members(self) -> dict[str, Any]:
        """Plugin and rule, for machines."""
        return {"plugin": self.plugin, "rule": self.rule}


class ReadOnlyViolation(KassaError):
    """Code that plans tried to write to the database, to which nothing was sent. Return effects instead: the core writes them."""

    status = 500
    code = "READ_ONLY"
    title = "Only queries are possible while planning"


class StartupError(KassaError):
    """The configuration or a plugin is refused before anything is served. Correct what it names; it never reaches a caller."""

    code = "STARTUP_REFUSED"
    title = "Kassa cannot start like this"

    def __init__(self, detail: str, *, plugin: str = "") -> None:
        """Say what is wrong and, where one is to blame, in which plugin."""
        self.plugin = plugin
        super().__init__(f'Plugin "{plugin}": {detail}' if plugin else detail)
