"""Migrations: made from the models, applied once and in order by one process, never changed afterwards."""

import threading
from types import SimpleNamespace

import peewee
import pytest

from kassa.kernel import contributions as give
from kassa.kernel.clock import FixedClock
from kassa.kernel.database import Write, connect
from kassa.kernel.errors import StartupError, Unavailable
from kassa.kernel.flush import write_alone
from kassa.kernel.migrations import create_schema, ddl_migration, differences, make, migrate, migration_lock, pending, plan, revert
from kassa.kernel.migrations.statements import undoing
from kassa.kernel.plugins import hookimpl
from kassa.kernel.registry import build
from kassa.kernel.tables import Id, Integer, Table, Text, document_reference


class LampRow(Table):
    """A lamp."""

    id = Id(primary_key=True)
    colour = Text()
    watts = Integer()

    class Meta:
        table_name = "lamp_lamp"
        append_only = True
        constraints = [peewee.Check("watts > 0")]
        indexes = ((("colour", "watts"), False),)


class BulbRow(Table):
    """A bulb: it belongs to a document."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()

    class Meta:
        table_name = "lamp_bulb"
        constraints = [document_reference()]


def lamp(folder, *tables):
    """A plugin with tables whose migrations stand in a folder."""
    return SimpleNamespace(register_storage=hookimpl(lambda: [give.Storage(name="lamp", tables=tables, migrations=folder)]))


@pytest.fixture
def folders(tmp_path, monkeypatch, kernel_alone):
    """The folder of the core's migrations, with the kernel's first one made, and that of a plugin."""
    core = tmp_path / "core"
    monkeypatch.setattr("kassa.kernel.migrations.files.CORE_FOLDER", core)
    make(build({}), "core", "foundation")
    return SimpleNamespace(core=core, lamp=tmp_path / "lamp")


@pytest.fixture
def database(database_url):
    """A connection to an empty database."""
    opened = connect(database_url)
    yield opened
    opened.close()


def tables(database):
    with database.orm.connection_context():
        return set(database.orm.get_tables())


def write_file(folder, name, requires, sqlite, postgresql=None):
    folder.mkdir(exist_ok=True)
    text = (
        f'"""A migration of a test."""\nfrom kassa.kernel.migrations import ddl_migration\nrequires = {requires!r}\n'
        f"SQLITE = {sqlite!r}\nPOSTGRESQL = {postgresql or sqlite!r}\nup, down = ddl_migration(SQLITE, POSTGRESQL)\n"
    )
    (folder / f"{name}.py").write_text(text)


def test_a_migration_that_was_made_gives_the_schema_of_the_models(folders, database):
    registry = build({})
    assert [migration.label for migration in pending(database, registry)] == ["core:0001_foundation"]
    steps = []
    assert migrate(database, registry, lambda *step: steps.append(step)) == ["core:0001_foundation"]
    assert steps == [(0, 1, "core:0001_foundation"), (1, 1, "")]
    assert pending(database, registry) == []
    assert differences(database, registry) == []
    assert migrate(database, registry) == []


def test_a_plugin_has_its_own_folder_and_history(folders, database):
    registry = build({"lamp": lamp(folders.lamp, LampRow, BulbRow)})
    path = make(registry, "lamp", "First light")
    assert path.name == "0001_first_light.py"
    # A plugin outside this project imports the public name; the text is otherwise the same.
    path.write_text(path.read_text().replace("from kassa import", "from kassa.kernel.migrations import"))
    assert 'requires: list[str] = ["core:0001_foundation"]' in path.read_text()
    assert migrate(database, registry) == ["core:0001_foundation", "lamp:0001_first_light"]
    assert {"kernel_migration", "lamp_migration"} <= tables(database)
    assert differences(database, registry) == []


def test_a_later_migration_holds_what_is_new(folders, database):
    make_lamp(folders, LampRow)
    registry = build({"lamp": lamp(folders.lamp, LampRow, BulbRow)})
    second = make_lamp(folders, LampRow, BulbRow)
    assert (second.name, "lamp_lamp" in second.read_text()) == ("0002_more.py", False)
    migrate(database, registry)
    assert differences(database, registry) == []
    with pytest.raises(StartupError, match="nothing that its migrations do not create"):
        make(registry, "lamp", "again")


def make_lamp(folders, *models):
    path = make(build({"lamp": lamp(folders.lamp, *models)}), "lamp", "more")
    path.write_text(path.read_text().replace("from kassa import", "from kassa.kernel.migrations import"))
    return path


def test_a_changed_table_is_changed_by_hand(folders, database):
    make_lamp(folders, LampRow)

    class Brighter(Table):
        id = Id(primary_key=True)
        colour = Text()
        watts = Integer()
        note = Text(null=True)

        class Meta:
            table_name = "lamp_lamp"
            append_only = True
            constraints = [peewee.Check("watts > 0")]
            indexes = ((("colour", "watts"), False),)

    registry = build({"lamp": lamp(folders.lamp, Brighter)})
    with pytest.raises(StartupError, match="The table lamp_lamp has changed"):
        make(registry, "lamp", "note")
    migrate(database, registry)
    assert differences(database, registry) != []
    trigger = "DROP TRIGGER lamp_lamp_no_update"
    again = "CREATE TRIGGER lamp_lamp_no_update BEFORE UPDATE OF id, colour, watts, note ON lamp_lamp "
    write_file(
        folders.lamp,
        "0002_note",
        [],
        [
            'ALTER TABLE lamp_lamp ADD COLUMN "note" TEXT',
            trigger,
            again + "BEGIN SELECT RAISE(ABORT, 'append-only: rows of lamp_lamp never change'); END",
        ],
        [
            'ALTER TABLE lamp_lamp ADD COLUMN "note" TEXT',
            trigger + " ON lamp_lamp",
            again + "FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
        ],
    )
    assert migrate(database, registry) == ["lamp:0002_note"]
    assert differences(database, registry) == []


def test_order_between_owners_comes_from_what_files_require(folders):
    make_lamp(folders, LampRow)
    write_file(folders.core, "0002_later", ["lamp:0001_more"], ["CREATE TABLE kernel_x (id TEXT PRIMARY KEY)"])
    write_file(folders.lamp, "0002_last", ["core:0002_later"], ["CREATE TABLE lamp_x (id TEXT PRIMARY KEY)"])
    registry = build({"lamp": lamp(folders.lamp, LampRow)})
    labels = [migration.label for migration in plan(registry)]
    assert labels == ["core:0001_foundation", "lamp:0001_more", "core:0002_later", "lamp:0002_last"]


def test_a_circle_is_told(folders):
    write_file(folders.core, "0002_a", ["lamp:0001_b"], [])
    write_file(folders.lamp, "0001_b", ["core:0002_a"], [])
    with pytest.raises(StartupError, match=r"in a circle: .*core:0002_a"):
        plan(build({"lamp": lamp(folders.lamp)}))


def test_a_requirement_that_is_not_there_is_told(folders):
    write_file(folders.lamp, "0001_b", ["moon:0001_a"], [])
    with pytest.raises(StartupError, match=r"lamp:0001_b requires moon:0001_a, which is not there\. Enable or update 'moon'"):
        plan(build({"lamp": lamp(folders.lamp)}))


def test_an_applied_file_that_changed_is_refused(folders, database):
    registry = build({})
    migrate(database, registry)
    path = folders.core / "0001_foundation.py"
    path.write_text(path.read_text() + "# a small change\n")
    for look in (pending, migrate):
        with pytest.raises(StartupError, match=r"core:0001_foundation has changed since it was applied .*0001_foundation\.py"):
            look(database, registry)


def test_an_applied_file_that_is_gone_is_refused(folders, database):
    write_file(folders.core, "0002_more", [], ["CREATE TABLE kernel_x (id TEXT PRIMARY KEY)"])
    migrate(database, build({}))
    (folders.core / "0002_more.py").unlink()
    with pytest.raises(StartupError, match="core:0002_more was applied but its file is gone"):
        pending(database, build({}))


def test_line_ends_do_not_count_as_a_change(folders, database):
    migrate(database, build({}))
    path = folders.core / "0001_foundation.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert pending(database, build({})) == []


def test_a_migration_that_fails_leaves_nothing_and_can_be_repaired(folders, database):
    write_file(
        folders.core, "0002_more", [], ["CREATE TABLE kernel_x (id TEXT PRIMARY KEY)", "CREATE TABLE kernel_x (id TEXT PRIMARY KEY)"]
    )
    with pytest.raises(StartupError, match="core:0002_more failed and was undone"):
        migrate(database, build({}))
    assert "kernel_document" in tables(database)
    assert "kernel_x" not in tables(database)
    write_file(folders.core, "0002_more", [], ["CREATE TABLE kernel_x (id TEXT PRIMARY KEY)"])
    assert migrate(database, build({})) == ["core:0002_more"]


def test_a_migration_can_be_taken_back(folders, database):
    make_lamp(folders, LampRow)
    registry = build({"lamp": lamp(folders.lamp, LampRow)})
    migrate(database, registry)
    assert revert(database, registry, "lamp") == "lamp:0001_more"
    assert "lamp_lamp" not in tables(database)
    assert migrate(database, registry) == ["lamp:0001_more"]
    assert revert(database, registry, "lamp") == "lamp:0001_more"
    assert revert(database, registry, "core") == "core:0001_foundation"
    assert not {name for name in tables(database) if name.startswith("kernel_")} - {"kernel_migration", "kernel_migration_lock"}
    with pytest.raises(StartupError, match="Nothing of 'core' is applied"):
        revert(database, registry, "core")


def test_what_stands_on_a_table_goes_with_it():
    made = [
        "CREATE VIRTUAL TABLE words USING fts5 (word)",
        'CREATE TABLE "lamp" (id TEXT)',
        "ALTER TABLE lamp ADD COLUMN colour TEXT",
        "CREATE UNIQUE INDEX lamp_colour ON lamp (colour)",
        "CREATE INDEX other_place ON other (place)",
    ]
    assert undoing(made) == ['DROP INDEX "other_place"', 'DROP TABLE "lamp"', 'DROP TABLE "words"']


def test_what_cannot_be_taken_back_is_told():
    _, down = ddl_migration(["UPDATE a SET b = 1"], [])
    with pytest.raises(StartupError, match="write `down` by hand for: UPDATE a"):
        down(None, peewee.SqliteDatabase(":memory:"))


def test_processes_that_migrate_at_once_do_it_once(folders, database_url):
    done = []

    def run():
        own = connect(database_url)
        try:
            done.append(migrate(own, build({})))
        finally:
            own.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [[], [], ["core:0001_foundation"]]


def test_the_lock_of_a_dead_process_ends_by_itself(folders, database):
    clock = FixedClock("2026-11-21T04:57:00Z")
    db = database.orm
    with db.connection_context(), migration_lock(db, clock) as renew:
        with pytest.raises(Unavailable, match="Another process is migrating"), migration_lock(db, clock, wait=1_000_000):
            pytest.fail("two held the lock")
        renew()
        clock.advance(minutes=6)
        with migration_lock(db, clock), pytest.raises(Unavailable, match="lease of the migration lock ran out"):
            renew()


def test_a_plugin_with_tables_and_no_migrations_is_told(folders, database):
    with pytest.raises(StartupError, match="'lamp' has tables but no migrations"):
        migrate(database, build({"lamp": lamp(folders.lamp, LampRow)}))


@pytest.mark.parametrize(
    "text", ["requires = []\n", "def up(migrator, db): ...\n", "requires = 'core:0001'\ndef up(m, d): ...\n", "this is no python\n"]
)
def test_a_file_that_is_no_migration_is_named(folders, text):
    folders.lamp.mkdir()
    (folders.lamp / "0001_odd.py").write_text(text)
    with pytest.raises(StartupError, match=r"0001_odd\.py"):
        plan(build({"lamp": lamp(folders.lamp, LampRow)}))


def test_a_schema_made_directly_is_the_same_and_counts_as_migrated(folders, database):
    registry = build({})
    create_schema(database, registry)
    assert differences(database, registry) == []
    assert pending(database, registry) == []


@pytest.mark.parametrize(
    "sqlite, postgresql, found",
    [
        (
            "DROP TRIGGER kernel_audit_no_update",
            "DROP TRIGGER kernel_audit_no_update ON kernel_audit",
            "kernel_audit lacks: CREATE TRIGGER",
        ),
        (
            "ALTER TABLE kernel_setting ADD COLUMN colour TEXT",
            "ALTER TABLE kernel_setting ADD COLUMN colour TEXT",
            "kernel_setting has in addition: colour",
        ),
        ("DROP INDEX kernel_outbox_waiting", "DROP INDEX kernel_outbox_waiting", "kernel_outbox lacks: CREATE INDEX kernel_outbox_waiting"),
        ("DROP TABLE kernel_job_result", "DROP TABLE kernel_job_result", "kernel_job_result is missing"),
    ],
)
def test_a_schema_that_differs_is_told(folders, database, sqlite, postgresql, found):
    registry = build({})
    migrate(database, registry)
    write_alone(database, [Write(sqlite if database.dialect == "sqlite" else postgresql, ())])
    (line, *more) = differences(database, registry)
    assert line.startswith(found)
    assert more == []


def test_tables_of_others_do_not_matter(folders, database):
    registry = build({})
    migrate(database, registry)
    write_alone(database, [Write("CREATE TABLE somebody_else (id TEXT)", ())])
    assert differences(database, registry) == []
