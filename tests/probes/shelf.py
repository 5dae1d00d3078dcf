"""A probe: boxes on a shelf, a resource with every habit of HTTP that a host must serve, and no commerce at all."""

from __future__ import annotations

from typing import Any

import attrs
import peewee

from kassa.kernel.contributions import ErrorCode, Http, Operation, Permission, Storage
from kassa.kernel.errors import Issue, NotFound, PreconditionFailed
from kassa.kernel.operations import PageRequest, Result, page, page_of, read_cursor
from kassa.kernel.plan import Row
from kassa.kernel.plugins import hookimpl
from kassa.kernel.schema import Code, Quantity, Text
from kassa.kernel.tables import Integer, Table
from kassa.kernel.tables import Text as TextField

__version__ = "3.2.1"


class BoxRow(Table):
    """A box: its code, its label, how much is in it (thousandths), how often it changed."""

    code = TextField(primary_key=True)
    label = TextField()
    content = Integer()
    version = Integer()

    class Meta:
        table_name = "shelf_box"
        constraints = [peewee.Check("version > 0")]


@attrs.frozen(kw_only=True)
class CreateBox:
    """Puts a new box on the shelf."""

    code: Code
    label: Text
    content: Quantity = 0


@attrs.frozen(kw_only=True)
class ReadBox:
    """Asks for one box."""

    box: Code


@attrs.frozen(kw_only=True)
class ListBoxes(PageRequest):
    """Asks for boxes, sorted by code."""

    label: Text | None = attrs.field(default=None, metadata={"description": "Only boxes with this label."})
    filled: bool | None = None


@attrs.frozen(kw_only=True)
class RenameBox:
    """Gives a box another label."""

    box: Code
    label: Text


@attrs.frozen(kw_only=True)
class EmptyBox:
    """Takes everything out of a box."""

    box: Code


@attrs.frozen(kw_only=True)
class Nothing:
    """Asks for nothing in particular."""


@attrs.frozen(kw_only=True)
class BoxView:
    """A box as it stands on the shelf."""

    code: str
    label: str
    content: Quantity
    version: int


@attrs.frozen(kw_only=True)
class Pong:
    """What a ping gets."""

    said: str


FIELDS = "SELECT code, label, content, version FROM shelf_box"


def _view(row: tuple[Any, ...]) -> BoxView:
    return BoxView(code=row[0], label=row[1], content=row[2], version=row[3])


def _find(code: str, context: Any) -> BoxView:
    row = context.read.row(f"{FIELDS} WHERE code = ?", (code,))
    if row is None:
        raise NotFound("box", code)
    return _view(row)


def create_box(command: CreateBox, context: Any) -> Result:
    """Plan a new box; a heavy one is taken with a warning, one below nothing is refused."""
    if command.content < 0:
        issue = Issue(code="SHELF_BELOW_NOTHING", message="A box cannot hold less than nothing.", pointer="/content", rule="shelf.content")
        context.refuse([issue])
    if command.content > 1_000_000:
        issue = Issue(code="SHELF_HEAVY", message="That is a heavy box.", pointer="/content", rule="shelf.content", severity="warn")
        context.refuse([issue])
    view = BoxView(code=command.code, label=command.label, content=command.content, version=1)
    values = {"code": command.code, "label": command.label, "content": command.content, "version": 1}
    context.plan.add([Row(BoxRow, values)], rule="shelf.create_box")
    return Result(view=lambda numbers: view, version=1)


def read_box(command: ReadBox, context: Any) -> BoxView:
    """Show a box."""
    return _find(command.box, context)


def list_boxes(command: ListBoxes, context: Any) -> Any:
    """Show a page of boxes."""
    cursor = read_cursor(command.after, 1)
    conditions, parameters = ["code > ?"], [cursor[0] if cursor else ""]
    if command.label is not None:
        conditions.append("label = ?")
        parameters.append(command.label)
    if command.filled is not None:
        conditions.append("content > 0" if command.filled else "content = 0")
    rows = context.read.rows(f"{FIELDS} WHERE {' AND '.join(conditions)} ORDER BY code LIMIT ?", (*parameters, command.limit + 1))
    return page(command, BoxView, [_view(row) for row in rows], lambda view: (view.code,))


def _changed(box: BoxView, context: Any, rule: str, **values: Any) -> Result:
    if context.if_match is not None and context.if_match != box.version:
        raise PreconditionFailed(f"The box {box.code} has version {box.version} by now.")
    context.plan.add([Row(BoxRow, values, key={"code": box.code}, version=box.version)], rule=rule)
    view = attrs.evolve(box, version=box.version + 1, **values)
    return Result(view=lambda numbers: view, version=view.version)


def rename_box(command: RenameBox, context: Any) -> Result:
    """Plan another label."""
    return _changed(_find(command.box, context), context, "shelf.rename_box", label=command.label)


def empty_box(command: EmptyBox, context: Any) -> Result:
    """Plan that nothing is left in a box."""
    return _changed(_find(command.box, context), context, "shelf.empty_box", content=0)


def ping(command: Nothing, context: Any) -> Pong:
    """Answer without looking at anything."""
    return Pong(said="pong")


def whoami(command: Nothing, context: Any) -> Pong:
    """Tell what the engine knows of who asks."""
    actor = context.actor
    return Pong(said=f"{actor.id}/{context.legal_entity_id}/{actor.store_id}/{actor.register}")


def fall(command: Nothing, context: Any) -> Pong:
    """Fail with words that must stay inside."""
    raise ValueError("the secret 4711 in /srv/kassa")


OPERATIONS = (
    Operation(
        name="shelf.create_box", summary="Put a new box on the shelf", effect="post", rules=("SH-1",),
        http=Http(method="POST", path="/shelf/boxes", status=201, location="/shelf/boxes/{code}"),
        request=CreateBox, response=BoxView, permission="shelf.change", handler=create_box,
        example={"code": "B-1", "label": "Screws", "content": "12.5"},
    ),
    Operation(
        name="shelf.read_box", summary="Show a box", effect="read", http=Http(method="GET", path="/shelf/boxes/{box}"),
        request=ReadBox, response=BoxView, permission="shelf.see", handler=read_box, example={"box": "B-1"},
    ),
    Operation(
        name="shelf.list_boxes", summary="List boxes", effect="read", http=Http(method="GET", path="/shelf/boxes"), collection=True,
        request=ListBoxes, response=page_of(BoxView), permission="shelf.see", handler=list_boxes, example={"limit": 10},
    ),
    Operation(
        name="shelf.rename_box", summary="Give a box another label", effect="edit", http=Http(method="PATCH", path="/shelf/boxes/{box}"),
        request=RenameBox, response=BoxView, permission="shelf.change", handler=rename_box, example={"box": "B-1", "label": "Nails"},
    ),
    Operation(
        name="shelf.empty_box", summary="Empty a box", effect="post", http=Http(method="POST", path="/shelf/boxes/{box}/emptying"),
        request=EmptyBox, response=BoxView, permission="shelf.change", handler=empty_box, example={"box": "B-1"},
    ),
    Operation(
        name="shelf.ping", summary="Answer", effect="read", http=Http(method="GET", path="/shelf/ping"), scope="none",
        request=Nothing, response=Pong, permission=None, handler=ping,
    ),
    Operation(
        name="shelf.whoami", summary="Tell who asks", effect="read", http=Http(method="GET", path="/shelf/whoami"),
        request=Nothing, response=Pong, permission=None, handler=whoami,
    ),
    Operation(
        name="shelf.fall", summary="Fail", effect="read", http=Http(method="GET", path="/shelf/fall"), scope="none",
        request=Nothing, response=Pong, permission=None, handler=fall,
    ),
    Operation(
        name="shelf.lift_box", summary="Lift a box", effect="post", http=Http(method="POST", path="/shelf/lifts"), needs=("crane",),
        request=Nothing, response=Pong, permission=None, handler=ping,
    ),
)  # fmt: skip


@hookimpl
def register_storage() -> list[Any]:
    return [Storage(name="shelf", tables=(BoxRow,))]


@hookimpl
def register_definitions() -> list[Any]:
    return [
        Permission(name="shelf.see", summary="See boxes"),
        Permission(name="shelf.change", summary="Change boxes"),
        ErrorCode(code="SHELF_BELOW_NOTHING", title="Less than nothing", meaning="A box holds 0 or more.", action="Send 0 or more."),
        ErrorCode(code="SHELF_HEAVY", title="A heavy box", meaning="The box is heavy.", action="Lift it with two people."),
    ]


@hookimpl
def register_operations() -> tuple[Operation, ...]:
    return OPERATIONS
