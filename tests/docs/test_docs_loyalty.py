"""The example of a whole plugin: its own tests run here too, and what it says of itself is true."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from kassa.kernel.migrations import plan
from kassa.kernel.plugins import GROUP
from kassa.testing.reference import describe

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "kassa-loyalty"
# In a repository of its own it would be installed; here its folders are put on the path.
sys.path[:0] = [str(EXAMPLE), str(EXAMPLE / "tests")]
pytest.register_assert_rewrite("test_loyalty_points")

from kassa_loyalty import __version__, hooks  # noqa: E402 - found by the path above
from test_loyalty_points import *  # noqa: E402, F403 - its tests and fixtures become those of this file


@pytest.fixture(scope="module")
def described():
    """The core with the example."""
    return describe({"loyalty": hooks})


@pytest.fixture(scope="module")
def project():
    """What the example says of itself to those who install it."""
    return tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_entry_point_of_the_example_names_its_hooks(project):
    assert project["project"]["entry-points"][GROUP] == {"loyalty": hooks.__name__}


def test_the_example_tells_its_version_and_summary(described):
    info = next(info for info in described.infos if info.name == "loyalty")
    assert (info.version, info.summary) == (__version__, "Points for customers.")


def test_the_example_uses_public_names_alone():
    imports = [
        found[1]
        for path in sorted((EXAMPLE / "kassa_loyalty").rglob("*.py"))
        for found in re.finditer(r"^\s*(?:from|import) (kassa[\w.]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert {name for name in imports if not name.startswith("kassa_loyalty")} == {"kassa"}


def test_the_migration_of_the_example_comes_after_those_of_the_core(described):
    labels = [migration.label for migration in plan(described.registry)]
    assert labels[-1] == "loyalty:0001_points"
