"""Every rule of the trade that a test proves stands on docs/rules.md in one sentence, and every sentence there is proved."""

import ast
import re

SENTENCE = re.compile(r"^\| `(?P<rule>[A-Z]+-?\d+)` \| (?P<sentence>.+?) \|$", re.MULTILINE)


def marked(root):
    """The rule ids that tests are marked with, each with the places of its tests."""
    found = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.rule"):
                for argument in node.args:
                    found.setdefault(ast.literal_eval(argument), []).append(f"{path.relative_to(root)}:{node.lineno}")
    return found


def sentences(root):
    """The sentences of the page, as pairs of id and sentence in their order."""
    return SENTENCE.findall((root / "docs" / "rules.md").read_text(encoding="utf-8"))


def test_every_marked_rule_has_a_sentence(root):
    known = {rule for rule, _ in sentences(root)}
    missing = [f"{rule}: {', '.join(places)}" for rule, places in marked(root).items() if rule not in known]
    assert missing == [], "state the rule in one sentence of our own in docs/rules.md"


def test_every_sentence_is_proved_by_a_marked_test(root):
    proved = set(marked(root))
    unproved = [rule for rule, _ in sentences(root) if rule not in proved]
    assert unproved == [], "mark the test that proves it with pytest.mark.rule, or take the sentence away"


def test_each_rule_is_stated_once_in_one_sentence(root):
    found = sentences(root)
    assert len(found) == len(dict(found))
    assert [rule for rule, text in found if not text.endswith(".") or text.count(". ")] == []


def test_every_row_of_the_page_is_a_sentence(root):
    rows = [line for line in (root / "docs" / "rules.md").read_text(encoding="utf-8").split("\n") if line.startswith("| ")]
    headings = [line for line in rows if line.startswith("| rule |")]
    assert len(rows) - len(headings) == len(sentences(root))
