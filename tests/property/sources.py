"""Policy files by chance, drawn from the grammar itself: all that it can make, in every odd layout."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from random import Random

from lark.grammar import NonTerminal, Rule
from lark.lexer import PatternStr

from policy_lang.syntax.layout import OPENERS
from policy_lang.syntax.parser import parser

_STEEP, _DEEP = 6, 14
"""From the first depth on, the shortest way to an end is taken often; from the second on, always."""

_NAMES = ["alpha", "beta", "gamma_2", "step", "chain", "vehicle", "x", "reviews", "order", "of_all", "a1"]
_SOFT_WORDS = ["kind", "by", "to", "date", "country", "other", "list", "any", "none", "sum", "goods", "title"]
_TEXTS = [
    "",
    "a text",
    "  padded ",
    "Artículo 3",
    "cafe\u0301",
    "50 % # no comment",
    "[no citation]",
    "x" * 90,
]
_COMMENTS = [
    "#",
    "# a note",
    "#!odd",
    "# [not cited]",
    '# "quoted',
    "# " + "long " * 30,
    "# -----------",
    "# é",
]
_CITATIONS = [
    "[Art. 1]",
    "[]",
    "[ wide   apart ]",
    "[own reading]",
    '[a "quote # here]',
    f"[{'far ' * 12}; secondary]",
]


@lru_cache(maxsize=1)
def _grammar() -> tuple[dict[str, list[Rule]], dict[str, str], dict[str, int]]:
    """The rules by what they make, the fixed words and marks by name, and how deep each rule is at least."""
    lark, _ = parser()
    rules: dict[str, list[Rule]] = {}
    for rule in lark.rules:
        rules.setdefault(rule.origin.name, []).append(rule)
    fixed = {
        t.name: t.pattern.value.partition("(?!")[0]
        for t in lark.terminals
        if isinstance(t.pattern, PatternStr) or t.name.startswith("_")
    }
    least = dict.fromkeys(rules, 10**6)
    for _ in range(60):
        for name, found in rules.items():
            least[name] = min(_least(rule, least) for rule in found)
    return rules, fixed, least


def _least(rule: Rule, least: dict[str, int]) -> int:
    return 1 + max((least[s.name] for s in rule.expansion if isinstance(s, NonTerminal)), default=0)


def phrase(rule: Rule) -> str:
    """What a rule of the grammar makes."""
    return str(rule.alias or rule.origin.name)


def all_phrases() -> set[str]:
    """Everything that the grammar can make."""
    return {phrase(rule) for rules in _grammar()[0].values() for rule in rules} - {"start"}


class Author:
    """Writes policy files by chance; `used` counts the rules of the grammar that it has used.

    `fairness` is how often it takes, of several ways to go on, one that it has seldom taken.
    """

    def __init__(self, random: Random, fairness: float = 0.4) -> None:
        self._random = random
        self._fairness = fairness
        self.used: Counter[Rule] = Counter()

    def file(self, most_items: int = 2, item: str = "item") -> str:
        """One file: most are read without mistakes, not all."""
        chance = self._random
        text = "" if chance.random() < 0.7 else self._comment_lines(0)
        for _ in range(chance.randint(1, most_items)):
            terminals: list[str] = []
            self._derive(item, 1, terminals)
            text += self._written(terminals)
            text += "\n" * chance.randint(0, 2)
        if chance.random() < 0.2:
            text = text.rstrip("\n")
        return text

    def _derive(self, name: str, depth: int, found: list[str]) -> None:
        rules, _, least = _grammar()
        options = rules[name]
        if depth > _DEEP or (depth > _STEEP and self._random.random() < 0.6):
            shortest = min(_least(rule, least) for rule in options)
            options = [rule for rule in options if _least(rule, least) == shortest]
        elif self._random.random() < (self._fairness if depth <= _STEEP else 0.1):
            rarest = min(self.used[rule] for rule in options)
            options = [rule for rule in options if self.used[rule] == rarest]
        rule = self._random.choice(options)
        self.used[rule] += 1
        for symbol in rule.expansion:
            if rule.alias == "each_unit" and symbol.name == "PERIOD_UNIT":
                found.append("EACH_UNIT")
            elif rule.alias in ("given_until", "given_none_by") and symbol.name == "constant":
                found.append("_NONE")  # the only one that may stand there
            elif isinstance(symbol, NonTerminal):
                self._derive(symbol.name, depth + (not symbol.name.startswith("__")), found)
            else:
                found.append(symbol.name)

    # ---------------------------------------------------------------- words

    def _word(self, terminals: list[str], i: int) -> str:
        chance, name = self._random, terminals[i]
        following = terminals[i + 1] if i + 1 < len(terminals) else ""
        match name:
            case "NAME":
                return chance.choice(_SOFT_WORDS if chance.random() < 0.03 else _NAMES)
            case "DOT_NAME":
                return "." + chance.choice(_NAMES)
            case "COUNTRY":
                return chance.choice(["US", "JP", "XK", "EU"])
            case "CURRENCY":
                return chance.choice(["USD", "JPY"])
            case "STRING":
                return f'"{chance.choice(_TEXTS)}"'
            case "DATE":
                return f"{chance.choice([1, 1999, 2024, 9999]):04}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            case "NUMBER" if following in ("PERIOD_UNIT", "_DECIMALS", "_DIGITS") or (
                i and terminals[i - 1] == "_IN"
            ):
                return str(chance.choice([1, 2, 30, 1999, 9999] + [1_500_000] * (following == "PERIOD_UNIT")))
            case "NUMBER" if following == "MONTH":
                return str(chance.randint(1, 28))
            case "NUMBER":
                return chance.choice(["0", "1", "50.0", "0.00000001", "1234567.890", "3750", "9" * 30])
            case "HS_TYPE":
                return "HS code"
            case "MONTH":
                return chance.choice(["January", "July", "December"])
            case "HS_CODE":
                return chance.choice(["HS 26", "HS 2604", "HS 2833.24"])
            case "ORDINAL":
                return chance.choice(["1st", "2nd", "3th", "11th", "100th", "123456789th"])
            case "UNIT":
                return chance.choice(["kWh", "lb", "kg", "tonne", "tonnes", "oz"])
            case "PERIOD_UNIT":
                return chance.choice(["year", "years", "month", "months", "day", "days"])
            case "EACH_UNIT":
                return chance.choice(["year", "month", "day"])
            case "FACT_CODE":
                return chance.choice(["out-of-bounds", "check-failed", "wrong-kind"])
            case "MINUS":
                return "-"
            case "NEGATIVE":  # stands before a number, a name or a bracket only
                return "-" if following in ("NUMBER", "NAME", "LPAR") else ""
            case _:
                return _grammar()[1][name]

    # ---------------------------------------------------------------- layout

    def _written(self, terminals: list[str]) -> str:
        indents, blocks = [0], [""]
        text, first = "", ""
        i = 0
        while i < len(terminals):
            name = terminals[i]
            if name == "_INDENT":
                indents.append(indents[-1] + self._random.choice([1, 2, 4, 4, 7]))
                blocks.append("_GIVEN" if first == "_GIVEN" or blocks[-1] == "_GIVEN" else first)
                i += 1
            elif name == "_DEDENT":
                indents.pop()
                blocks.pop()
                i += 1
            else:
                end = terminals.index("_NL", i)
                first = name
                goes_on = blocks[-1] != "_GIVEN" and name != "_GIVEN"
                goes_on = goes_on and name != "_CASE" and not (len(indents) == 1 and name in OPENERS)
                text += self._sentence(terminals, i, end, indents[-1], goes_on=goes_on)
                i = end + 1
        return text

    def _sentence(self, terminals: list[str], start: int, end: int, indent: int, *, goes_on: bool) -> str:
        chance = self._random
        text = " " * indent
        if chance.random() < 0.01:
            text += chance.choice(_CITATIONS) + " "
        for i in range(start, end):
            if i > start:
                text += self._gap(terminals[i - 1], terminals[i], indent, goes_on=goes_on)
            text += self._word(terminals, i)
        while chance.random() < 0.15:
            text += " " * chance.randint(0, 20) + chance.choice(_CITATIONS)
        if chance.random() < 0.1:
            text += " " * chance.randint(0, 9) + chance.choice(_COMMENTS)
        text += "\n"
        while chance.random() < 0.08:
            text += " " * chance.randint(1, 12) + chance.choice(_CITATIONS)
            text += chance.choice(["", "  " + chance.choice(_COMMENTS)]) + "\n"
            if chance.random() < 0.3:
                text += self._comment_lines(indent)
        return text + (self._comment_lines(indent) if chance.random() < 0.15 else "")

    def _gap(self, before: str, after: str, indent: int, *, goes_on: bool) -> str:
        chance = self._random
        marks = {"COMMA", "LPAR", "RPAR", "PERCENT", "COLON", "PLUS", "STAR", "SLASH", "STRING", "DOT_NAME"}
        if before == "NEGATIVE":
            return ""
        if (after in marks or before in marks - {"DOT_NAME"}) and chance.random() < 0.6:
            return ""
        if chance.random() < 0.9:
            return " " * chance.choice([1, 1, 1, 3])
        if chance.random() < 0.3 or not goes_on:
            return f" {chance.choice(_CITATIONS)} "
        text = ""
        while chance.random() < 0.4:
            text += " " + chance.choice([*_COMMENTS, *_CITATIONS]) + "\n"
            text += self._comment_lines(indent) if chance.random() < 0.3 else ""
            text += " " * chance.randint(1, 12)
            text += chance.choice(_CITATIONS) if chance.random() < 0.3 else ""
        return re.sub(r"\n[ ]*\Z", "", text) + "\n" + " " * (indent + chance.randint(1, 9))

    def _comment_lines(self, indent: int) -> str:
        chance = self._random
        text = "\n" * chance.randint(0, 2)
        for _ in range(chance.randint(1, 3)):
            text += " " * chance.choice([0, indent, indent, indent + 4, 3]) + chance.choice(_COMMENTS) + "\n"
            text += "\n" * chance.choice([0, 0, 1, 3])
        return text
