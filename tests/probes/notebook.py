"""A notebook: a plugin with a document kind, a gapless series, a hash chain and a balance that can run out; it stands for any."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import attrs
import peewee

from kassa.kernel import contributions as give
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.jobs import Chunk, ChunkDone, JobView, each, start
from kassa.kernel.operations import Result
from kassa.kernel.plan import Claim, Document, Key, Row
from kassa.kernel.plugins import hookimpl
from kassa.kernel.schema import Date, Identifier, Range, Text
from kassa.kernel.tables import Flag, Integer, Table, document_reference
from kassa.kernel.tables import Id as IdField
from kassa.kernel.tables import Text as TextField
from kassa.kernel.values import new_id

TODAY = "2026-11-21"
FINDINGS = ("WORD", "PRIVATE", "LATER", "LONG", "FULL")


class NoteRow(Table):
    """The words of a note; they are its evidence."""

    document_id = IdField(primary_key=True)
    legal_entity_id = IdField()
    book = TextField()
    text = TextField()
    sheets = Integer()
    urgent = Flag()

    class Meta:
        table_name = "notebook_note"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference()]


class PaperRow(Table):
    """The sheets of a book."""

    book = TextField()
    sheets_free = Integer()
    sheets_used = Integer()

    class Meta:
        table_name = "notebook_paper"
        primary_key = peewee.CompositeKey("book")
        constraints = [peewee.Check("sheets_free >= 0")]


class BookRow(Table):
    """The title of a book: reference data, which is cached."""

    book = TextField(primary_key=True)
    title = TextField()
    version = Integer()

    class Meta:
        table_name = "notebook_book"
        reference = "notebook"


@attrs.frozen(kw_only=True)
class Note(Document):
    """A note on some sheets of a book."""

    kind: ClassVar[str] = "notebook.note"

    book: str
    text: str
    sheets: int
    urgent: bool = False


class FreeSheets(int):
    """How many sheets the book of a note has left."""


@attrs.frozen(kw_only=True)
class WriteNote:
    """Writes a note."""

    text: Text = attrs.field(metadata={"examples": ["Buy milk"]})
    book: Text = "red"
    sheets: Annotated[int, Range(-1000, 1000)] = 1
    reference: Text | None = None
    urgent: bool = False
    date: Date = TODAY


@attrs.frozen(kw_only=True)
class ReadNote:
    """Names a note."""

    note: Identifier


@attrs.frozen(kw_only=True)
class AddPaper:
    """Adds sheets to a book, and names it."""

    book: Text = "red"
    sheets: Annotated[int, Range(0, 1000000)] = 0
    title: Text | None = None


@attrs.frozen(kw_only=True)
class CopyNotes:
    """Writes many notes, one after another."""

    texts: tuple[Text, ...] = attrs.field(metadata={"examples": [["Buy milk", "Feed the cat"]]})
    book: Text = "red"


@attrs.frozen(kw_only=True)
class NoteView:
    """A note as it is shown."""

    id: Identifier
    number: str | None
    state: str
    text: str
    version: int


@attrs.frozen(kw_only=True)
class BookView:
    """A book as it is shown."""

    book: str
    title: str | None
    sheets_free: int


def rows(note: Note) -> list[tuple[type[Table], tuple[Any, ...]]]:
    return [(NoteRow, (note.id, note.legal_entity_id, note.book, note.text, note.sheets, note.urgent))]


def load(read: Any, ids: Sequence[str]) -> Mapping[str, Note]:
    sql = (
        "SELECT d.id, d.type, d.legal_entity_id, d.register, d.state, d.version, d.business_date, d.occurred_at, n.book, n.text, n.sheets, n.urgent "
        "FROM kernel_document d JOIN notebook_note n ON n.document_id = d.id WHERE d.id IN {keys}"
    )
    names = ("id", "type", "legal_entity_id", "register", "state", "version", "date", "occurred_at", "book", "text", "sheets", "urgent")
    return {row[0]: Note(**dict(zip(names, row, strict=True))) for row in read.rows_for(sql, list(ids))}


def load_sheets(read: Any, notes: Sequence[Note], context: Any) -> Mapping[str, FreeSheets]:
    free = dict(read.rows_for("SELECT book, sheets_free FROM notebook_paper WHERE book IN {keys}", [note.book for note in notes]))
    return {note.id: FreeSheets(free.get(note.book, 0)) for note in notes}


WORDS = {
    "forbidden": Issue(code="NOTEBOOK_WORD", message="Expected decent words; got forbidden. Write something else.", pointer="/text"),
    "private": Issue(code="NOTEBOOK_PRIVATE", message="Somebody must allow this.", severity="approvable", permission="notebook.allow"),
    "later": Issue(code="NOTEBOOK_LATER", message="Not ready yet.", severity="skip"),
    "long": Issue(code="NOTEBOOK_LONG", message="Rather long.", severity="warn"),
}


def check_text(note: Note, facts: Any, context: Any) -> Iterable[Issue]:
    return [WORDS[note.text]] if note.text in WORDS else []


def use_paper(note: Note, facts: Any, context: Any) -> Iterable[Claim]:
    words = f"{note.sheets} sheets are wanted, {facts.of(FreeSheets)} are free in {note.book}."
    issue = Issue(code="NOTEBOOK_FULL", message=words, pointer="/sheets", got=str(note.sheets))
    yield Claim("notebook.paper", (note.book,), {"sheets_free": -note.sheets, "sheets_used": note.sheets}, bound="free", issue=issue)


def new_note(command: WriteNote, context: Any) -> Note:
    keys = (Key("reference", command.reference),) if command.reference is not None else ()
    return Note(
        id=new_id(), type="plain", legal_entity_id=context.legal_entity_id, register=context.actor.register or "office", state="written",
        date=command.date, occurred_at=context.now, book=command.book, text=command.text, sheets=command.sheets, urgent=command.urgent, keys=keys,
    )  # fmt: skip


def write(command: WriteNote, context: Any) -> Result:
    (written,) = context.step("notebook.note", "write", [new_note(command, context)])
    return Result(view=lambda numbers: view(written, numbers.get(written.id)), document_id=written.id, version=1)


def tear(command: ReadNote, context: Any) -> Result:
    (torn,) = context.step("notebook.note", "tear", [note := find(command.note, context)])
    context.plan.add([Claim("notebook.paper", (note.book,), {"sheets_used": -note.sheets})], rule="notebook.tear", document_id=note.id)
    return Result(view=lambda numbers: view(torn, None), document_id=torn.id)


def find(note_id: str, context: Any) -> Note:
    found = load(context.read, [note_id]).get(note_id)
    if found is None or found.legal_entity_id != context.legal_entity_id:
        raise NotFound("note", note_id)
    return found


def read_note(command: ReadNote, context: Any) -> NoteView:
    number = context.read.value("SELECT value FROM kernel_document_key WHERE document_id = ? AND name = 'number'", (command.note,))
    return view(find(command.note, context), number)


def view(note: Note, number: str | None) -> NoteView:
    return NoteView(id=note.id, number=number, state=note.state, text=note.text, version=note.version)


def title(read: Any, book: str) -> str | None:
    return read.value("SELECT title FROM notebook_book WHERE book = ?", (book,))  # type: ignore[no-any-return]


def add_paper(command: AddPaper, context: Any) -> Result:
    effects: list[Any] = [Claim("notebook.paper", (command.book,), {"sheets_free": command.sheets})]
    known = context.cached("notebook", "title", command.book, title)
    if command.title is not None:
        version = context.read.value("SELECT version FROM notebook_book WHERE book = ?", (command.book,))
        new = Row(BookRow, {"book": command.book, "title": command.title, "version": 1})
        effects.append(new if version is None else Row(BookRow, {"title": command.title}, key={"book": command.book}, version=version))
        known = command.title
    context.plan.add(effects, rule="notebook.add_paper")
    free = context.balance("notebook.paper", [(command.book,)])[(command.book,)]["sheets_free"]
    return Result(view=lambda numbers: BookView(book=command.book, title=known, sheets_free=free))


def read_book(command: AddPaper, context: Any) -> BookView:
    free = context.balance("notebook.paper", [(command.book,)])[(command.book,)]["sheets_free"]
    return BookView(book=command.book, title=context.cached("notebook", "title", command.book, title), sheets_free=free)


def copy(command: CopyNotes, context: Any) -> Result:
    job = start(context, "notebook.copying", command, total=len(command.texts))
    return Result(view=lambda numbers: job)


def copy_chunk(chunk: Chunk, context: Any) -> Any:
    begin = chunk.cursor or 0
    texts = list(enumerate(chunk.request.texts))[begin : begin + chunk.size]

    def act(item: tuple[int, str]) -> str:
        result = context.call("notebook.write", WriteNote(text=item[1], book=chunk.request.book))
        return str(result.document_id)

    results = each(context, texts, lambda item: f"{item[0]:06d}", act)
    end = begin + len(texts)

    def settle(dropped: Mapping[str, Sequence[Issue]]) -> ChunkDone:
        written = chunk.summary.get("written", 0) + len([result for result in results if result.item not in dropped])
        cursor = end if end < len(chunk.request.texts) else None
        return ChunkDone(cursor=cursor, done=len(texts), results=results, summary={"written": written})

    return settle


# What the listener was given in this process, and the subjects at which it fails.
HEARD: list[Any] = []
DEAF: set[str] = set()


def hear(event: Any, engine: Any) -> None:
    if event.subject in DEAF:
        raise OSError("no answer")
    HEARD.append(event)


def operation(name: str, handler: Any, request: type[Any], response: type[Any], effect: Any, permission: str | None) -> give.Operation:
    method: Any = "GET" if effect == "read" else "POST"
    return give.Operation(
        name=f"notebook.{name}", summary=f"Do {name}", effect=effect, http=give.Http(method=method, path=f"/notebook/{name}"), request=request,
        response=response, permission=permission, handler=handler,
    )  # fmt: skip


@hookimpl
def register_storage() -> Iterable[Any]:
    return [
        give.Storage(name="notebook", tables=(NoteRow, PaperRow, BookRow)),
        give.Balance(
            name="notebook.paper", table=PaperRow, key=("book",), amounts=("sheets_free", "sheets_used"), bounds={"free": {"sheets_free": 1}},
            rank=10, summary="Sheets of a book",
        ),
    ]  # fmt: skip


@hookimpl
def register_documents() -> Iterable[Any]:
    moves = (
        give.Transition(name="write", target="written", summary="Write a note", event="notebook.note_written"),
        give.Transition(name="tear", sources=("written",), target="torn", summary="Tear a note out", event="notebook.note_torn"),
    )
    return [
        give.DocumentKind(
            name="notebook.note", summary="A note", document=Note, states=("written", "torn"), transitions=moves, rank=10, rows=rows, load=load,
            tables=(NoteRow,), series="notebook.notes", chained=True,
        ),
    ]  # fmt: skip


@hookimpl
def register_definitions() -> Iterable[Any]:
    return [
        give.NumberSeries(name="notebook.notes", summary="Notes", pattern="NOTE-{register}-{number}"),
        *(give.Permission(name=f"notebook.{name}", summary=f"{name.title()} notes") for name in ("write", "copy", "allow")),
        *(give.ErrorCode(code=f"NOTEBOOK_{name}", title=name, meaning=f"The note: {name}.", action="Write another.") for name in FINDINGS),
        give.SettingDefinition(name="notebook.sheets", summary="Sheets of a note", type="int", default=3, minimum=1, maximum=9),
        give.SettingDefinition(name="notebook.margin", summary="Margin in centimetres", type="decimal", places=2, default=250),
        give.SettingDefinition(name="notebook.ink", summary="Colour", type="choice", default="blue", choices=("blue", "black")),
        give.SettingDefinition(name="notebook.ruled", summary="Has lines", type="bool", default=False, levels=("installation",)),
        give.SettingDefinition(name="notebook.motto", summary="On the first page", type="text", default=None),
    ]


@hookimpl
def register_rules() -> Iterable[Any]:
    writing: dict[str, Any] = {"kind": "notebook.note", "transition": "write"}
    return [
        give.Loader(name="notebook.sheets", facts=FreeSheets, load=load_sheets, **writing),
        give.Rule(name="notebook.check_text", stage="check", run=check_text, summary="Words are decent", **writing),
        give.Rule(name="notebook.use_paper", stage="stock", run=use_paper, summary="Notes use paper", **writing),
    ]


@hookimpl
def register_operations() -> Iterable[Any]:
    return [
        operation("write", write, WriteNote, NoteView, "post", "notebook.write"),
        operation("tear", tear, ReadNote, NoteView, "post", "notebook.write"),
        operation("read", read_note, ReadNote, NoteView, "read", "notebook.write"),
        operation("add_paper", add_paper, AddPaper, BookView, "edit", "notebook.write"),
        operation("read_book", read_book, AddPaper, BookView, "read", "notebook.write"),
        operation("copy", copy, CopyNotes, JobView, "post", "notebook.copy"),
    ]


@hookimpl
def register_events() -> Iterable[Any]:
    return [
        give.EventType(name="notebook.note_written", summary="A note was written"),
        give.EventType(name="notebook.note_torn", summary="A note was torn out"),
        give.Listener(name="notebook.hear", event="*", run=hear),
    ]


@hookimpl
def register_jobs() -> Iterable[Any]:
    return [
        give.JobKind(name="notebook.copying", summary="Copy notes", request=CopyNotes, run=copy_chunk, permission="notebook.copy", size=4)
    ]
