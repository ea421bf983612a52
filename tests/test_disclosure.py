"""What is hidden, and an attacker who reads every edition of a wave: no small cell may follow from what is shown."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from attacker import Reader

from impact_report.codebook import Codebook, Fact, Item
from impact_report.disclosure import MASKED_COLUMNS, Suppression, mask, suppression
from impact_report.errors import EstimationError
from impact_report.tally import tally

# --- a small survey ---------------------------------------------------------------------------------------------------


def survey(groups: dict[str, list[str]], *items: dict, **asked: dict) -> Codebook:
    """Return a codebook; an item is {name: (codes, [(indicator, codes that count, …)])}, `asked` more of an item."""
    listed: dict = {
        name: {"question": name, "kind": "single", "codes": dict(zip(codes, codes, strict=True))}
        for name, codes in groups.items()
    }
    indicators = []
    for item in items:
        for name, (codes, counted) in item.items():
            listed[name] = {"question": name, "kind": "single", "codes": dict(zip(codes, codes, strict=True))}
            listed[name] |= asked.get(name, {})
            indicators += [
                {"id": one, "statement": one, "item": name, "counts": list(counts), **dict(more)}
                for one, counts, *more in counted
            ]
    return Codebook.model_validate(
        {
            "survey": {"id": "s", "title": "S", "subject": "S."},
            "items": listed,
            "sections": [{"id": "one", "title": "One", "indicators": indicators}],
            "groups": list(groups),
        }
    )


def answers(codebook: Codebook, rows: list[tuple[int, dict]]) -> pd.DataFrame:
    """Return responses from (how many, {item: code}); an item that is left out was not answered."""
    people = [row for number, row in rows for _ in range(number)]
    table = pd.DataFrame(index=range(len(people)))
    for name, item in codebook.items.items():
        given = [row.get(name) for row in people]
        table[name] = pd.Categorical(given, categories=list(item.codes))
        missing = [None if one else "no_answer" for one in given]
        if item.ask_if:
            (by, chosen), *_ = item.ask_if.tests.items()
            asked = [row.get(by) in chosen.any for row in people]
            missing = [one if reached else "not_asked" for one, reached in zip(missing, asked, strict=True)]
        table[f"{name}.missing"] = pd.Categorical(missing, categories=["no_answer", "not_asked"])
    return table


def wave(minimum_base: int = 5, k: int | None = None, not_stated: str = "protect") -> SimpleNamespace:
    return SimpleNamespace(minimum_base=minimum_base, smallest_count=k, not_stated=not_stated)


def rows_hidden(found: Suppression, indicator: str) -> set[str]:
    """Return the cells in which an indicator is hidden, as 'everyone', 'a' or 'a/x'."""
    cells = found.cells.items()
    return {"/".join(code for _, code in cell) or "everyone" for cell, at in cells if found.rows[indicator][at]}


YES_NO = {"data": (["yes", "no"], [("shared", ["yes"])])}


def by_role(counts: dict[str | None, tuple[int, int]], **limits) -> set[str]:
    """Return the groups in which 'shared' is hidden, of groups given as {role: (yes, answers)}."""
    codebook = survey({"role": [role for role in counts if role]}, YES_NO)
    rows = []
    for role, (yes, base) in counts.items():
        rows += [(yes, {"role": role, "data": "yes"}), (base - yes, {"role": role, "data": "no"})]
    return rows_hidden(suppression(answers(codebook, rows), codebook, wave(**limits)), "shared")


# --- weights ---------------------------------------------------------------------------------------------------------


def test_of_a_group_that_weighs_nothing_but_for_one_the_one_stays_hidden():
    """Of b's ten only one has a weight: its base is 1, however many answered; a, which all less b gives, is hidden."""
    codebook = survey({"role": ["a", "b", "c"]}, YES_NO)
    groups = [(10, {"role": role, "data": "yes"}) for role in "abc"] + [
        (10, {"role": role, "data": "no"}) for role in "ac"
    ]
    table = answers(codebook, groups)
    shown = rows_hidden(suppression(table, codebook, wave(k=5)), "shared")
    assert shown == set()
    of_b = table["role"] == "b"
    table["design.weight"] = np.where(of_b & of_b.cumsum().gt(1), 0.0, 1.0)
    assert "b" in rows_hidden(suppression(table, codebook, wave(k=5)), "shared")


# --- one grouping -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"a": (4, 10), "b": (4, 10)}, set()),
        ({"a": (2, 4), "b": (5, 10), "c": (6, 12)}, {"a", "b"}),  # b, or a = all − b − c
        ({"a": (2, 4), "b": (3, 3), "c": (6, 12)}, {"a", "b"}),  # together 7
        ({"a": (1, 1), "b": (2, 2), "c": (6, 12), "d": (9, 13)}, {"a", "b", "c"}),  # a and b are together only 3
        ({"a": (2, 4), "nobody": (0, 0), "b": (6, 10), "c": (6, 12)}, {"a", "b"}),  # an empty group protects nothing
        ({"a": (2, 4), "b": (6, 10)}, {"a", "b"}),
        ({"a": (0, 5), "b": (5, 5)}, set()),  # five is enough, whatever they say
        ({"a": (0, 3), "b": (0, 4), "c": (6, 12)}, {"a", "b", "c"}),  # 6 − 6: all seven would be known to say no
    ],
)
def test_small_groups_and_what_would_give_them_away(groups, expected):
    assert by_role(groups) == expected


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"a": (10, 20), "b": (10, 20)}, set()),
        ({"a": (3, 20), "b": (10, 20), "c": (10, 22)}, {"a", "b"}),  # 3 of 20 is 1 … 4 yes; b protects it
        ({"a": (17, 20), "b": (10, 20), "c": (10, 22)}, {"a", "b"}),  # 17 of 20: 3 say no
        ({"a": (0, 20), "b": (20, 20)}, set()),  # 0 and all are no small counts
    ],
)
def test_small_counts_when_k_is_on(groups, expected):
    assert by_role(groups, k=5) == expected


def test_a_small_total_is_hidden_with_all_its_groups():
    assert by_role({"a": (1, 2), "b": (2, 2)}) == {"everyone", "a", "b"}


def test_respondents_without_a_group_are_a_cell_of_their_own():
    # 22 answered, the groups hold 20: the two others would follow by subtraction
    assert by_role({"a": (4, 10), "b": (4, 10), None: (1, 2)}) == {"a"}
    # six others may follow
    assert by_role({"a": (4, 10), "b": (4, 10), None: (1, 6)}) == set()
    # and they protect a small group as another group would
    assert by_role({"a": (2, 4), "b": (4, 10), None: (3, 6)}) == {"a"}


def test_a_wave_may_say_that_those_without_a_group_need_no_hiding():
    of_all = {"a": (40, 100), "b": (40, 100), None: (1, 2)}
    assert by_role(of_all, k=5) == {"a"}
    assert by_role(of_all, k=5, not_stated="ignore") == set()
    # a group that is small itself is hidden as ever; the two without one protect it, since they never stand anywhere
    assert by_role({"a": (2, 4), "b": (40, 100), None: (1, 2)}, not_stated="ignore") == {"a"}


def test_the_same_groups_are_hidden_whatever_the_question():
    """Had each question its own, one would tell the size that another hides."""
    codebook = survey({"role": list("abc")}, YES_NO, {"pay": (["yes", "no"], [("paid", ["yes"])])})
    rows = [(3, {"role": "a", "data": "yes", "pay": "yes"}), (6, {"role": "b", "data": "no", "pay": "no"})]
    rows += [(6, {"role": "c", "data": "yes", "pay": "no"}), (2, {"role": "c", "data": "no", "pay": "yes"})]
    found = suppression(answers(codebook, rows), codebook, wave())
    assert found.size(("role", "a"))
    assert rows_hidden(found, "shared") == rows_hidden(found, "paid") == {"a", "b"}


# --- answers to one question ------------------------------------------------------------------------------------------


def test_a_hidden_answer_is_not_what_the_other_answers_leave():
    """60 answer: 30 one thing, 20 another, 8 a third, and 2 a fourth; of 2 = 60 − 30 − 20 − 8 the 8 must go, too."""
    codes = ["one", "two", "three", "four"]
    codebook = survey({}, {"q": (codes, [(code, [code]) for code in codes])})
    rows = [(number, {"q": code}) for number, code in zip([30, 20, 8, 2], codes, strict=True)]
    found = suppression(answers(codebook, rows), codebook, wave(k=5))
    assert [code for code in codes if found.row(code)] == ["three", "four"]


def test_of_the_two_highest_answers_each_follows_from_the_other_and_both():
    """Two of 40 strongly agree and 20 agree: both together are 22, so that 20 would give the two away."""
    codes = ["disagree", "agree", "strongly"]
    counted = [("both", ["agree", "strongly"]), ("agreed", ["agree"]), ("strongly_agreed", ["strongly"])]
    codebook = survey({}, {"q": (codes, counted)})
    rows = [(18, {"q": "disagree"}), (20, {"q": "agree"}), (2, {"q": "strongly"})]
    found = suppression(answers(codebook, rows), codebook, wave(k=5))
    assert [one for one, _ in counted if found.row(one)] == ["agreed", "strongly_agreed"]


# --- who is asked tells how many there are --------------------------------------------------------------------------


@pytest.mark.parametrize("route", ["among", "ask_if"])
def test_a_question_to_one_group_tells_its_size(route):
    """Three champions in the north. A question to champions alone, by region, would print that three were asked."""
    among = {"among": {"role": "champion"}} if route == "among" else {}
    asked = {"lead": {"ask_if": {"role": "champion"}}} if route == "ask_if" else {}
    codebook = survey(
        {"role": ["champion", "partner"], "region": ["north", "south"]},
        YES_NO,
        {"lead": (["yes", "no"], [("leads", ["yes"], *among.items())])},
        **asked,
    )
    both = {"data": "yes", "lead": "yes"}
    rows = [(3, {"role": "champion", "region": "north", **both}), (20, {"role": "champion", "region": "south", **both})]
    rows += [(n, {"role": "partner", "region": region, "data": "no"}) for n, region in ((17, "north"), (10, "south"))]
    found = suppression(answers(codebook, rows), codebook, wave())
    assert rows_hidden(found, "shared") == set()
    assert rows_hidden(found, "leads") >= {"north", "south"}
    crossed = suppression(answers(codebook, rows), codebook, wave(), crossed=True)
    assert crossed.size(("role", "champion"), ("region", "north"))
    assert crossed.row("shared", ("role", "champion"), ("region", "north"))


def test_who_is_asked_further_said_yes_before():
    """28 of 30 said yes; those were asked on. That 28 were asked would print what is hidden."""
    codebook = survey(
        {"role": ["a", "b"]}, YES_NO, {"how": (["well", "badly"], [("well", ["well"])])},
        how={"ask_if": {"data": "yes"}},
    )  # fmt: skip
    rows = [(14, {"role": "a", "data": "yes", "how": "well"}), (14, {"role": "a", "data": "yes", "how": "badly"})]
    rows += [(2, {"role": "a", "data": "no"})]
    rows += [(10, {"role": "b", "data": "yes", "how": "well"}), (10, {"role": "b", "data": "yes", "how": "badly"})]
    rows += [(10, {"role": "b", "data": "no"})]
    found = suppression(answers(codebook, rows), codebook, wave(k=5))
    assert found.row("shared", ("role", "a"))
    assert found.row("well", ("role", "a"))
    assert found.row("well", ("role", "b"))


def test_a_headline_fact_tells_how_many_were_asked():
    """3 partners are hidden, with the 8 champions. That 8 were asked for an amount gives the 3 away: 31 − 20 − 8."""
    codebook = survey({"role": ["champion", "partner", "other"]}, YES_NO)
    rows = [(3, {"role": "partner", "data": "yes"}), (20, {"role": "other", "data": "no"})]
    rows += [(4, {"role": "champion", "data": one}) for one in ("yes", "no")]
    silent = suppression(answers(codebook, rows), codebook, wave())
    assert rows_hidden(silent, "shared") == {"champion", "partner"}
    amount = Item(question="How much?", kind="quantity", ask_if={"role": "champion"})
    fact = Fact(id="money", label="money", measure="total", item="amount")
    telling = codebook.model_copy(update={"items": codebook.items | {"amount": amount}, "facts": [fact]})
    told = suppression(answers(codebook, rows), telling, wave())
    assert rows_hidden(told, "shared") == {"champion", "partner", "other"}


# --- editions ---------------------------------------------------------------------------------------------------------


def test_an_edition_of_a_group_hides_what_the_edition_of_all_hides():
    codebook = survey({"role": list("abc"), "region": ["n", "s"]}, YES_NO)
    rows = [
        (number, {"role": role, "region": region, "data": data})
        for role, region, data, number in [
            ("a", "n", "yes", 3), ("b", "n", "yes", 4), ("b", "n", "no", 3), ("c", "n", "no", 9),
            ("a", "s", "no", 1), ("b", "s", "yes", 6), ("c", "s", "yes", 5), ("c", "s", "no", 8),
        ]
    ]  # fmt: skip
    responses = answers(codebook, rows)
    whole, crossed = (suppression(responses, codebook, wave(), crossed=crossed) for crossed in (False, True))
    assert rows_hidden(whole, "shared") == {"a", "b"}
    assert {cell for cell in rows_hidden(crossed, "shared") if "/" not in cell} == {"a", "b"}
    north = (responses["region"] == "n").to_numpy()
    table = tally(responses, codebook, north)
    marks = crossed.marks(table, ("region", "n"))
    shown = table[~marks]
    assert "a" not in set(shown["group"])
    assert {("region", "n"), ("region", "s")} <= set(zip(shown["group_by"], shown["group"], strict=True))


def test_the_order_of_rows_leaves_no_trace():
    codebook, responses = random_survey(3, regions=3)
    shuffled = responses.sample(frac=1, random_state=2).reset_index(drop=True)
    one, other = (suppression(each, codebook, wave(k=3), crossed=True) for each in (responses, shuffled))
    assert all((one.rows[name] == other.rows[name]).all() for name in one.rows)


# --- an attacker of his own -----------------------------------------------------------------------------------------


def random_survey(seed: int, regions: int) -> tuple[Codebook, pd.DataFrame]:
    """Return a survey of one question with three answers and one with two, by role, region and perhaps age."""
    random = np.random.default_rng(seed)
    groups = {"role": ["a", "b"], "region": [f"r{one}" for one in range(regions)]}
    if seed % 2:
        groups["age"] = ["old", "young"]
    codes = ["low", "middle", "high"]
    counted = [("is_low", ["low"]), ("is_high", ["high"]), ("is_raised", ["middle", "high"])]
    codebook = survey(groups, {"q": (codes, counted)}, YES_NO)
    rows = []
    for _ in range(int(random.integers(18, 60))):
        row = {name: random.choice([*listed, *listed, None]) for name, listed in groups.items()}
        row["q"] = random.choice([*codes, "high", None], p=[0.15, 0.3, 0.3, 0.15, 0.1])
        row["data"] = random.choice(["yes", "no", None], p=[0.2, 0.7, 0.1])
        rows.append((1, row))
    return codebook, answers(codebook, rows)


def editions(codebook: Codebook, responses: pd.DataFrame, limits: SimpleNamespace):
    """Yield each edition of the wave: the cell it is about, and its table with what is suppressed."""
    whole = suppression(responses, codebook, limits)
    table = tally(responses, codebook)
    yield {}, table.assign(suppressed=whole.marks(table))
    crossed = suppression(responses, codebook, limits, crossed=True)
    for name in codebook.groups:
        for code in codebook.items[name].codes:
            inside = (responses[name] == code).to_numpy()
            if inside.sum() >= limits.minimum_base and not crossed.size((name, code)):
                table = tally(responses, codebook, inside)
                yield {name: code}, table.assign(suppressed=crossed.marks(table, (name, code)))


def figures(codebook: Codebook, item: str, found: list, cells: list[dict] | None = None):
    """Yield (cell, base or count, answers, whether it is suppressed) of every figure about an item."""
    counted = {one.id: list(one.counts) for one in codebook.indicators if one.item == item}
    every = list(codebook.items[item].codes)
    for own, table in found:
        for row in table[table["indicator"].isin(counted)].rename(columns={"count": "count_"}).itertuples():
            cell = own if row.group_by == "all" else {**own, row.group_by: row.group}
            if row.group_by in own and row.group != own[row.group_by]:
                continue
            yield cell, every, counted[row.indicator], row


@pytest.mark.parametrize("k", [None, 3])
@pytest.mark.parametrize("seed", [0, 2, 15, 31])  # odd ones have three groupings
def test_no_reader_of_all_editions_learns_a_small_number(seed, k):
    codebook, responses = random_survey(seed, regions=3)
    limits = wave(minimum_base=4, k=k)
    found = list(editions(codebook, responses, limits))
    assert len(found) > 2
    for item in ("q", "data"):
        reader = Reader(codebook, responses, item)
        known = [reader.sums[0]]
        of_all, of_groups, bases, secret = [], [], [], {}
        for cell, every, counts, row in figures(codebook, item, found):
            base, count = reader.sum(cell, every), reader.sum(cell, counts)
            assert (row.base, row.count_) == (base @ reader.truth, count @ reader.truth)
            members = reader.sum(cell, [*every, None])
            bases += [base, members]
            small = members @ reader.truth > 0 and base @ reader.truth < limits.minimum_base
            if k:
                small |= any(1 <= one @ reader.truth < k for one in (count, base - count))
            if row.suppressed:
                if small:
                    secret[tuple(sorted(cell.items())), tuple(counts)] = count, base @ reader.truth
                continue
            assert not small, f"{cell} {counts} is small and shown"
            known += [members, base, count]
            of_all += [count] if not cell else []
            of_groups += [count] if len(cell) < 2 else []
        # how wide a range can be: with all bases known, and what the levels above a cell show
        above = [bases, [*bases, *of_all], [*bases, *of_groups]]
        known, *above = (np.unique(one, axis=0) for one in (known, *above))
        for (cell, _), (count, base) in secret.items():
            if base == 0:
                continue
            at_most = reader.width(count, above[len(cell)])
            assert reader.width(count, known) >= min(k or 1, base, at_most), f"{item} in {cell} can be told"


def test_the_reader_learns_them_all_where_nothing_is_suppressed():
    """The same attack on tables without suppression: it must succeed, or it proves nothing."""
    codebook, responses = random_survey(0, regions=3)
    reader = Reader(codebook, responses, "q")
    found = list(editions(codebook, responses, wave(minimum_base=1)))
    known = [reader.sums[0]]
    for cell, every, counts, _ in figures(codebook, "q", found):
        known += [reader.sum(cell, [*every, None]), reader.sum(cell, every), reader.sum(cell, counts)]
    known = np.unique(known, axis=0)
    assert all(reader.width(one, known) == 0 for one in known)


# --- masking ----------------------------------------------------------------------------------------------------------


def test_a_masked_table_keeps_no_figure_of_a_hidden_row():
    estimates = pd.DataFrame({"group": ["a", "b"], "suppressed": [True, False]})
    for number, column in enumerate(MASKED_COLUMNS):
        estimates[column] = "wide" if column == "flags" else 1 + number
    masked = mask(estimates)
    for column in MASKED_COLUMNS:
        hidden = masked[column].iloc[0]
        assert hidden == "" if column == "flags" else pd.isna(hidden)
    pd.testing.assert_frame_equal(masked.iloc[1:], estimates.iloc[1:], check_dtype=False)
    assert masked["base"].dtype == "Int64"
    assert estimates["base"].tolist() == [estimates["base"].iloc[1]] * 2, "the table that was given is left as it was"


def test_masking_needs_the_marks():
    with pytest.raises(EstimationError, match="suppress"):
        mask(pd.DataFrame({"base": [4]}))


# --- whom a question is asked of, within a part of the respondents ----------------------------------------------------


def test_a_row_does_not_tell_how_few_of_a_part_were_not_asked():
    """Of 41 women in the north 40 have a car and are asked of roads: their row would tell of the one who has not."""
    car = {"car": (["yes", "no"], [("drives", ["yes"])])}
    road = {"road": (["good", "bad"], [("good_road", ["good"], ("among", {"region": "north"}))])}
    codebook = survey({"region": ["north", "south"], "sex": ["f", "m"]}, car, road, road={"ask_if": {"car": "yes"}})
    rows = [(1, {"region": "north", "sex": "f", "car": "no"}), (20, {"region": "south", "sex": "m", "car": "no"})]
    rows += [(20, {"region": "north", "sex": "m", "car": "no"}), (20, {"region": "south", "sex": "f", "car": "no"})]
    for region, sex, many in (("north", "f", 40), ("north", "m", 30), ("south", "f", 30), ("south", "m", 30)):
        here = {"region": region, "sex": sex, "car": "yes"}
        rows += [(many - 15, here | {"road": "good"}), (15, here | {"road": "bad"})]
    responses = answers(codebook, rows)
    assert rows_hidden(suppression(responses, codebook, wave(k=5)), "good_road") == {"f", "m"}
    assert rows_hidden(suppression(responses, codebook, wave(k=5)), "drives") == set()
    assert rows_hidden(suppression(responses, codebook, wave()), "good_road") == set()  # with k off, one may be told
