"""The written pages: every link leads somewhere, every name of a file or setting that a page states is there."""

import re

import pytest

from kassa.testing.reference.markdown import anchor

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
VARIABLE = re.compile(r"KASSA_[A-Z_]*[A-Z]")
OF_TESTS = {"KASSA_TEST_POSTGRES", "KASSA_TEST_SQLITE_ONLY"}
IGNORED = {"_build", ".git", ".venv", "node_modules", ".tox", "build"}


def pages(root):
    """Every Markdown page of the project."""
    return [path for path in sorted(root.rglob("*.md")) if not IGNORED & set(path.relative_to(root).parts)]


def headings(path):
    """The names of a page's headings, as links call them."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    return {anchor(found.replace("`", "")) for found in re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE)}


def broken(path):
    """The links of a page that lead nowhere."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, place = target.partition("#")
        file = path if not name else path.parent / name
        if not file.exists() or (place and place not in headings(file)):
            yield target


def test_every_link_leads_somewhere(root):
    found = [f"{path.relative_to(root)}: {target}" for path in pages(root) for target in broken(path)]
    assert found == []


def test_every_page_of_the_documentation_is_reached(root):
    docs = root / "docs"
    trees = [
        (path.parent, line)
        for path in docs.rglob("*.md")
        if "_build" not in path.parts
        for block in re.findall(r"```\{toctree\}(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
        for line in block.split("\n")
        if line and not line.startswith(":")
    ]
    reached = {found for folder, name in trees for found in folder.glob(f"{name}.md")}
    missing = [str(path.relative_to(docs)) for path in docs.rglob("*.md") if "_build" not in path.parts and path not in reached]
    assert missing == ["index.md"]


def test_every_variable_of_the_environment_is_described(root):
    read = {
        name
        for folder in ("core", "hosts", "demo")
        for path in (root / folder).rglob("*.py")
        for name in VARIABLE.findall(path.read_text(encoding="utf-8"))
    } - OF_TESTS
    described = set(VARIABLE.findall((root / "docs" / "deployment.md").read_text(encoding="utf-8")))
    assert read == described


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "core/kassa/README.md", "core/kassa/kernel/README.md", "CONTRIBUTING.md", "README.md"])
def test_files_that_a_page_names_are_there(root, page):
    text = (root / page).read_text(encoding="utf-8")
    base = (root / page).parent
    core = root / "core" / "kassa"
    places = [base, root, root / "docs", core, core / "kernel", root / "hosts" / "flask_app"]
    names = set(re.findall(r"`([\w./-]+/(?:[\w.-]+)?|[\w/-]+\.(?:py|md|toml|cfg))`", text))
    generic = {"migrations/", "operations.py", "messages.py", "store.py", "facts.py", "postings.py", "movements.py", "reports.py", "workflow.py"}
    missing = [name for name in sorted(names - generic) if not any((place / name).exists() for place in places)]
    absent = [name for name in missing if not list(core.glob(f"*/{name}"))]
    assert absent == []


def test_commands_that_pages_show_exist(root):
    from kassa.cli.main import TABLE

    shown = set()
    for path in pages(root):
        for block in re.findall(r"```sh\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            shown |= set(re.findall(r"^\s*(?:\.venv/bin/)?kassa (?:--\S+ \S+ )*([a-z]+)", block, re.MULTILINE))
    assert shown - set(TABLE) <= {"demo"}
