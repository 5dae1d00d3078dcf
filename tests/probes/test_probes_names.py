"""What makes a probe a proof: it is short, and it takes nothing of Kassa but its public names."""

import ast
from pathlib import Path

import pytest

AT_MOST = 150
BRIEF = ("deposit_order", "goods_back", "handling", "pay_out", "range")


@pytest.mark.parametrize("name", BRIEF)
def test_a_probe_is_brief_and_uses_public_names_alone(name):
    text = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= AT_MOST
    modules = {
        module
        for node in ast.walk(ast.parse(text))
        for module in (
            [node.module]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    assert {module for module in modules if module.split(".")[0] == "kassa"} == {"kassa"}
    assert modules <= {"kassa", "attrs", "collections", "peewee", "typing"}
