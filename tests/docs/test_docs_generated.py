"""The generated pages are as the source makes them, and nothing that a page should tell is left out."""

import ast

import pytest

from kassa.kernel.contributions import EventType, Operation
from kassa.kernel.errors import ErrorCode
from kassa.testing.reference import describe, plugin_page


def test_generated_pages_are_fresh(generate, root):
    stale = [str(path.relative_to(root)) for path in generate.stale(generate.generated())]
    assert stale == [], "run `python docs/generate.py`"


def test_the_check_of_the_command_names_stale_pages_and_writes_nothing(generate, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "DOCS", tmp_path / "docs")
    monkeypatch.setattr(generate, "generated", lambda: {tmp_path / "docs" / "events.md": "Events"})
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out == "docs/events.md is stale: run python docs/generate.py\n"
    assert generate.main([]) == 0
    assert (tmp_path / "docs" / "events.md").read_text() == "Events"
    assert generate.main(["--check"]) == 0


def test_pages_of_owners_that_are_gone_are_removed(generate, monkeypatch, tmp_path):
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "DOCS", tmp_path)
    monkeypatch.setattr(generate, "generated", dict)
    (tmp_path / "errors").mkdir()
    (tmp_path / "errors" / "gone.md").write_text("Codes of a plugin that is no more")
    generate.main([])
    assert list((tmp_path / "errors").iterdir()) == []


def _codes_in(path):
    """The codes that a source file gives to its issues and errors, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "code" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
                    yield node, keyword.value.value


def _makes_an_issue(call):
    name = ast.unparse(call.func).rsplit(".", 1)[-1]
    return name in {"Issue", "Conflict", "Refused", "InvalidInput", "KassaError", "Unavailable"}


def test_every_code_in_the_source_has_a_page(generate, root):
    known = {code.code for _, codes in generate.described().codes() for code in codes}
    places = [path for folder in ("core", "plugins", "hosts") for path in sorted((root / folder).rglob("*.py"))]
    missing = [
        f"{path.relative_to(root)}:{call.lineno} {code}"
        for path in places
        for call, code in _codes_in(path)
        if _makes_an_issue(call) and code not in known
    ]
    assert missing == [], "declare the code as an ErrorCode of its room or plugin"


def test_every_code_says_what_to_do(generate):
    silent = [code.code for _, codes in generate.described().codes() for code in codes if not (code.title and code.meaning and code.action)]
    assert silent == []


def test_the_index_of_codes_lists_each_with_its_page(generate):
    wanted = generate.generated()
    index = wanted[generate.DOCS / "errors" / "index.md"]
    for owner, codes in generate.described().codes():
        for code in codes:
            assert f"[`{code.code}`]({owner}.md#{code.code.lower()}) | {code.status} " in index
            assert f"## `{code.code}`\n" in wanted[generate.DOCS / "errors" / f"{owner}.md"]


def test_every_operation_and_event_stands_on_its_page(generate):
    """Also those that are made of others: actions of documents, reports, events of records that are no documents."""
    registry, wanted = generate.described().registry, generate.generated()
    for name, kind in (("operations.md", Operation), ("events.md", EventType)):
        text = wanted[generate.DOCS / name]
        assert [value.name for value in registry.all(kind) if f"\n| `{value.name}` | " not in text] == []


def test_a_page_about_one_plugin_tells_what_it_contributes(example):
    text = plugin_page(describe({"bell": example("register_definitions")}), "bell")
    assert "| `bell.volume` | a whole number from 0 to 10 | `5` | installation, legal entity, store | How loud the bell is. |" in text
    assert "| `bell.silence` | Silence the bell |" in text
    assert "### `BELL_SILENT`" in text
    assert "## Operations" not in text


@pytest.mark.parametrize("text, shown", [("a < b * c", "a \\< b \\* c"), ("`a < b` * c", "`a < b` \\* c"), ("plain", "plain")])
def test_signs_of_markdown_stand_for_themselves(text, shown):
    from kassa.testing.reference.markdown import prose

    assert prose(text) == shown


def test_tables_survive_bars_and_line_breaks():
    from kassa.testing.reference.markdown import table

    assert table(("a", "b"), [("x | y", "two\nlines")]) == "| a | b |\n|---|---|\n| x \\| y | two lines |"


def test_codes_of_hosts_stand_beside_those_of_owners():
    code = ErrorCode(code="HOST_ASLEEP", title="The host sleeps", meaning="It is night.", action="Wait.")
    assert dict(describe({}, host_codes={"night": (code,)}).codes())["night"] == [code]
