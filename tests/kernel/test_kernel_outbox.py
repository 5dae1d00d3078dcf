"""The outbox: facts reach listeners after the commit, at least once, in order; who fails is asked again and harms nobody."""

from types import SimpleNamespace

import pytest

from kassa.kernel import contributions as give
from kassa.kernel.database import Write
from kassa.kernel.errors import Refused
from kassa.kernel.flush import write_alone
from kassa.kernel.outbox import Dispatcher, dispatch
from kassa.kernel.plugins import hookimpl


@pytest.fixture
def write_note(engine, anna):
    """Writes a note and gives its id."""

    def write(text="Hello"):
        return engine.perform("notebook.write", {"text": text}, actor=anna, key=f"key of {text}").body["id"]

    return write


def due_again(engine):
    """Lets the time pass after which failed deliveries are tried again."""
    write_alone(engine.database, [Write("UPDATE kernel_delivery SET run_after = 0", ())])


def test_a_listener_hears_each_fact_once_in_order(engine, notebook, anna, write_note):
    first, second = write_note("a"), write_note("b")
    engine.perform("notebook.tear", {"note": first}, actor=anna, key="tear")
    assert notebook.HEARD == []
    assert dispatch(engine) == 3
    assert dispatch(engine) == 0
    heard = [(event.type, event.subject, event.data.get("number")) for event in notebook.HEARD]
    assert heard == [
        ("notebook.note_written", first, "NOTE-T1-000001"),
        ("notebook.note_written", second, "NOTE-T1-000002"),
        ("notebook.note_torn", first, None),
    ]
    assert {(event.legal_entity_id, event.attempt) for event in notebook.HEARD[:2]} == {("01a1f900-0000-7000-8000-000000000001", 1)}


def test_what_was_refused_is_not_announced(engine, notebook, anna):
    with pytest.raises(Refused):
        engine.perform("notebook.write", {"text": "forbidden"}, actor=anna, key="k1")
    assert (dispatch(engine), notebook.HEARD) == (0, [])


def test_a_listener_that_fails_is_asked_again(engine, notebook, write_note):
    note = write_note()
    notebook.DEAF.add(note)
    dispatch(engine)
    assert (dispatch(engine), notebook.HEARD) == (0, [])
    with engine.database.snapshot() as read:
        assert read.row("SELECT listener, attempts, error FROM kernel_delivery") == ("notebook.hear", 1, "OSError: no answer")
    due_again(engine)
    dispatch(engine)
    notebook.DEAF.clear()
    due_again(engine)
    assert dispatch(engine) == 1
    assert [(event.subject, event.attempt) for event in notebook.HEARD] == [(note, 3)]
    due_again(engine)
    assert dispatch(engine) == 0


def test_a_failure_harms_neither_other_documents_nor_other_listeners(open_engine, notebook, anna):
    heard = []
    listener = give.Listener(name="other.hear", event="notebook.note_written", run=lambda event, engine: heard.append(event.subject))
    engine = open_engine(other=SimpleNamespace(register_events=hookimpl(lambda: [listener])))
    notes = [engine.perform("notebook.write", {"text": text}, actor=anna, key=text).body["id"] for text in "abc"]
    notebook.DEAF.add(notes[1])
    dispatch(engine)
    assert heard == notes
    assert [event.subject for event in notebook.HEARD] == [notes[0], notes[2]]


def test_facts_about_one_document_stay_in_order(engine, notebook, anna, write_note):
    note = write_note()
    notebook.DEAF.add(note)
    dispatch(engine)
    engine.perform("notebook.tear", {"note": note}, actor=anna, key="tear")
    notebook.DEAF.clear()
    dispatch(engine)
    assert notebook.HEARD == []
    due_again(engine)
    dispatch(engine)
    assert [event.type for event in notebook.HEARD] == ["notebook.note_written", "notebook.note_torn"]


def test_a_kill_before_the_mark_means_that_it_is_told_again(engine, notebook, write_note, monkeypatch):
    note = write_note()

    class Killed(Exception):
        pass

    def die(database, writes):
        if any("dispatched_at" in write.sql for write in writes):
            raise Killed
        return write_alone(database, writes)

    with monkeypatch.context() as dying:
        dying.setattr("kassa.kernel.outbox.write_alone", die)
        with pytest.raises(Killed):
            dispatch(engine)
    assert dispatch(engine) == 1
    assert [event.subject for event in notebook.HEARD] == [note, note]
    assert len({event.id for event in notebook.HEARD}) == 1


def test_only_one_process_dispatches_at_a_time(engine, notebook, write_note):
    write_note()
    assert dispatch(engine, "first") == 1
    write_note("more")
    assert dispatch(engine, "second") == 0
    assert dispatch(engine, "first") == 1
    write_alone(engine.database, [Write("UPDATE kernel_lease SET until = 0", ())])
    write_note("again")
    assert dispatch(engine, "second") == 1


def test_a_thread_dispatches_until_it_is_stopped(engine, notebook, write_note):
    write_note()
    dispatcher = Dispatcher(engine)
    dispatcher.start()
    while not notebook.HEARD:
        dispatcher.stopping.wait(0.01)
    dispatcher.stop()
    assert len(notebook.HEARD) == 1
