"""Why a value was not accepted, and the findings that a whole request adds up to."""

from collections.abc import Mapping
from decimal import Decimal

from kassa.kernel.errors import InvalidInput, Issue

FINDINGS_MAX = 100
_SHOWN_MAX = 60


class Rejection(Exception):
    """One value was not accepted: a code, what was expected in words, what came, and what the sender should do."""

    __slots__ = ("action", "code", "expected", "facts", "got")

    def __init__(self, code: str, expected: str, action: str, *, got: str | None, facts: Mapping[str, str] | None = None) -> None:
        """Keep all of it; `got` is already in words (see `shown`) and `None` where it must not be repeated."""
        super().__init__(code)
        self.code = code
        self.expected = expected
        self.action = action
        self.got = got
        self.facts = facts

    @property
    def message(self) -> str:
        """What was expected, what came, what to do."""
        got = "" if self.got is None else f", got {self.got}"
        return f"expected {self.expected}{got}. {self.action}"


class Findings:
    """The issues found so far in one request; stops the search by raising `InvalidInput` when there are too many."""

    __slots__ = ("issues",)

    def __init__(self) -> None:
        """Nothing found yet."""
        self.issues: list[Issue] = []

    def add(self, pointer: str, rejection: Rejection) -> None:
        """Take up a rejected value at a place of the request."""
        self.issues.append(
            Issue(
                code=rejection.code,
                message=f"{pointer or 'The request'}: {rejection.message}",
                pointer=pointer,
                expected=rejection.facts,
                got=rejection.got,
                action=rejection.action,
            )
        )
        if len(self.issues) >= FINDINGS_MAX:
            raise self.error()

    def error(self) -> InvalidInput:
        """The error that carries every finding; its words are those of the first three."""
        words = [issue.message for issue in self.issues[:3]]
        more = len(self.issues) - len(words)
        if more:
            words.append(f"{more} more.")
        return InvalidInput(" ".join(words), issues=self.issues)


def shown(value: object) -> str:
    """What came, in words, cut to a readable length: `the text "abc"`, `the number 3`, `null`, `a list`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'the text "{_printable(value)}"' if value else "an empty text"
    if isinstance(value, int | Decimal):
        return f"the number {_printable(str(value))}" if not isinstance(value, int) or value.bit_length() < 400 else "a very large number"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return f"a value of type {type(value).__name__}"


def _printable(text: str) -> str:
    """The text without control characters and surrogates, cut."""
    cut = text[:_SHOWN_MAX]
    safe = cut if cut.isprintable() else "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cut)
    return safe if len(text) <= _SHOWN_MAX else safe + "…"


def wrong_type(expected: str, value: object, action: str) -> Rejection:
    """The rejection of a value whose JSON type is another one."""
    return Rejection("INPUT_WRONG_TYPE", expected, action, got=shown(value), facts={"type": expected})


def duplicate_keys() -> Rejection:
    """The rejection of an object with two keys that are the same text once normalised."""
    return Rejection("INPUT_CONTRADICTORY", "keys that differ as text in NFC", "Send each key once.", got="the same key twice")


def joined(pointer: str, key: object) -> str:
    """The JSON pointer of a member, escaped as RFC 6901 asks; long keys are cut."""
    text = _printable(str(key))
    if "~" in text or "/" in text:
        text = text.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{text}"
