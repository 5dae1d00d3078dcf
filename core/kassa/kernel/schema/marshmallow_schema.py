"""From attrs classes to marshmallow schemas: the documented form of each message, from which hosts make their OpenAPI.

The fields call the same reading functions as `structuring`, so a schema accepts and refuses exactly what `structure` does.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import attrs
from marshmallow import RAISE, Schema, ValidationError, fields, post_load

from kassa.kernel.schema.rejections import Rejection, duplicate_keys
from kassa.kernel.schema.scalars import Scalar
from kassa.kernel.schema.shapes import FieldShape, ListOf, MappingOf, Record, Shape, fields_of, reachable
from kassa.kernel.schema.structuring import check_list, check_mapping, contradiction
from kassa.kernel.schema.unstructuring import unstructure


class _ScalarMixin:
    """Reads and writes by the functions of a `Scalar` instead of by the field's own, laxer ones."""

    scalar: Scalar

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        """The value read, or marshmallow's error with the words of the rejection."""
        try:
            return self.scalar.read(value)
        except Rejection as rejection:
            raise ValidationError(rejection.message) from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        """The value as it is written outside."""
        return value if value is None or self.scalar.write is None else self.scalar.write(value)


class StringField(_ScalarMixin, fields.String):
    """A text or one of the forms that travel as text."""


class IntegerField(_ScalarMixin, fields.Integer):
    """A whole number."""


class BooleanField(_ScalarMixin, fields.Boolean):
    """True or false."""


class AnyField(_ScalarMixin, fields.Raw):
    """Any JSON value."""


_FIELD_TYPES: Mapping[str, type[Any]] = {"string": StringField, "integer": IntegerField, "boolean": BooleanField, "any": AnyField}


class TupleField(fields.List[Any]):
    """A list outside, a tuple inside."""

    shape: ListOf

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        """The tuple read; anything but a list of a permitted length is refused."""
        try:
            check_list(value, self.shape)
        except Rejection as rejection:
            raise ValidationError(rejection.message) from None
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class MappingField(fields.Dict):
    """An object with free keys."""

    shape: MappingOf

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        """The dictionary read; anything but an object with a permitted number of keys is refused."""
        try:
            check_mapping(value, self.shape)
        except Rejection as rejection:
            raise ValidationError(rejection.message) from None
        members = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        if len(members) != len(value):
            raise ValidationError(duplicate_keys().message)
        return members


@cache
def schema_for(cls: type) -> type[Schema]:
    """The marshmallow schema class of an attrs class, under its name and with its docstring as description.

    A class attribute `__schema_name__` gives another name, where two classes of one document share theirs. `TypeError`
    names the class and the field, also of a class further down, that cannot be a message.
    """
    reachable(cls)
    members: dict[str, Any] = {field.name: _field(field) for field in fields_of(cls)}
    members["Meta"] = type("Meta", (), {"unknown": RAISE, "description": _description(cls)})
    members["__doc__"] = cls.__doc__
    members["__module__"] = cls.__module__
    members["_make"] = _maker(cls)
    return type(getattr(cls, "__schema_name__", cls.__name__), (Schema,), members)


def _description(cls: type) -> str:
    """The docstring in one paragraph."""
    return " ".join((cls.__doc__ or "").split())


def _maker(cls: type) -> Any:
    """The hook that turns what was loaded into an instance."""
    aliases = {field.name: field.alias for field in fields_of(cls)}

    @post_load
    def make(self: Schema, data: dict[str, Any], **kwargs: Any) -> Any:
        try:
            return cls(**{aliases[name]: value for name, value in data.items()})
        except ValueError as error:
            raise ValidationError(contradiction(error).message) from None

    return make


def _field(field: FieldShape) -> Any:
    """The marshmallow field of one attribute, with description, examples and default for the documentation."""
    facts: dict[str, Any] = {}
    if field.description:
        facts["description"] = field.description
    if field.examples:
        facts["examples"] = list(field.examples)
    if field.extends is not None:
        facts["x-extends"] = field.extends.__name__
    if not field.required and field.readable and not isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]
        facts["default"] = _written(field.shape, field.default)
    return _of_shape(field.shape, field.nullable, facts, required=field.required, dump_only=not field.readable)


def _written(shape: Shape, value: Any) -> Any:
    """A default as it stands in the documentation."""
    if value is None:
        return None
    if isinstance(shape, Scalar):
        return value if shape.write is None else shape.write(value)
    if isinstance(shape, Record):
        return unstructure(value)
    if isinstance(shape, ListOf):
        return [_written(shape.item, item) for item in value]
    return {key: _written(shape.value, member) for key, member in value.items()}


def _of_shape(shape: Shape, nullable: bool, facts: dict[str, Any], **options: Any) -> Any:
    """The marshmallow field of a shape."""
    if isinstance(shape, Record):
        nested = shape.cls
        return fields.Nested(lambda: schema_for(nested)(), allow_none=nullable, metadata=facts, **options)
    if isinstance(shape, Scalar):
        metadata = {**shape.openapi, **facts}
        if nullable and "enum" in metadata:
            metadata["enum"] = [*metadata["enum"], None]
        scalar_field = _FIELD_TYPES[shape.json_type](allow_none=nullable, metadata=metadata, **options)
        scalar_field.scalar = shape
        return scalar_field
    if isinstance(shape, ListOf):
        metadata = {"minItems": shape.minimum, "maxItems": shape.maximum, **facts}
        list_field = TupleField(_of_shape(shape.item, shape.nullable, {}), allow_none=nullable, metadata=metadata, **options)
        list_field.shape = shape
        return list_field
    metadata = {"minProperties": shape.minimum, "maxProperties": shape.maximum, **facts}
    mapping_field = MappingField(
        keys=_of_shape(shape.key, False, {}),
        values=_of_shape(shape.value, shape.nullable, {}),
        allow_none=nullable,
        metadata=metadata,
        **options,
    )
    mapping_field.shape = shape
    return mapping_field
