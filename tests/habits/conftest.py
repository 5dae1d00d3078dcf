"""The project's own source files, parsed once, for the tests that hold the project to its habits."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = {"__pycache__", "build", "dist", "node_modules"}


@attrs.frozen
class Source:
    """One Python file: its path from the root of the project with forward slashes, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return self.text.count("\n")

    def at(self, node: ast.AST) -> str:
        """Where a node stands, in the form that editors open."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def find(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """All nodes of some kinds."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Every absolute import: its node and the full name of the module that it names."""
        for node in self.find(ast.Import, ast.ImportFrom):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node, node.module


def _python_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(ROOT).parts
        if not any(part in OUTSIDE or part.startswith(".") for part in parts):
            yield path


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the project."""
    return ROOT


@pytest.fixture(scope="session")
def sources() -> Callable[..., list[Source]]:
    """Gives the Python files below some folders of the root; a folder that does not exist has none."""
    parsed: dict[Path, Source] = {}

    def below(*folders: str) -> list[Source]:
        found = []
        for path in (path for folder in folders for path in _python_files(ROOT / folder)):
            if path not in parsed:
                text = path.read_text(encoding="utf-8")
                parsed[path] = Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text, filename=str(path)))
            found.append(parsed[path])
        return found

    return below


@pytest.fixture(scope="session")
def refuse() -> Callable[[list[str], str], None]:
    """Fails the test with every place that breaks a habit, one a line, and what to do about it."""

    def check(places: list[str], advice: str) -> None:
        if places:
            pytest.fail("\n".join([advice, *places]), pytrace=False)

    return check
