"""Typed, strict access to the tables of a TOML document: every finding is collected, an unknown key is refused with the nearest one."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.errors import Issue


class Findings:
    """The issues found so far, in the order of the document."""

    def __init__(self) -> None:
        """Start with none."""
        self.issues: list[Issue] = []

    def add(self, code: str, pointer: str, message: str, *, got: object = None) -> None:
        """Note one finding at a JSON pointer into the document."""
        self.issues.append(Issue(code=code, message=message, pointer=pointer, got=None if got is None else str(got)))


class TomlTable:
    """One table of a TOML document; each key that is read becomes known, `close` refuses the others."""

    def __init__(self, data: Mapping[str, Any], pointer: str, findings: Findings) -> None:
        """Wrap a table that stands at a JSON pointer ("" is the document)."""
        self._data = data
        self._known: list[str] = []
        self.pointer = pointer
        self.findings = findings

    def at(self, key: str) -> str:
        """The pointer of a key of this table."""
        return f"{self.pointer}/{key.replace('~', '~0').replace('/', '~1')}"

    def has(self, key: str) -> bool:
        """Whether the key is given; it becomes known."""
        self._known.append(key)
        return key in self._data

    def raw(self, key: str) -> Any:
        """The value of a key as it came, `None` if it is absent; the key becomes known."""
        self._known.append(key)
        return self._data.get(key)

    def items(self) -> Iterable[tuple[str, Any]]:
        """All pairs, for a table whose keys are data; every key becomes known."""
        self._known.extend(self._data)
        return self._data.items()

    def text(self, key: str, *, default: str | None = None, empty: bool = False) -> str:
        """A text; required unless there is a default; not blank unless `empty`."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self._missing(key, 'a text such as "…"')
                return ""
            return default
        if not isinstance(value, str):
            self._wrong_type(key, "a text in quotes", value)
            return default or ""
        if not empty and not value.strip():
            self.refuse(key, f'"{key}" is empty; give it a value or leave the key out', got=value)
        return value

    def choice(self, key: str, allowed: Sequence[str], *, default: str) -> str:
        """One of several texts; the default if the key is absent."""
        value = self.text(key, default=default)
        if value not in allowed:
            listed = ", ".join(f'"{one}"' for one in allowed)
            self.refuse(key, f'"{key}" is one of {listed}, got "{value}"{_near(value, allowed)}', got=value)
            return default
        return value

    def integer(self, key: str, *, default: int, minimum: int, maximum: int) -> int:
        """A whole number within bounds; the default if the key is absent."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
            self._wrong_type(key, f"a whole number from {minimum} to {maximum}", value)
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty if the key is absent."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self._wrong_type(key, "a list of texts that are not empty", value)
            return ()
        return tuple(value)

    def table(self, key: str, *, required: bool = False) -> "TomlTable":
        """A table below this one; empty if it is absent, which is a finding where it is required."""
        value = self.raw(key)
        if value is None and required:
            self._missing(key, f"a table [{key}]")
        if value is not None and not isinstance(value, dict):
            self._wrong_type(key, f"a table [{key}]", value)
            value = None
        return TomlTable(value or {}, self.at(key), self.findings)

    def tables(self, key: str) -> tuple["TomlTable", ...]:
        """An array of tables below this one; empty if it is absent."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self._wrong_type(key, f"tables [[{key}]]", value)
            return ()
        return tuple(TomlTable(one, f"{self.at(key)}/{index}", self.findings) for index, one in enumerate(value))

    def close(self) -> None:
        """Refuse each key that nothing asked for, naming the nearest known one."""
        for key in self._data:
            if key not in self._known:
                known = ", ".join(sorted(set(self._known)))
                message = f'"{key}" is not known here{_near(key, self._known)}; known are {known}'
                self.findings.add("IMPORT_MAPPING_UNKNOWN_KEY", self.at(key), message, got=key)

    def refuse(self, key: str, message: str, *, got: object = None) -> None:
        """Note that the value of a key cannot be used."""
        self.findings.add("IMPORT_MAPPING_VALUE", self.at(key), message, got=got)

    def _missing(self, key: str, expected: str) -> None:
        """Note that a required key is absent."""
        self.findings.add("IMPORT_MAPPING_MISSING", self.at(key), f'"{key}" is missing; expected {expected}')

    def _wrong_type(self, key: str, expected: str, value: object) -> None:
        """Note that a value has another type than expected."""
        self.refuse(key, f'"{key}" is {expected}, got {value!r}', got=value)


def _near(word: str, candidates: Iterable[str]) -> str:
    """A question that names the nearest candidate, or nothing if none is near."""
    close = nearest(word, candidates)
    return "" if close is None else f', did you mean "{close}"?'


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a misspelt word most likely means, or `None`."""
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[found[0]] if found else None
