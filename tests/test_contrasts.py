"""Groups compared: of twelve singers by hand, of made-up tables by another route, and never of what is hidden."""

from __future__ import annotations

import re
from math import comb, sqrt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from study import TWELVE, WAVE, write_study

from impact_report import contrasts, difference
from impact_report.codebook import Codebook
from impact_report.contrasts import COLUMNS, PAIR, REST, compare
from impact_report.design import linearised_variance
from impact_report.exporters.structure import plain_text, row_cells
from impact_report.numbers import points
from impact_report.parts import answers, differences

ELEVEN = TWELVE[:11]  # the twelfth singer did not say which voice
OPEN = WAVE.replace("minimum_base: 5", "minimum_base: 1")


def wave(minimum_base=5, smallest_count=None, designed=False, confidence=0.95):
    return SimpleNamespace(
        minimum_base=minimum_base,
        smallest_count=smallest_count,
        designed=designed,
        interval=SimpleNamespace(confidence=confidence),
    )


def table(*rows: tuple) -> pd.DataFrame:
    """Return estimates from (indicator, group, count, base); a count of None is hidden."""
    estimates = pd.DataFrame(rows, columns=["indicator", "group", "count", "base"])
    estimates["group_by"] = np.where(estimates["group"] == "all", "all", "place")
    estimates["suppressed"] = estimates["count"].isna()
    estimates[["count", "base"]] = estimates[["count", "base"]].astype("Int64").mask(estimates["suppressed"])
    return estimates.assign(proportion=(estimates["count"] / estimates["base"]).astype(float))


def found(compared: pd.DataFrame, kind: str) -> dict[tuple, pd.Series]:
    rows = compared[compared["kind"] == kind]
    return {(row["indicator"], row["group"], row["against"]): row for _, row in rows.iterrows()}


THREE = table(
    ("sing", "all", 40, 100),
    ("sing", "north", 30, 40),
    ("sing", "south", 5, 30),
    ("sing", "west", 5, 20),  # ten of the hundred live nowhere in particular, and none of them sings
)


# --- What is compared with what ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def eleven(tmp_path_factory):
    """The singers who said which voice, in a wave that hides only what nobody answered."""
    return write_study(tmp_path_factory.mktemp("eleven") / "choir", rows=ELEVEN, wave=OPEN).results()


def test_eleven_singers_by_hand(eleven):
    """High voices rehearse 5 of 6, low ones 3 of 5: 8 yes of 11. Nobody sings the middle voice.

    No count is expected to be under 1 (the fewest: 5·3/11 = 1.4), so χ² = 10·(5·2 − 3·1)²/(6·5·8·3) = 490/720.
    """
    from scipy.stats import norm

    row = found(eleven.contrasts, PAIR)["rehearse", "high", "low"]
    assert row["difference"] == pytest.approx(5 / 6 - 3 / 5)
    assert row["p"] == pytest.approx(2 * norm.sf(sqrt(490 / 720)))
    assert row["adjusted"] == 1
    assert not row["beyond_chance"]


def test_of_two_groups_only_the_pair_is_compared(eleven):
    assert list(eleven.contrasts) == COLUMNS
    assert set(eleven.contrasts["kind"]) == {PAIR}


def test_all_others_are_everyone_but_the_group():
    rows = found(compare(THREE, wave()), REST)
    assert set(rows) == {("sing", group, "") for group in ("north", "south", "west")}
    north = rows["sing", "north", ""]  # 30 of 40 against 10 of 60
    assert north["against_proportion"] == pytest.approx(10 / 60)
    assert tuple(north[["difference", "low", "high"]]) == pytest.approx(difference.independent(30, 40, 10, 60))
    assert rows["sing", "west", ""]["against_proportion"] == pytest.approx(35 / 80)


def test_each_pair_is_compared_once():
    rows = found(compare(THREE, wave()), PAIR)
    assert list(rows) == [("sing", "north", "south"), ("sing", "north", "west"), ("sing", "south", "west")]
    south = rows["sing", "south", "west"]
    assert south["p"] == pytest.approx(difference.independent_p(5, 30, 5, 20))


def test_each_kind_is_a_family_of_its_own():
    """Holm: the smallest p of three times three, and so on."""
    compared = compare(THREE, wave())
    for kind in (PAIR, REST):
        rows = compared[compared["kind"] == kind].sort_values("p")
        assert len(rows) == 3
        np.testing.assert_allclose(rows["adjusted"], np.minimum(1, np.maximum.accumulate(rows["p"] * [3, 2, 1])))
    beyond = [key[1:] for key, row in found(compared, PAIR).items() if row["beyond_chance"]]
    assert beyond == [("north", "south"), ("north", "west")]


def test_more_indicators_make_a_larger_family():
    twice = pd.concat([THREE, THREE.assign(indicator="dance")], ignore_index=True)
    once, more = compare(THREE, wave()), compare(twice, wave())
    for kind in (PAIR, REST):
        least = [one[one["kind"] == kind]["adjusted"].min() for one in (once, more)]
        assert least[1] == pytest.approx(2 * least[0])


def test_confidence_sets_the_level_and_the_width():
    wide, narrow = (compare(THREE, wave(confidence=level)) for level in (0.999, 0.8))
    assert wide["beyond_chance"].sum() < narrow["beyond_chance"].sum()
    assert (wide["high"] - wide["low"] > narrow["high"] - narrow["low"]).all()


def test_groups_of_no_use_leave_an_empty_table():
    nobody = table(("sing", "all", 4, 9), ("sing", "north", 2, 3))
    compared = compare(nobody, wave())
    assert list(compared) == COLUMNS
    assert len(compared) == 0


# --- What is not compared ---------------------------------------------------------------------------------------------


def test_no_base_under_the_minimum_is_tested():
    compared = compare(THREE, wave(minimum_base=25))
    assert set(found(compared, PAIR)) == {("sing", "north", "south")}
    assert found(compared, REST) == {}  # two groups are left


def test_nor_are_others_under_the_minimum():
    """61 of 70 in three groups: all others of the largest are 4 of 9."""
    few = table(("sing", "all", 40, 70), ("sing", "a", 36, 61), ("sing", "b", 2, 5), ("sing", "c", 2, 4))
    assert set(found(compare(few, wave(minimum_base=4)), REST)) == {("sing", group, "") for group in "abc"}
    rows = found(compare(few, wave(minimum_base=10)), REST)
    assert rows == {}


@pytest.mark.parametrize(("count", "compared"), [(30, True), (27, False), (25, True), (5, True)])
def test_nor_are_others_whose_count_would_be_hidden(count, compared):
    """All others of the one group shown are 30 − count of 25; with k = 5, one to four yes or no would be hidden."""
    one = table(("sing", "all", 30, 60), ("sing", "a", count, 35), ("sing", "b", None, 25))
    rows = found(compare(one, wave(smallest_count=5)), REST)
    assert set(rows) == ({("sing", "a", "")} if compared else set())


def test_hidden_rows_are_never_used():
    """Whatever stands in a hidden row, also where somebody forgot to blank it, changes nothing."""
    hidden = table(*THREE[["indicator", "group", "count", "base"]].itertuples(index=False), ("sing", "east", 1, 10))
    hidden.loc[hidden["group"] == "east", "suppressed"] = True
    other = hidden.copy()
    other.loc[other["group"] == "east", ["count", "base", "proportion"]] = [9, 10, 0.9]
    pd.testing.assert_frame_equal(compare(hidden, wave()), compare(other, wave()))
    pd.testing.assert_frame_equal(compare(hidden, wave()), compare(THREE, wave()))


def test_where_everyone_is_hidden_there_are_no_others():
    blank = THREE.copy()
    blank.loc[blank["group"] == "all", "suppressed"] = True
    assert set(compare(blank, wave())["kind"]) == {PAIR}


def test_groups_that_overlap_are_not_compared():
    overlapping = THREE.copy()
    overlapping.loc[overlapping["group"] == "all", "base"] = 80  # the groups hold 90
    assert len(compare(overlapping, wave())) == 0


# --- Order, sign, exactness -------------------------------------------------------------------------------------------


def test_the_order_of_rows_changes_no_number():
    one = compare(THREE, wave()).set_index(["kind", "group", "against"])
    other = compare(THREE.iloc[::-1], wave())
    turned = other.assign(group=other["against"], against=other["group"]).where(other["kind"] == PAIR, other)
    turned[["difference", "low", "high"]] = np.where(
        (other["kind"] == PAIR).to_numpy()[:, None],
        -other[["difference", "high", "low"]],
        other[["difference", "low", "high"]],
    )
    turned = turned.set_index(["kind", "group", "against"]).reindex(one.index)
    for name in ("difference", "low", "high", "p", "adjusted"):
        np.testing.assert_allclose(one[name].astype(float), turned[name].astype(float), atol=1e-12)


def test_small_groups_are_tested_exactly():
    """5 of 5 against 14 of 15, one no among twenty: it falls into the five with chance 5/20, as surprising as any."""
    small = table(("sing", "all", 19, 20), ("sing", "a", 5, 5), ("sing", "b", 14, 15))
    ways = [comb(5, no) * comb(15, 1 - no) for no in (0, 1)]
    assert found(compare(small, wave()), PAIR)["sing", "a", "b"]["p"] == pytest.approx(sum(ways) / comb(20, 1))


# --- Weights ----------------------------------------------------------------------------------------------------------


def weighted(*rows: tuple) -> pd.DataFrame:
    """Return estimates from (group, proportion, base, design effect, low, high)."""
    names = ["group", "proportion", "base", "design_effect", "low", "high"]
    estimates = pd.DataFrame(rows, columns=names).assign(indicator="sing", suppressed=False, count=0)
    estimates["group_by"] = np.where(estimates["group"] == "all", "all", "place")
    effective = estimates["base"] / estimates["design_effect"]
    return estimates.assign(degrees_of_freedom=estimates["base"] - 1, effective_base=effective)


def test_weighted_groups_are_compared_with_each_other():
    """v = deff·p(1 − p)/(n − 1): 2·.24/40 = .012 and 1·.24/24 = .01; t = .2/√.022."""
    rows = weighted(("all", 0.5, 96, 1.5, 0.4, 0.6), ("a", 0.6, 41, 2.0, 0.4, 0.8), ("b", 0.4, 25, 1.0, 0.25, 0.6))
    compared = compare(rows, wave(designed=True))
    (row,) = found(compared, PAIR).values()
    assert row["p"] == pytest.approx(difference.design_p(0.6, 0.012, 40, 0.4, 0.01, 24))
    expected = (0.2, 0.2 - sqrt(0.2**2 + 0.2**2), 0.2 + sqrt(0.2**2 + 0.15**2))
    assert tuple(row[["difference", "low", "high"]]) == pytest.approx(expected)
    three = pd.concat([rows, weighted(("c", 0.2, 30, 1.0, 0.1, 0.4))])
    assert set(compare(three, wave(designed=True))["kind"]) == {PAIR}


def test_a_weighted_group_that_agrees_is_not_taken_for_certain():
    rows = weighted(("all", 0.8, 60, 1, 0.7, 0.9), ("a", 1.0, 30, np.nan, 0.88, 1.0), ("b", 0.6, 30, 1.0, 0.4, 0.8))
    (row,) = found(compare(rows, wave(designed=True)), PAIR).values()
    spread = difference.recovered_variance(1.0, 0.88, 1.0, 29)
    assert row["p"] == pytest.approx(difference.design_p(1.0, spread, 29, 0.6, 0.24 / 29, 29))
    assert 0 < row["p"] < 0.05


def test_the_spread_of_weighted_groups_is_that_of_the_answers_themselves(tmp_path):
    """From the table of estimates alone, as from each singer's answer and weight (0 for some)."""
    rows = [
        {**row, "member": f"{row['member']}-{copy}", "weight": str((3 * place + 5 * copy) % 4 / 2)}
        for copy in range(4)
        for place, row in enumerate(ELEVEN)
    ]
    results = write_study(tmp_path / "choir", rows=rows, wave=OPEN + "weights: weight\n").results()
    sides = []
    for voice in ("High voice", "Low voice"):
        rehearse = np.array([row["rehearses"] == "Yes" for row in rows], dtype=float)
        weights = [float(row["weight"]) for row in rows]
        of_voice = [row["voice"] == voice for row in rows]
        estimate = linearised_variance(rehearse, weights, inside=of_voice)
        sides += [estimate.proportion, estimate.variance, estimate.degrees_of_freedom]
    row = found(results.contrasts, PAIR)["rehearse", "high", "low"]
    assert row["p"] == pytest.approx(difference.design_p(*sides), rel=1e-8)
    assert "weights" in plain_text(dict(differences.difference_evidence(results, "voice")["facts"])["Not compared"])


# --- In the report ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ten_times(tmp_path_factory):
    """The eleven singers ten times over: 50 of 60 high voices rehearse, and 30 of 50 low ones."""
    rows = [{**row, "member": f"{row['member']}-{copy}"} for copy in range(10) for row in ELEVEN]
    return write_study(tmp_path_factory.mktemp("differences") / "choir", rows=rows, wave=OPEN).results()


def test_a_larger_share_carries_the_letter_of_the_smaller(ten_times):
    """χ² = 109·(50·20 − 30·10)²/(60·50·80·30) = 7.4, p = .0065; eight indicators are compared."""
    block = answers.crosstab(ten_times, "voice")
    assert [column["label"] for column in block["columns"][2:]] == ["High voice\u00a0(A)", "Low voice\u00a0(B)"]
    rows = {plain_text(row_cells(row)[0]["c"]): row_cells(row)[2:] for row in block["rows"]}
    high, low = rows["come to the rehearsals"]
    (mark,) = [node for node in high["c"] if node["t"] == "mark"]
    assert (mark["text"], mark["says"]) == ("B", "larger share than Low voice")
    assert not [node for node in low["c"] if node["t"] == "mark"]


def test_what_letters_mean_is_said_below(ten_times):
    said = [plain_text(note) for note in answers.crosstab(ten_times, "voice")["notes"]]
    assert said[0].startswith("A letter: a larger share than in the group with that letter, by more than chance")
    assert not any("No difference" in one for one in said)


def test_where_none_is_found_that_is_said_and_there_are_no_letters(eleven):
    block = answers.crosstab(eleven, "voice")
    assert [column["label"] for column in block["columns"][2:]] == ["High voice", "Low voice"]
    assert not [node for row in block["rows"] for cell in row_cells(row) for node in cell["c"] if node["t"] == "mark"]
    said = [plain_text(note) for note in block["notes"]]
    assert any(one.startswith("No difference between groups in this table is larger than chance") for one in said)


def test_the_evidence_tells_each_difference_with_its_p(ten_times):
    block = differences.difference_evidence(ten_times, "voice")
    assert block["id"] == "evidence-compared-voice"
    rows = [[plain_text(cell["c"]) for cell in row_cells(row)] for row in block["table"]["rows"]]
    row = next(row for row in rows if row[0] == "come to the rehearsals")
    low, high = difference.independent(50, 60, 30, 50)[1:]
    p = difference.independent_p(50, 60, 30, 50)
    assert row[1:4] == ["High voice", "Low voice", "+23"]
    assert row[4] == f"{points(low)} to {points(high)}"
    assert row[5] == f"{p:.4f}"
    adjusted = found(ten_times.contrasts, PAIR)["rehearse", "high", "low"]["adjusted"]
    assert row[6] == differences.p_value(adjusted)


def numbers_of(results) -> list[dict]:
    rows = differences.difference_evidence(results, "voice")["table"]["rows"]
    return [node for row in rows for one in row_cells(row) for node in one["c"] if node["t"] == "number"]


def test_a_difference_and_its_interval_carry_ends_and_method(ten_times):
    low, high = difference.independent(50, 60, 30, 50)[1:]
    found_there = [one for one in numbers_of(ten_times) if one["low"] == pytest.approx(float(low))]
    assert [one["what"].partition(":")[0] for one in found_there] == [
        "difference in points",
        "interval of the difference",
    ]
    for one in found_there:
        assert one["high"] == pytest.approx(float(high))
        assert (one["method"], one["scale"]) == ("Newcombe's interval (method 10), 95%", "difference")


def test_a_wave_that_withholds_its_counts_prints_no_p_with_more_than_three_decimals(tmp_path):
    """Everybody weighs the same: the test is of the shares alone, but more digits of p would tell counts."""
    wave = OPEN.replace("smallest_count: off", "smallest_count: 2") + "weights: weight\n"
    rows = [{**row, "member": f"{row['member']}-{copy}"} for copy in range(10) for row in ELEVEN]
    results = write_study(tmp_path / "choir", rows=rows, wave=wave).results()
    assert results.withholds_counts
    numbers = numbers_of(results)
    tested = [one for one in numbers if one["what"].startswith(("p-value: ", "adjusted p-value: "))]
    assert tested
    for one in tested:
        assert re.fullmatch(r"<?0\.\d{3}|1\.000", one["text"])
        assert one["text"] == differences.p_value(one["exact"], 3)
    assert {one["method"] for one in numbers if one["low"] is not None} == {
        "interval from those of both shares (MOVER), 95%"
    }
    for one in numbers:
        assert one["low"] is None or (one["low"], one["high"]) == (round(one["low"], 2), round(one["high"], 2))


def test_marks_against_all_others():
    """Three groups in a made-up edition: north is above, south below all others; west is neither."""
    codebook = Codebook.model_construct(
        items={
            "place": SimpleNamespace(
                codes={name: SimpleNamespace(label=name.title()) for name in ("north", "south", "west")}
            )
        }
    )
    results = SimpleNamespace(contrasts=compare(THREE, wave()), codebook=codebook)
    marks = differences.marks(results, "place", ["north", "south", "west"])
    said = {key: [(node["text"], node["says"]) for node in run if node["t"] == "mark"] for key, run in marks.items()}
    assert said == {
        ("sing", "north"): [("▲", "larger share than among all others"), ("B C", "larger share than South, West")],
        ("sing", "south"): [("▼", "smaller share than among all others")],
    }


def test_the_letters_go_on_after_z():
    names = [str(place) for place in range(26 + 26 + 1)]
    given = contrasts.letters(names)
    assert len(set(given.values())) == len(names)
    assert [given["25"], given["26"], given["52"]] == ["Z", "AA", "BA"]


def test_a_hidden_group_is_not_compared(tmp_path):
    """Only four low voices are left: fewer than five, hidden, and so compared with nobody."""
    results = write_study(tmp_path / "choir", rows=ELEVEN[:10]).results()
    assert "low" not in set(results.contrasts["group"]) | set(results.contrasts["against"])
