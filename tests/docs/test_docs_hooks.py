"""The hooks: pinned, used, tested and described. A hook that nobody needs is not there."""

import ast
import inspect
import re

import pytest

from kassa import hookspecs
from kassa.kernel.plugins import HOOKS

# Name, parameters and return annotation of every hook: a change of these is a change of the hook API.
PINNED = {
    "register_storage": ((), "Iterable[give.Storage | give.Balance | give.Invariant | give.Lowering]"),
    "register_documents": ((), "Iterable[give.DocumentKind | give.Definition | give.Extension | give.Link]"),
    "register_definitions": (
        (),
        "Iterable[give.Definition | give.SettingDefinition | give.Permission | give.Role | give.NumberSeries | give.ErrorCode]",
    ),
    "register_rules": ((), "Iterable[give.Loader | give.Rule]"),
    "register_decisions": ((), "Iterable[give.Question | give.Decision]"),
    "register_operations": ((), "Iterable[give.Operation | give.Definition]"),
    "register_services": ((), "Iterable[give.Service]"),
    "register_events": ((), "Iterable[give.EventType | give.Listener]"),
    "register_jobs": ((), "Iterable[give.JobKind | give.Schedule]"),
    "register_reports": ((), "Iterable[give.Report]"),
}
COMMON = ("Kind", "Arguments", "Return", "Purity", "Transaction", "Errors", "Order", "Names", "Since", "Checked afterwards", "Units and signs", "Examples")


def _specifications():
    """Every function that the module of specifications marks as a hook."""
    return {name: value for name, value in vars(hookspecs).items() if hasattr(value, "kassa_spec")}


def test_names_parameters_and_returns_of_hooks_are_pinned():
    found = {name: inspect.signature(function) for name, function in _specifications().items()}
    assert {name: (tuple(s.parameters), s.return_annotation) for name, s in found.items()} == PINNED


def test_every_specification_is_collected():
    assert set(HOOKS) == set(_specifications())


def test_every_hook_has_a_contract():
    short = [name for name, function in _specifications().items() if len((inspect.getdoc(function) or "").split()) < 10]
    assert short == []


def test_what_hooks_have_in_common_is_said_once(generate):
    page = generate.generated()[generate.DOCS / "hooks.md"]
    common = page[page.index("## What all hooks have in common") : page.index("## The hooks")]
    said = re.findall(r"^\* (\w[\w ]*?)(?::| hook API)", common, re.MULTILINE)
    assert said == list(COMMON)


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_a_user(generate, root, hook):
    users = generate.described().users_of(hook)
    probes = [path.stem for path in sorted((root / "tests" / "probes").glob("*.py")) if f"\ndef {hook}(" in path.read_text(encoding="utf-8")]
    assert users + probes, "a room, a bundled plugin or a probe answers it, or it goes"


def test_every_hook_has_a_test_named_after_it(root):
    named = [
        node.name
        for path in sorted((root / "tests").rglob("test_*.py"))
        if (text := path.read_text(encoding="utf-8")) and any(f"test_{hook}" in text for hook in HOOKS)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    ]
    missing = [hook for hook in HOOKS if not any(name.startswith(f"test_{hook}") for name in named)]
    assert missing == [], "write a test_… for each that uses it"


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_an_example_in_its_reference(generate, root, hook):
    page = generate.generated()[generate.DOCS / "hooks.md"]
    text = (root / "examples" / "hooks" / f"{hook}.py").read_text(encoding="utf-8")
    assert f"## {hook}\n" in page
    assert text.strip() in page
    assert f"@hookimpl\ndef {hook}():" in text
