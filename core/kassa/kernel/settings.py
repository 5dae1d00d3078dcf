"""Settings: typed values, each given at the installation, a legal entity, a profile or a store, read by the narrowest.

Values are kept as text in `kernel_setting`, cached as typed values until a setting changes; every change stands in
`kernel_setting_history` with who made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import peewee

from kassa.kernel.contributions import SettingDefinition, SettingScope
from kassa.kernel.database import Reader
from kassa.kernel.errors import NotFound, StartupError
from kassa.kernel.schema.rejections import Rejection, shown
from kassa.kernel.tables import Id, Integer, Table, Text
from kassa.kernel.values import DecimalTextError, format_scaled, parse_scaled

if TYPE_CHECKING:
    from kassa.kernel.context import Context
    from kassa.kernel.registry import Registry

Level = Literal["installation", "legal_entity", "profile", "store"]
LEVELS: tuple[Level, ...] = ("installation", "legal_entity", "profile", "store")
INSTALLATION_TARGET = ""
INTEGER_AT_MOST = 2**53
TEXT_AT_MOST = 2000
Given = Mapping[tuple[str, str], Any]


class SettingRow(Table):
    """A value given to a setting at one level: the installation (target empty), a legal entity, a profile or a store.

    A value of NULL was taken back: the level above counts again.
    """

    name = Text()
    level = Text()
    target = Text()
    value = Text(null=True)
    version = Integer()

    class Meta:
        table_name = "kernel_setting"
        reference = "kernel"
        primary_key = peewee.CompositeKey("name", "level", "target")
        without_rowid = True
        constraints = [peewee.Check("level IN ('installation', 'legal_entity', 'profile', 'store')")]


class SettingHistoryRow(Table):
    """One change of a setting: when, by whom, from what to what."""

    id = Id(primary_key=True)
    name = Text()
    level = Text()
    target = Text()
    at = Integer()
    actor = Text()
    old = Text(null=True)
    new = Text(null=True)

    class Meta:
        table_name = "kernel_setting_history"
        append_only = True
        indexes = ((("name", "id"), False),)


SETTING_TABLES: tuple[type[Table], ...] = (SettingRow, SettingHistoryRow)
GIVEN = "SELECT level, target, value FROM kernel_setting WHERE name = ? AND value IS NOT NULL"


class Settings:
    """The settings of one installation: their definitions, and their values as an operation's snapshot has them."""

    def __init__(self, registry: Registry) -> None:
        """Check every definition; StartupError names the plugin whose default is not valid."""
        self._definitions = {definition.name: definition for definition in registry.all(SettingDefinition)}
        for definition, owner in registry.owned(SettingDefinition):
            _check_definition(definition, owner.name)
        scopes = registry.all(SettingScope)
        if len(scopes) > 1:
            raise StartupError(f"{' and '.join(scope.name for scope in scopes)} both say where settings are given; only one may.")
        self.scope: SettingScope | None = scopes[0] if scopes else None

    def definition(self, name: str) -> SettingDefinition:
        """Find a definition; NotFound where no enabled plugin defines the setting."""
        found = self._definitions.get(name)
        if found is None:
            raise NotFound("setting", name)
        return found

    def value(self, context: Context, name: str, *, store_id: str | None = None) -> Any:
        """Read a setting: at the store where one is given, its profile, the context's legal entity, the installation, the default.

        Typed as it is defined: bool, int, str, or for a decimal an int in units of 10^-places. KeyError for an unknown name.
        """
        definition = self._definitions[name]
        given = self.given(context, definition)
        if not given:
            return definition.default
        place = self._place(context, definition, given, store_id)
        return given[place] if place is not None else definition.default

    def given(self, context: Context, definition: SettingDefinition) -> Given:
        """Read all values that are given to a setting, by level and target."""

        def load(read: Reader, name: str) -> Given:
            return {(level, target): parse(definition, text) for level, target, text in read.rows(GIVEN, (name,))}

        return context.cached("kernel", "setting", definition.name, load)

    def level_of(self, context: Context, name: str, store_id: str | None) -> Level | None:
        """Tell which level gives the value that `value` reads; None where it is the default."""
        definition = self.definition(name)
        place = self._place(context, definition, self.given(context, definition), store_id)
        return place[0] if place is not None else None

    def _place(self, context: Context, definition: SettingDefinition, given: Given, store_id: str | None) -> tuple[Level, str] | None:
        places = self.places(context, definition.levels, store_id)
        return next((place for place in places if place in given), None)

    def places(
        self, context: Context, levels: Sequence[Level], store_id: str | None, legal_entity_id: str | None = None
    ) -> Iterator[tuple[Level, str]]:
        """Give the places where a value may be given that counts here, the narrowest first.

        The legal entity is that of the context where none is named.
        """
        if store_id is not None:
            if "store" in levels:
                yield ("store", store_id)
            if "profile" in levels and self.scope is not None:
                profile = self.scope.profile_of(context, store_id)
                if profile is not None:
                    yield ("profile", profile)
        if "legal_entity" in levels:
            entity = legal_entity_id or context.legal_entity_id
            if entity is None and self.scope is not None:
                entity = self.scope.entity_of(context)
            if entity is not None:
                yield ("legal_entity", entity)
        yield ("installation", INSTALLATION_TARGET)


def parse(definition: SettingDefinition, text: str) -> Any:
    """Read the text of a setting as its type; Rejection says what was expected."""
    kind = definition.type
    if kind == "bool":
        if text in ("true", "false"):
            return text == "true"
        raise Rejection("INPUT_WRONG_TYPE", "true or false", "Send one of the two.", got=shown(text))
    if kind == "choice":
        if text in definition.choices:
            return text
        raise Rejection("INPUT_NOT_ALLOWED", f"one of {', '.join(definition.choices)}", "Use one of these.", got=shown(text))
    if kind == "text":
        if text.strip() and len(text) <= TEXT_AT_MOST:
            return text
        code = "INPUT_TOO_LONG" if text.strip() else "INPUT_TOO_SHORT"
        raise Rejection(
            code, f"a text of 1 to {TEXT_AT_MOST} characters", "Send such a text, or null to take the value back.", got=shown(text)
        )
    return _parse_number(definition, text)


def _parse_number(definition: SettingDefinition, text: str) -> int:
    places = definition.places if definition.type == "decimal" else 0
    lowest = -INTEGER_AT_MOST if definition.minimum is None else definition.minimum
    highest = INTEGER_AT_MOST if definition.maximum is None else definition.maximum
    low, high = format_scaled(lowest, places, trim=True), format_scaled(highest, places, trim=True)
    what = f"a decimal with at most {places} digits after the point" if places else "a whole number"
    expected = f"{what} from {low} to {high}"
    try:
        number = parse_scaled(text, places, maximum=INTEGER_AT_MOST)
    except DecimalTextError as error:
        codes = {"grammar": "INPUT_NOT_A_DECIMAL", "places": "INPUT_TOO_MANY_PLACES", "range": "INPUT_OUT_OF_RANGE"}
        raise Rejection(codes[error.reason], expected, "Send its digits, such as 12.", got=shown(text)) from None
    if not lowest <= number <= highest:
        raise Rejection("INPUT_OUT_OF_RANGE", expected, f"Send a number from {low} to {high}.", got=shown(text))
    return number


def write(definition: SettingDefinition, value: Any) -> str | None:
    """Write a typed value as the text that `parse` reads; None stays None."""
    if value is None:
        return None
    if definition.type == "bool":
        return "true" if value else "false"
    if definition.type == "decimal":
        return format_scaled(value, definition.places, trim=True)
    return str(value)


def _check_definition(definition: SettingDefinition, owner: str) -> None:
    types = {"bool": bool, "int": int, "decimal": int, "text": str, "choice": str}
    unknown = [level for level in definition.levels if level not in LEVELS]
    if unknown or definition.type not in types:
        raise StartupError(
            f"Setting {definition.name!r} of {owner!r} has an unknown level or type: {', '.join(unknown) or definition.type}."
        )
    if definition.default is None and definition.type in ("text", "int", "decimal"):
        return
    try:
        fits = type(definition.default) is types[definition.type]
        if fits:
            parse(definition, str(write(definition, definition.default)))
    except Rejection as error:
        raise StartupError(f"Setting {definition.name!r} of {owner!r} has a default that is not valid: {error.message}") from error
    if not fits:
        raise StartupError(
            f"Setting {definition.name!r} of {owner!r} has the default {definition.default!r}; expected {types[definition.type].__name__}."
        )
