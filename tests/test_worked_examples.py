"""docs/how-each-number-is-computed.md: each equation is evaluated, each piece of Python run, each table added up."""

from __future__ import annotations

import doctest
import math
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta, norm, t

from impact_report import precision

PAGE = Path(__file__).parents[1] / "docs" / "how-each-number-is-computed.md"
TEXT = PAGE.read_text(encoding="utf-8")
PROSE = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
EQUATIONS = [span for span in re.findall(r"`([^`\n]+)`", PROSE) if " = " in span]
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)

# What an equation may be made of, besides numbers; B(q; s, t) is a quantile of the beta distribution.
MEANINGS = {
    "B": beta.ppf,
    "C": math.comb,
    "floor": math.floor,
    "sqrt": math.sqrt,
    "t": lambda degrees: t.ppf(0.975, degrees),
    "z": norm.ppf(0.975),
}


def value_of(expression: str) -> float:
    return float(eval(expression.replace("²", "**2").replace(";", ","), {"__builtins__": {}}, MEANINGS))


def table_below(heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its head."""
    rows = re.search(r"(?:^\|.*\n)+", TEXT[TEXT.index(f"## {heading}\n") :], flags=re.MULTILINE)[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


@pytest.mark.parametrize("equation", EQUATIONS)
def test_each_equation_holds_to_the_last_digit_printed(equation):
    left, printed = equation.rsplit(" = ", 1)
    decimals = len(printed.partition(".")[2])
    assert value_of(left) == pytest.approx(float(printed), abs=0.5 * 10**-decimals + 1e-9)


def test_the_page_has_equations_and_a_wrong_one_is_found():
    assert len(EQUATIONS) > 60
    with pytest.raises(AssertionError):
        test_each_equation_holds_to_the_last_digit_printed("7 / 10 = 0.71")


@pytest.fixture(scope="module")
def names() -> dict:
    """Run all pieces of Python of the page, one after the other; return what they have named."""
    flags = doctest.NORMALIZE_WHITESPACE
    example = doctest.DocTestParser().get_doctest("\n".join(PYTHON), {}, PAGE.name, str(PAGE), 0)
    runner = doctest.DocTestRunner(optionflags=flags)
    runner.run(example, clear_globs=False)
    assert runner.failures == 0 and runner.tries > 30
    return example.globs


def test_the_python_of_the_page_gives_what_stands_below_it(names):
    assert names["answered"].sum() == 10


CODES = {"yes": 1.0, "no": 0.0}


def test_the_table_of_twelve_answers_is_what_the_python_starts_from(names):
    rows = table_below("Twelve answers")
    assert [row[0] for row in rows] == [str(k) for k in range(1, 13)]
    for column, name in ((1, "partnership"), (2, "region"), (3, "role")):
        assert [row[column] for row in rows] == names[name].tolist()
    assert [float(row[8]) for row in rows] == names["weight"].tolist()

    def number(text: str) -> float:
        return CODES.get(text, float(text) if text.isdigit() else np.nan)

    for column, name in ((4, "shared"), (5, "worth")):
        assert np.array_equal([number(row[column]) for row in rows], names[name], equal_nan=True)
    for column, name in ((6, "businesses"), (7, "people")):
        asked = [row[column] for row in rows if row[column] != "not asked"]
        assert [row[3] for row in rows if row[column] != "not asked"] == ["firm"] * 6
        assert np.array_equal([number(text) for text in asked], names[name], equal_nan=True)


def test_the_bases_and_counts_in_the_words_are_those_of_the_table(names):
    shared, worth, businesses = names["shared"], names["worth"], names["businesses"]
    assert (np.nansum(shared), (~np.isnan(shared)).sum()) == (7, 10)
    assert (np.flatnonzero(worth >= 4) + 1).tolist() == [1, 2, 4, 7, 9, 10, 12] and (~np.isnan(worth)).sum() == 11
    assert (np.nansum(businesses), (~np.isnan(businesses)).sum()) == (52, 5)
    assert np.nansum((businesses - np.nanmean(businesses)) ** 2) == pytest.approx(155.2)
    for region, yes in (("north", 4), ("south", 3)):
        inside = names["region"] == region
        assert (np.nansum(shared[inside]), (~np.isnan(shared[inside])).sum()) == (yes, 5)
    public = names["role"] == "public"
    assert (np.nansum(shared[public]), (~np.isnan(shared[public])).sum()) == (3, 4)


def test_the_sums_of_scores_in_the_words_are_those_of_the_twelve(names):
    shared, weight = names["shared"], names["weight"]
    scores = np.nan_to_num(weight * (shared - 10 / 15) / 15)
    sums = [45 * scores[names["partnership"] == unit].sum() for unit in "ABCDEF"]
    assert sums == pytest.approx([2, -1, 1, -2, 4, -4])


def test_the_table_of_methods_says_what_they_give(names):
    rows = {row[0].strip("`"): row[2] for row in table_below("Intervals of weighted and clustered answers")}
    assert set(rows) == set(precision.METHODS) - set(precision.COUNT_METHODS) - {"korn-graubard"}
    for method, said in rows.items():
        low, high = precision.interval(method, **names["estimate"])
        assert said == f"{100 * low:.1f} % to {100 * high:.1f} %"
