"""From counts to shares with intervals: each number is computed here a second way, in closed form or by enumeration."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, floor, isnan, log10, sqrt

import pandas as pd
import pytest
from study import CODEBOOK, TWELVE, WAVE, Study, singer, write_study

from impact_report.disclosure import Suppression, suppression
from impact_report.errors import Problem, WaveError
from impact_report.estimates import COLUMNS, estimate
from impact_report.results import PUBLISHED_COLUMNS, Results
from impact_report.tally import tally

Z = 1.959963984540054
POPULATION = 20
KNOWN = WAVE.replace("{universe: the singers of the village}", f"{{universe: the singers, size: {POPULATION}}}")
WEIGHTED = WAVE + "weights: weight\n"
# If the singer without a voice sings low, the number of low voices, which enjoy_low tells, gives nobody away.
STATED = [{**one, "voice": one["voice"] or "Low voice"} for one in TWELVE]
FIGURES = ["eligible", "asked", "base", "count", "weighted_base", "effective_base", "proportion", "low", "high"]


@pytest.fixture(scope="module")
def estimates(tmp_path_factory):
    """Return the estimates of the twelve, or of other `rows`, in a wave described otherwise."""
    known: dict[str, pd.DataFrame] = {}

    def of(wave: str = WAVE, rows: Sequence[dict] = TWELVE) -> pd.DataFrame:
        key = repr((wave, rows))
        if key not in known:
            study = write_study(tmp_path_factory.mktemp("estimates") / "choir", rows=rows, wave=wave)
            counts = tally(study.clean().responses, study.codebook)
            known[key] = estimate(counts, study.codebook, study.wave, "spring", suppressed(study))
        return known[key].copy()

    return of


def suppressed(study: Study) -> Suppression:
    return suppression(study.clean().responses, study.codebook, study.wave)


def row(table: pd.DataFrame, indicator: str, group_by: str = "all", group: str = "all") -> pd.Series:
    wanted = (table["indicator"] == indicator) & (table["group_by"] == group_by) & (table["group"] == group)
    assert wanted.sum() == 1
    return table[wanted].iloc[0]


def to_twelve_digits(number: float) -> float:
    """Return a number with twelve significant digits, by its decimals and not by printing it."""
    places = 12 - 1 - floor(log10(abs(number))) if number else 0
    return round(number, places)


def wilson(x: int, n: int) -> tuple[float, float]:
    """Wilson (1927), as in a textbook: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)."""
    p = x / n
    middle, half = p + Z**2 / (2 * n), Z * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return (middle - half) / (1 + Z**2 / n), (middle + half) / (1 + Z**2 / n)


def enumerated(x: int, n: int, population: int) -> tuple[float, float]:
    """All populations that make x of n not too surprising, tried one by one: the least and the greatest."""

    def chance(counts: range, yes: int) -> float:
        return sum(comb(yes, k) * comb(population - yes, n - k) for k in counts) / comb(population, n)

    possible = [
        yes
        for yes in range(x, population - (n - x) + 1)
        if chance(range(x, n + 1), yes) > 0.025 and chance(range(x + 1), yes) > 0.025
    ]
    return possible[0] / population, possible[-1] / population


def test_the_columns_are_those_of_the_design(estimates):
    table = estimates()
    assert list(table)[: len(COLUMNS)] == COLUMNS
    assert set(table["wave"]) == {"spring"}
    assert row(table, "enjoy")["statement"] == "enjoy the concerts"


def test_shares_are_proportions_of_the_base(estimates):
    table = estimates()
    assert row(table, "rehearse")["proportion"] == to_twelve_digits(8 / 11)
    assert row(table, "solo_answered")["proportion"] == to_twelve_digits(4 / 7)
    assert row(table, "solo_asked")["proportion"] == 4 / 8
    assert row(table, "solo_all")["proportion"] == to_twelve_digits(4 / 12)
    assert row(table, "rehearse", "voice", "high")["proportion"] == to_twelve_digits(5 / 6)


@pytest.mark.parametrize("wave", [WAVE, KNOWN, WEIGHTED], ids=["wilson", "exact", "weighted"])
def test_figures_have_twelve_significant_digits(estimates, wave):
    """The ones after differ from machine to machine, and the files shall not."""
    table = estimates(wave)
    exact = table[["weighted_base", "effective_base", "proportion", "low", "high", "bound_low", "bound_high"]]
    numbers = [number for number in exact.to_numpy(dtype=float).ravel() if not isnan(number)]
    assert len(numbers) > 40
    assert numbers == [to_twelve_digits(number) for number in numbers]
    assert 8 / 11 not in numbers
    assert to_twelve_digits(8 / 11) == 0.727272727273


# --- Intervals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "group", "x", "n"),
    [
        ("rehearse", ("all", "all"), 8, 11),
        ("solo_answered", ("all", "all"), 4, 7),
        ("solo_all", ("all", "all"), 4, 12),
        ("rehearse", ("voice", "high"), 5, 6),
    ],
)
def test_without_a_population_the_interval_is_wilsons(estimates, indicator, group, x, n):
    one = row(estimates(), indicator, *group)
    assert one["method"] == "wilson"
    assert (one["low"], one["high"]) == pytest.approx(wilson(x, n), abs=1e-12)


def test_without_a_population_nothing_is_bounded(estimates):
    assert estimates()[["bound_low", "bound_high"]].isna().all(axis=None)


@pytest.mark.parametrize(("indicator", "x", "n"), [("rehearse", 8, 11), ("enjoy", 8, 11), ("sacred", 7, 12)])
def test_with_a_population_the_interval_is_exact(estimates, indicator, x, n):
    one = row(estimates(KNOWN), indicator)
    assert one["method"] == "hypergeometric"
    assert (one["low"], one["high"]) == pytest.approx(enumerated(x, n, POPULATION), abs=1e-12)


@pytest.mark.parametrize(("indicator", "x", "n"), [("rehearse", 8, 11), ("sacred", 7, 12)])
def test_with_a_population_the_worst_case_is_bounded(estimates, indicator, x, n):
    one = row(estimates(KNOWN), indicator)
    assert (one["bound_low"], one["bound_high"]) == pytest.approx((x / POPULATION, (x + POPULATION - n) / POPULATION))


@pytest.mark.parametrize(
    ("indicator", "group"),
    [
        ("rehearse", ("voice", "high")),  # of 20 singers, how many sing high is not known
        ("solo_asked", ("all", "all")),  # nor how many would have been asked
        ("solo_answered", ("all", "all")),
        ("enjoy_low", ("all", "all")),  # nor how many sing low
    ],
)
def test_the_population_is_that_of_everybody_and_of_no_part(estimates, indicator, group):
    one = row(estimates(KNOWN, STATED), indicator, *group)
    assert one["method"] == "wilson"
    assert (one["low"], one["high"]) == pytest.approx(wilson(one["count"], one["base"]), abs=1e-12)
    assert pd.isna(one["bound_low"])
    assert pd.isna(one["bound_high"])


def test_the_population_is_not_that_of_a_group_edition(choir):
    results = choir(wave=KNOWN).results(group="voice=high")
    one = results.row("rehearse")
    assert (one["count"], one["base"]) == (5, 6)
    assert one["method"] == "wilson"
    assert (one["low"], one["high"]) == pytest.approx(wilson(5, 6), abs=1e-12)
    assert pd.isna(one["bound_low"])


def test_the_population_is_not_that_of_a_survey_about_a_part(choir):
    """Where each indicator is about the low voices alone, none is about all twenty."""
    lines = CODEBOOK.splitlines()
    first, second = lines.index("  - id: singing"), lines.index("  - id: joy")
    others = [line for line in lines if line.startswith("      - {id: ") and "enjoy_low" not in line]
    codebook = "\n".join(line for line in [*lines[:first], *lines[second:]] if line not in others)
    study = choir(rows=STATED, codebook=codebook, wave=KNOWN.replace("minimum_answered: 2", "minimum_answered: 0"))
    counts = tally(study.clean().responses, study.codebook)
    one = row(estimate(counts, study.codebook, study.wave, "spring", suppressed(study)), "enjoy_low")
    assert (one["count"], one["base"]) == (5, 6)
    assert one["method"] == "wilson"


def test_where_all_answered_there_is_no_interval(estimates):
    table = estimates(KNOWN.replace(f"size: {POPULATION}", "size: 12"))
    one = row(table, "sacred")  # all twelve are in the base
    assert one["proportion"] == to_twelve_digits(7 / 12)
    assert pd.isna(one["low"])
    assert pd.isna(one["high"])
    assert "no-interval" in one["flags"].split()
    assert (one["bound_low"], one["bound_high"]) == (to_twelve_digits(7 / 12),) * 2


def test_another_confidence_gives_another_width(estimates):
    wide, narrow = estimates(), estimates(WAVE + "interval: {confidence: 0.8}\n")
    one, other = row(wide, "rehearse"), row(narrow, "rehearse")
    assert one["low"] < other["low"] < other["proportion"] < other["high"] < one["high"]


def test_flags_are_judged_at_95_percent_whatever_is_printed(estimates):
    at_95, at_60 = (estimates(WAVE + more) for more in ("", "interval: {confidence: 0.6}\n"))
    assert at_95["flags"].tolist() == at_60["flags"].tolist()
    assert row(at_60, "rehearse")["high"] - row(at_60, "rehearse")["low"] < 0.30
    assert "wide" in row(at_60, "rehearse")["flags"].split()


def test_the_wave_may_choose_the_method(estimates):
    one = row(estimates(KNOWN + "interval: {method: wilson}\n"), "rehearse")
    assert one["method"] == "wilson"
    assert (one["low"], one["high"]) == pytest.approx(wilson(8, 11), abs=1e-12)


# --- Weights ----------------------------------------------------------------------------------------------------------


def test_a_weighted_share_and_its_bases(estimates):
    one = row(estimates(WEIGHTED), "rehearse")
    assert (one["count"], one["base"]) == (8, 11)
    assert one["proportion"] == 11 / 16  # (5·1 + 3·2) / (6·1 + 5·2)
    assert one["weighted_base"] == 16
    # n p(1−p)/(n−1)/v with v = 12/11 Σw²(y − p)²/(Σw)², Σw²(y − p)² = 17 (5/16)² + 9 (11/16)²
    assert one["effective_base"] == pytest.approx(11 * (11 / 16 * 5 / 16) / 10 / (12 / 11 * 1514 / 256 / 256))
    assert one["method"] == "korn-graubard"
    assert 0 < one["low"] < 11 / 16 < one["high"] < 1


def test_equal_weights_change_no_share(estimates):
    rows = [{**row, "weight": "3"} for row in TWELVE]
    plain, weighted = estimates(rows=rows), estimates(WEIGHTED, rows=rows)
    pd.testing.assert_series_equal(plain["proportion"], weighted["proportion"])
    pd.testing.assert_series_equal(plain["base"], weighted["base"])
    assert row(weighted, "sacred")["effective_base"] == pytest.approx(12)
    assert row(weighted, "sacred")["design_effect"] == pytest.approx(1)


def test_weights_have_no_worst_case(estimates):
    table = estimates(KNOWN + "weights: weight\n")
    assert table[["bound_low", "bound_high"]].isna().all(axis=None)


def test_an_interval_is_called_wide_against_the_weighted_share(estimates):
    """Five of twelve agree and stand for ten of seventeen: too wide for five twelfths, not for ten seventeenths."""
    rows = [{**row, "weight": "2", "enjoys": "Agree"} for row in TWELVE[:5]]
    rows += [{**row, "weight": "1", "enjoys": "Disagree"} for row in TWELVE[5:]]
    one = row(estimates(WEIGHTED, rows), "enjoy")
    width = one["high"] - one["low"]
    assert (one["count"], one["base"], one["proportion"]) == (5, 12, to_twelve_digits(10 / 17))
    assert 1.3 * 5 / 12 < width < 1.3 * 10 / 17
    assert "relatively-wide" not in one["flags"].split()


def test_one_answer_alone_has_no_weighted_interval(estimates):
    """A variance needs two; the group of one is hidden, and the report is made all the same."""
    rows = [*TWELVE, singer(13, "Middle voice", "Yes", "Yes", "1", "Agree", {"folk": "x"})]
    table = estimates(WEIGHTED.replace("minimum_base: 5", "minimum_base: 1"), rows=rows)
    one = row(table, "rehearse", "voice", "middle")
    assert one["suppressed"] or (pd.isna(one["low"]) and pd.isna(one["high"]))


# --- What is hidden ---------------------------------------------------------------------------------------------------


def test_small_groups_are_hidden_and_those_that_would_give_them_away(estimates):
    table = estimates()
    hidden = {(one.indicator, one.group) for one in table[table["suppressed"]].itertuples()}
    # Singer 12 has no voice: twelve less six high and five low voices would be that one, so the low voices are hidden
    # with it, for every indicator. enjoy_low is about the low voices: its five would tell their number.
    # solos: 4 or 5 of the high voices answered and 5 were asked, which solo_all would tell, too.
    assert hidden == {
        ("rehearse", "low"), ("solo_answered", "high"), ("solo_answered", "low"), ("solo_asked", "high"),
        ("solo_asked", "low"), ("solo_all", "high"), ("solo_all", "low"), ("enjoy", "low"), ("enjoy_low", "low"),
        ("enjoy_low", "high"), ("enjoy_low", "all"), ("sacred", "low"), ("folk", "low"),
    }  # fmt: skip


def test_a_group_whose_size_is_hidden_once_is_hidden_always(estimates):
    """One figure about it would tell its size, and with that what the others hide."""
    table = estimates()
    assert table.loc[table["group"] == "low", "suppressed"].all()
    # If all have a voice, no size of a group needs hiding, and each question hides its own: of solo_all's row one
    # could read that four of the low voices were asked, fewer than are shown.
    of_low = estimates(rows=STATED).loc[lambda table: table["group"] == "low"].set_index("indicator")["suppressed"]
    assert of_low[of_low].index.tolist() == ["solo_answered", "solo_asked", "solo_all"]


def test_a_group_with_too_few_members_is_hidden_even_where_all_is_zero(estimates):
    """Of the one middle voice nothing is told; nor of the smallest other group, or it would follow."""
    rows = [*TWELVE[:11], singer(12, "Middle voice", "Yes", "Yes", "1", "Agree", {"folk": "x"})]
    table = estimates(rows=rows)
    for group in ("middle", "low"):
        assert table.loc[table["group"] == group, "suppressed"].all(), group


def test_a_hidden_row_says_nothing_but_that_it_is_hidden(estimates):
    table = estimates()
    hidden = table[table["suppressed"]]
    assert len(hidden) == 13
    assert hidden[[*FIGURES, "bound_low", "bound_high"]].isna().all(axis=None)
    assert set(hidden["flags"]) == {""}


def test_a_group_nobody_belongs_to_needs_no_hiding(estimates):
    nobody = estimates()[lambda table: table["group"] == "middle"]
    assert not nobody["suppressed"].any()
    assert (nobody["base"] == 0).all()
    assert nobody["proportion"].isna().all()
    assert set(nobody["flags"]) == {"nobody"}


def test_a_smaller_minimum_hides_less(estimates):
    few = estimates(WAVE.replace("minimum_base: 5", "minimum_base: 1"))["suppressed"].sum()
    many = estimates(WAVE.replace("minimum_base: 5", "minimum_base: 7"))["suppressed"].sum()
    assert few < 13 < many


def test_everybody_is_hidden_too_where_too_few_answered(estimates):
    table = estimates(WAVE.replace("minimum_base: 5", "minimum_base: 8"))
    assert row(table, "solo_answered")["suppressed"]  # seven answers
    assert pd.isna(row(table, "solo_answered")["base"])
    assert row(table, "solo_asked")["suppressed"]  # eight were asked, and as many of them sang a solo
    assert not row(table, "rehearse")["suppressed"]  # eleven


def test_of_persons_small_counts_are_hidden(estimates):
    persons = WAVE.replace("organisations", "persons").replace("smallest_count: off", "smallest_count: 3")
    assert row(estimates(persons), "rehearse", "voice", "high")["suppressed"]  # one of six says no


def test_the_counts_are_not_changed_by_estimating(choir):
    study = choir()
    counts = tally(study.clean().responses, study.codebook)
    before = counts.copy()
    estimate(counts, study.codebook, study.wave, "spring", suppressed(study))
    pd.testing.assert_frame_equal(counts, before)


# --- As written -------------------------------------------------------------------------------------------------------


def test_the_files_hold_what_was_computed(twelve):
    written = pd.read_csv(twelve.folder / "estimates.csv")
    assert list(written)[: len(COLUMNS)] == COLUMNS
    assert written["suppressed"].tolist() == twelve.estimates["suppressed"].tolist()
    for figure in FIGURES:
        assert written[figure].tolist() == pytest.approx(
            twelve.estimates[figure].astype(float).tolist(), nan_ok=True, rel=1e-12
        )
    assert written.loc[written["suppressed"], FIGURES].isna().all(axis=None)


def test_the_thirteen_counts_of_the_bundled_study(reconstruction):
    """The published percentages, and the counts on a base of 46 that give them; copied by hand from the page."""
    counts = [38, 30, 38, 38, 38, 36, 30, 26, 24, 36, 30, 23, 15]
    percents = [83, 65, 83, 83, 83, 78, 65, 57, 52, 78, 65, 50, 33]
    table = reconstruction.of_everyone
    assert table["count"].tolist() == counts
    assert table["base"].tolist() == [46] * 13
    assert [(200 * int(x) + 46) // 92 for x in table["count"]] == percents
    assert not table["suppressed"].any()
    assert (reconstruction.cleaning["rows_kept"], len(reconstruction.responses)) == (46, 46)
    assert set(table["method"]) == {"wilson"}
    assert (table["low"].iloc[0], table["high"].iloc[0]) == pytest.approx(wilson(38, 46), abs=1e-12)


# --- What they are compared with --------------------------------------------------------------------------------------


def test_more_respondents_than_there_are(choir):
    study = choir(wave=KNOWN.replace(f"size: {POPULATION}", "size: 11"))
    results = Results.of(str(study.folder), "spring", "", str(study.folder.parent / "processed"))
    with pytest.raises(WaveError) as caught:
        results.clean()
    assert caught.value.problems == (
        Problem(
            "a population no smaller than its respondents",
            "11, but 12 rows were kept",
            "wave.yml, population.size",
            "correct one of them",
        ),
    )
    assert list(results.folder.iterdir()) == []


def test_as_many_respondents_as_there_are(choir):
    study = choir(wave=KNOWN.replace(f"size: {POPULATION}", "size: 12"))
    assert len(study.results().responses) == 12


@pytest.fixture
def published(choir):
    """Return the results of the twelve beside a file of published figures with this percentage."""

    def of(percent: str) -> Results:
        study = choir(wave=WAVE + "published: page\n")
        line = f"page,Singing together,rehearse,come to the rehearsals,{percent},,the notice board,"
        content = "\n".join([",".join(PUBLISHED_COLUMNS), line, ""])
        (study.folder / "published.csv").write_text(content, encoding="utf-8")
        return Results.of(str(study.folder), "spring", "", str(study.folder.parent / "processed"))

    return of


@pytest.mark.parametrize("percent", ["", "0", "7", "83", "83.0", "83.5", "7.25", "100", "100.0"])
def test_published_percentages_keep_the_decimals_they_were_printed_with(published, percent):
    assert published(percent).published["percent"].tolist() == [percent]


@pytest.mark.parametrize("percent", ["83%", "83.555", "101", "100.1", "-3", "about 80", "083", "83."])
def test_what_is_no_published_percentage(published, percent):
    with pytest.raises(WaveError) as caught:
        _ = published(percent).published
    (problem,) = caught.value.problems
    assert problem == Problem(
        "a percentage as 83 or 83.5",
        repr(percent),
        "published.csv, row 2",
        "write it as it was published, without a percent sign; a decimal dot, at most two decimals",
    )


def test_published_proportions_are_no_percentages(published):
    with pytest.raises(WaveError) as caught:
        _ = published("0.83").published
    (problem,) = caught.value.problems
    assert (problem.expected, problem.found) == ("percentages, as 83", "0.83 at most")


def test_published_figures_with_a_row_that_ends_too_early(published):
    results = published("83")
    path = results.edition.study / "published.csv"
    path.write_text(path.read_text(encoding="utf-8").removesuffix(",\n") + "\npage,Singing\n", encoding="utf-8")
    with pytest.raises(WaveError, match="8 cells in each row"):
        _ = results.published
