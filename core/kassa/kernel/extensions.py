"""Extension fields: values that plugins add to records of the core, and that the core reads, keeps, checks and shows for them.

A value is given with its record, under the name of its extension; it is written by the flush that writes the record, as JSON
in one table of the kernel, for any number of plugins. So it is there when its plugin is not, many records cost one query, and
the evidence of a chained document includes it whoever is enabled when it is verified.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar, get_type_hints

import attrs

from kassa.kernel.contributions import Extension, Invariant
from kassa.kernel.database import PLAN_AGAIN
from kassa.kernel.errors import InvalidInput, PluginError, StartupError
from kassa.kernel.schema import Items, JsonObject, encode, structure, unstructure
from kassa.kernel.schema.rejections import Findings, Rejection, joined
from kassa.kernel.schema.scalars import Scalar
from kassa.kernel.schema.shapes import fields_of, reachable
from kassa.kernel.schema.structuring import loader_of
from kassa.kernel.values import share

if TYPE_CHECKING:
    from kassa.kernel.database import Reader
    from kassa.kernel.invariants import Examined
    from kassa.kernel.plan import Document
    from kassa.kernel.registry import Registry

T = TypeVar("T")
AT_MOST = 50
Fields: TypeAlias = Annotated[Mapping[str, JsonObject], Items(0, AT_MOST)]
"""The extension fields of a record in requests and views, by the name of the extension."""
STORED = (
    "WITH d AS (SELECT id FROM kernel_document WHERE id IN {keys}) "
    "SELECT e.record_id, e.name, e.value, 0 AS version FROM d JOIN kernel_extension e ON e.document_id = d.id UNION ALL "
    "SELECT c.record_id, c.name, c.value, c.version FROM d JOIN kernel_extension_change c ON c.document_id = d.id "
    "ORDER BY record_id, name, version"
)
EVERY = "SELECT record_id, name, value FROM kernel_extension WHERE {after:record_id, name} ORDER BY record_id, name"
CHANGED = (
    "SELECT record_id, name, value, version FROM kernel_extension_change WHERE {after:record_id, name, version} "
    "ORDER BY record_id, name, version"
)
DIVIDES = "divides"
"""The key in the metadata of a field that says that a number belongs to the whole quantity of a line, not to each part of it."""


@attrs.frozen
class Extended:
    """The value of one extension at a record; `stored` is its JSON instead where no enabled plugin has the extension."""

    name: str
    value: Any = None
    stored: str | None = None

    def text(self) -> str:
        """Give the value as the JSON text that is stored."""
        return self.stored if self.stored is not None else encode(unstructure(self.value))

    def shown(self) -> Any:
        """Give the value as JSON data."""
        return json.loads(self.stored) if self.stored is not None else unstructure(self.value)


class Extensible:
    """Base of every record that plugins may add fields to; the record keeps them in a field `extensions`."""

    __slots__ = ()

    @property
    def extensions(self) -> tuple[Extended, ...]:
        """Give what plugins added, sorted by name."""
        return ()

    def ext(self, value: type[T]) -> T | None:
        """Give the value of an extension by its class; None where the record has none, or the plugin is not enabled."""
        for extended in self.extensions:
            if type(extended.value) is value:
                return extended.value
        return None


def asked(record: type[Any]) -> dict[str, Any]:
    """Describe the field of a request in which extension fields of a record are given."""
    return {"description": "Fields of plugins, by the name of their extension.", "extends": record}


def answered(record: type[Any]) -> dict[str, Any]:
    """Describe the field of a view in which extension fields of a record are shown."""
    text = "Fields of plugins, by the name of their extension; those of plugins that are not enabled as they were stored."
    return {"description": text, "extends": record}


def shown(record: Extensible) -> dict[str, Any]:
    """Show the extension fields of a record as JSON data, by the name of the extension."""
    return {extended.name: extended.shown() for extended in record.extensions}


def read(registry: Registry, record: type[Any], given: Mapping[str, Any], pointer: str, findings: Findings) -> tuple[Extended, ...]:
    """Make values of what a request gives for a record; what does not fit becomes a finding below `pointer`.

    Raises PluginError where a class of a plugin fails otherwise than by ValueError.
    """
    known = registry.extensions.get(record, {})
    found = []
    for name in sorted(given):
        place = joined(pointer, name)
        extension = known.get(name)
        if extension is None or extension.load is not None:
            findings.add(place, _unknown(name, {other: found for other, found in known.items() if found.load is None}))
            continue
        try:
            kind: type = extension.value
            value = loader_of(kind)(given[name], place, findings)
        except InvalidInput:
            raise
        except Exception as error:
            raise PluginError(registry.owner(Extension, name).name, name, error) from error
        found.append(Extended(name, value))
    return tuple(found)


def _unknown(name: str, known: Mapping[str, Extension]) -> Rejection:
    """Reject a name that no enabled plugin extends this record by."""
    names = ", ".join(known)
    expected = f"one of the extensions {names}" if known else "no extension, for no enabled plugin has one here"
    action = "Leave it out, or enable the plugin that has it."
    got = f'the extension "{joined("", name)[1:]}", which is not enabled'
    return Rejection("INPUT_UNKNOWN_EXTENSION", expected, action, got=got, facts={"enabled": names})


def load(reader: Reader, registry: Registry, document_ids: Sequence[str]) -> dict[str, tuple[Extended, ...]]:
    """Read the extension fields of all records of documents by the id of the record, each as it was changed last, in one query.

    Raises PluginError where a stored value does not fit its class any more.
    """
    texts: dict[str, dict[str, str]] = {}
    for record_id, name, text, _ in reader.rows_for(STORED, document_ids) if document_ids else ():
        texts.setdefault(record_id, {})[name] = text
    return {
        record_id: tuple(stored(registry, record_id, name, text) for name, text in named.items()) for record_id, named in texts.items()
    }


def load_kept(reader: Reader, registry: Registry, documents: Sequence[Document]) -> dict[str, tuple[Extended, ...]]:
    """Read what plugins keep of the records of documents in tables of their own, by the id of the record: one query an extension.

    Raises PluginError where a plugin fails at that.
    """
    found: dict[str, tuple[Extended, ...]] = {}
    for extension, owner in registry.owned(Extension):
        if extension.load is None:
            continue
        try:
            values = extension.load(reader, documents)
        except PLAN_AGAIN:
            raise
        except Exception as error:
            raise PluginError(owner.name, extension.name, error) from error
        for record_id, value in values.items():
            found[record_id] = (*found.get(record_id, ()), Extended(extension.name, value))
    return found


def stored(registry: Registry, record_id: str, name: str, text: str) -> Extended:
    """Read one value back from its JSON text; PluginError where it does not fit its class any more."""
    extension = registry.find(Extension, name)
    if extension is None:
        return Extended(name, stored=text)
    try:
        return Extended(name, structure(extension.value, json.loads(text)))
    except Exception as error:
        what = f"what is stored for {record_id} does not fit {extension.value.__name__} any more; fields that are added need a default"
        raise PluginError(registry.owner(Extension, name).name, name, what) from error


def rows(registry: Registry, document: Document) -> list[tuple[Any, ...]]:
    """Write the rows of `kernel_extension` for the records of a new document; PluginError where a value is not its extension's."""
    made = []
    for record in document.records():
        made += record_rows(registry, document.id, record)
    return made


def record_rows(registry: Registry, document_id: str, record: Any) -> list[tuple[Any, ...]]:
    """Write the rows of `kernel_extension` for one record of a document; what its plugin keeps itself has none."""
    made = []
    for extended in record.extensions:
        if extended.stored is None and _checked_extension(registry, record, extended).load is not None:
            continue
        made.append((record.id, extended.name, document_id, extended.text()))
    return made


def _checked_extension(registry: Registry, record: Any, extended: Extended) -> Extension:
    extension = registry.extensions.get(type(record), {}).get(extended.name)
    if extension is None or type(extended.value) is not extension.value:
        what = f"{type(extended.value).__name__} is not what this extension adds to a {type(record).__name__}"
        raise PluginError(extended.name.partition(".")[0], extended.name, what)
    return extension


def divided(extended: Extended, kept: int, whole: int) -> tuple[Extended, Extended]:
    """Divide a value between two parts of a line, by quantities without sign: what `kept` of `whole` keeps, and the rest.

    Numbers whose field says that they divide get their exact share, everything else stands at both parts; so does all of a
    value whose plugin is not enabled.
    """
    if extended.stored is not None:
        return extended, extended
    totals = {field.name: getattr(extended.value, field.name) for field in attrs.fields(type(extended.value)) if field.metadata.get(DIVIDES)}
    parts = {name: share(total, kept, whole) for name, total in totals.items() if total is not None}
    rests = {name: totals[name] - part for name, part in parts.items()}
    return Extended(extended.name, attrs.evolve(extended.value, **parts)), Extended(extended.name, attrs.evolve(extended.value, **rests))


def compiled(registry: Registry) -> dict[type[Any], dict[str, Extension]]:
    """Give the extensions of each record by name, having checked that they can be kept; StartupError names what cannot."""
    found: dict[type[Any], dict[str, Extension]] = {}
    for extension, owner in registry.owned(Extension):
        for what in _unfit(extension):
            raise StartupError(f"Extension {extension.name!r} of plugin {owner.name!r} {what}")
        same = found.setdefault(extension.of, {})
        for other in same.values():
            if other.value is extension.value:
                raise StartupError(
                    f"Extensions {other.name!r} and {extension.name!r} both add {extension.value.__name__} to {extension.of.__name__}. "
                    "Its class tells one from the other: give each its own."
                )
        same[extension.name] = extension
    return found


def _unfit(extension: Extension) -> Iterable[str]:
    """Tell why an extension cannot be kept; nothing where it can."""
    if not (isinstance(extension.of, type) and issubclass(extension.of, Extensible)):
        names = sorted({record.__name__ for record in Extensible.__subclasses__()})
        yield f"extends {extension.of!r}; expected a record that can be extended: {', '.join(names) or 'there is none'}."
        return
    if not isinstance(extension.value, type) or not attrs.has(extension.value):
        yield f"has the value {extension.value!r}; expected a class with @attrs.frozen(kw_only=True)."
        return
    try:
        parts = reachable(extension.value)
    except TypeError as error:
        yield f"cannot be kept: {error}."
        return
    if not fields_of(extension.value):
        yield f"adds nothing: {extension.value.__name__} has no fields."
    hints = get_type_hints(extension.value)
    for divisible in attrs.fields(extension.value):
        if divisible.metadata.get(DIVIDES) and hints[divisible.name] not in (int, int | None):
            yield f"cannot be divided: {extension.value.__name__}.{divisible.name} is no whole number."
    for part in sorted(parts, key=lambda part: part.__name__):
        if not attrs.inspect(part).is_frozen:
            yield f"has the value {part.__name__}, which can be changed; expected a class with @attrs.frozen(kw_only=True)."
        for field in fields_of(part):
            if not field.readable:
                yield f"cannot be kept: {part.__name__}.{field.name} cannot be given (init=False)."
            if isinstance(field.shape, Scalar) and field.shape.openapi.get("writeOnly"):
                yield f"cannot be kept: {part.__name__}.{field.name} is confidential, and extension fields are shown."


def misfits(examined: Examined) -> Iterable[str]:
    """Find stored values that the class of their enabled extension does not take."""
    for piece in chain(examined.pieces(EVERY, (0, 1)), examined.pieces(CHANGED, (0, 1, 3))):
        for record_id, name, text, *_ in piece:
            try:
                stored(examined.registry, record_id, name, text)
            except PluginError as error:
                yield f"extension {name} of record {record_id}: {error.__cause__ or error.detail}"


INVARIANTS = (Invariant(name="kernel.extensions_fit", summary="Stored extension fields fit their enabled extension.", find=misfits),)
