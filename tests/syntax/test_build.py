"""Each rule of the grammar is built by one function, which stands in one topic and is called like it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from policy_lang.syntax import build, tree
from policy_lang.syntax.parser import parser

TREE = Path(tree.__file__).parent


def _built() -> Counter[str]:
    return Counter(name for topic in build.TOPICS for name in build.rules_of(topic))


def test_every_rule_of_the_grammar_is_built_by_one_function() -> None:
    lark, _ = parser()
    met, passed_on = set[str](), set[str]()
    for rule in lark.rules:
        name = str(rule.alias or rule.origin.name)
        met.add(name)
        if name.startswith("_") or (rule.options.expand1 and not rule.alias):
            passed_on.add(name)  # Lark gives the one part of such a rule to the rule around it
    built = set(_built())
    assert built <= met
    assert met - passed_on - {"start"} <= built
    assert [name for name, count in _built().items() if count > 1] == []


def test_topics_are_called_like_those_of_the_tree() -> None:
    topics = {topic.__name__.rpartition(".")[2] for topic in build.TOPICS}
    assert topics == {path.stem for path in TREE.glob("*.py")} - {"__init__", "basics", "files"}
