"""No invariant without its damage: each that a room contributes is named by a test that breaks what it guards."""

from pathlib import Path

from kassa import Invariant
from kassa.kernel.registry import build


def test_every_invariant_is_named_by_a_test():
    tests = Path(__file__).resolve().parents[1]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(tests.rglob("test_*.py")))
    assert [invariant.name for invariant in build({}).all(Invariant) if f'"{invariant.name}"' not in text] == []
