"""The suite that every plugin must pass, and that each room of the core passes too.

One line in a test file of the plugin runs it on every database:

    from kassa.testing.suite import plugin_suite

    TestSuite = plugin_suite("loyalty", story=tell)

`story(engine)` uses the plugin as its users would: it performs operations until each rule, decision and loader has run and
each kind of document was made. Meanwhile the suite calls every rule twice and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import pytest

from kassa.kernel.contributions import Decision, DocumentKind, Extension, Question, Rule
from kassa.kernel.database import connect
from kassa.kernel.engine import Engine
from kassa.kernel.invariants import verify
from kassa.kernel.plugins import ROOMS, discover, load
from kassa.testing.databases import Databases, Kind
from kassa.testing.suite.contract import CHECKS
from kassa.testing.suite.storage import migrations, read_back, unused_extensions
from kassa.testing.suite.subject import Subject
from kassa.testing.suite.watching import Watcher

Story: TypeAlias = Callable[[Engine], Any]
"""Uses all that a plugin does; may return a list of the ids of documents whose rows it let change after they were written."""

__all__ = ["CHECKS", "Story", "Subject", "Watcher", "migrations", "plugin_suite", "tell"]


def plugin_suite(
    plugin: str,
    modules: Mapping[str, Any] | None = None,
    *,
    story: Story | None = None,
    exempt: Mapping[str, str] | None = None,
) -> type[Any]:
    """Make the test class of a plugin, to be named `Test…` in a test file.

    `modules` are the hook modules of the plugin and of those that it requires, by name; the installed ones where left out.
    `exempt` skips a check by its name, with the reason.
    """
    found = load(discover()) if modules is None else modules
    subject = Subject(name=plugin, modules=found)
    excused = dict(exempt or {})
    known = [*(check.__name__ for check in CHECKS), "migrations", "story"]
    unknown = sorted(set(excused).difference(known))
    if unknown:
        raise ValueError(f"there is no check {', '.join(unknown)}; the checks are {', '.join(known)}")

    class Suite:
        """What every plugin must hold to."""

        @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
        def test_contract(self, check: Callable[[Subject], Any]) -> None:
            """What it contributes is as it must be."""
            _excuse(excused, check.__name__)
            _refuse(plugin, list(check(subject)))

        def test_migrations(self, new_database: Callable[[], str]) -> None:
            """Its migrations go up and down and make what its models say."""
            _excuse(excused, "migrations")
            if subject.room and plugin != ROOMS[0]:
                pytest.skip(f"the rooms of the core share one history, which is examined with {ROOMS[0]}")
            _refuse(plugin, list(migrations(subject, new_database())))

        def test_story(self, database_kind: Kind, kassa_databases: Databases) -> None:
            """While it works its rules are pure, and what it writes can be read back and verified."""
            _excuse(excused, "story")
            _refuse(plugin, list(tell(subject, story, kassa_databases, database_kind)))

    Suite.__doc__ = f"What every plugin must hold to, asked of {plugin}."
    return Suite


def tell(subject: Subject, story: Story | None, databases: Databases, kind: Kind) -> Iterator[str]:
    """Run a plugin's story on a fresh database and give what was seen that must not be."""
    if story is None:
        if any(subject.of(part) for part in (Rule, Decision, Question, DocumentKind, Extension)):
            yield "it has rules, decisions, documents or extensions, so it needs a story that uses them"
        return
    watcher = Watcher(subject.name)
    registry = watcher.watch(subject)
    url = databases.with_tables(kind, registry)
    engine = Engine(connect(url), registry)
    try:
        told = story(engine)
        changed = frozenset(told if isinstance(told, list | tuple) else ())
        yield from watcher.findings
        yield from watcher.unexercised(subject)
        with engine.database.snapshot() as read:
            yield from read_back(subject, read, watcher.written, changed)
            yield from unused_extensions(subject, read)
        yield from (f"the invariant {finding.invariant} is broken: {finding.row} {finding.what}" for finding in verify(engine))
    finally:
        engine.close()
        databases.drop(url)


def _excuse(excused: Mapping[str, str], check: str) -> None:
    if check in excused:
        pytest.skip(excused[check])


def _refuse(plugin: str, findings: list[str]) -> None:
    if findings:
        pytest.fail("\n".join([f"The plugin {plugin!r} does not hold to what every plugin must:", *findings]), pytrace=False)
