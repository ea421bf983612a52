"""Two waves side by side: which indicators, which respondents, how much has changed, and whether by chance.

The village choir is asked again in autumn. Seven of the twelve singers of spring (1 to 7) answer again, five (8 to 12)
are lost, and five (13 to 17) are new. Do they enjoy the concerts? "Agree" and "strongly agree" count.

            1   2   3   4   5   6   7  |  8   9  10  11  12  | 13  14  15  16  17
    spring  yes yes no  yes no  –   yes| yes no  yes yes yes |
    autumn  yes no  yes yes yes yes yes|                     | yes no  no  yes yes

All of spring: 8 of 11 (singer 6 could not say). All of autumn: 9 of 12. Both times: 1, 2, 3, 4, 5 and 7, six singers;
4 of 6 (1, 2, 4, 7) in spring and 5 of 6 (1, 3, 4, 5, 7) in autumn. Both times yes: 1, 4, 7. Only in spring: 2. Only in
autumn: 3 and 5. Never: nobody. One answer is there once only in spring (8 to 12: five) and six are there only in autumn
(6 and 13 to 17).
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from study import COLUMNS, TWELVE, WAVE, plain, singer, write_study, written

from impact_report import change, manifest
from impact_report.edition import Edition
from impact_report.errors import ExportError, WaveError
from impact_report.exporters.structure import nodes, plain_text, runs
from impact_report.figures import draw_change
from impact_report.parts.changes import change_evidence, changes
from impact_report.results import Results

AUTUMN = WAVE.replace("Spring concert", "Autumn concert").replace(
    "{start: 2024-03-01, end: 2024-03-31}", "{start: 2024-09-01, end: 2024-09-30}"
)
MATCHED = "compare: {wave: spring, match: member}\n"
INDEPENDENT = "compare: {wave: spring}\n"
WORDED = "wording: {rehearses: 'How often are you at the rehearsals?'}\n"
ANSWERS = {"y": "Agree", "n": "Disagree", "-": "can't say"}


def autumn_of(numbers: list[int], enjoys: str) -> list[dict]:
    return [
        singer(number, "High voice", "Yes", "No", "2", ANSWERS[one], {"folk": "x"}, sent=f"{k:02}.09.2024")
        for k, (number, one) in enumerate(zip(numbers, enjoys, strict=True), start=1)
    ]


SEVENTEEN = autumn_of([*range(1, 8), *range(13, 18)], "ynyyyyy" + "ynnyy")


def many(answers: str, start: int = 1) -> list[dict]:
    """Return singers who come to the rehearsals (y) or not (n), and are alike in all else."""
    return [
        singer(number, "High voice", {"y": "Yes", "n": "No"}[one], "", "", "Agree", {"folk": "x"}, sent="01.03.2024")
        for number, one in enumerate(answers, start=start)
    ]


def two_waves(
    folder: Path,
    later: list[dict] = SEVENTEEN,
    earlier: tuple | list = TWELVE,
    compare: str = MATCHED,
    wave: str = AUTUMN,
    wave_before: str = WAVE,
    export: str = "",
) -> Path:
    """Write a study of two waves, of which autumn is compared with spring."""
    write_study(folder, earlier, wave=wave_before)
    (folder / "autumn").mkdir()
    (folder / "autumn" / "wave.yml").write_text(wave + compare, encoding="utf-8")
    (folder / "autumn" / "responses.csv").write_text(export or written(plain(later)), encoding="utf-8")
    return folder


def compared(study: Path, group: str = "") -> Results:
    """Return the results of autumn after the first two notebooks."""
    results = Results.of(str(study), "autumn", group, str(study.parent / "processed"))
    results.clean()
    results.estimate()
    results.compare()
    return results


def row(results: Results, indicator: str) -> dict:
    return results.change.set_index("indicator").loc[indicator].to_dict()


@pytest.fixture(scope="module")
def matched(tmp_path_factory) -> Results:
    """Autumn, compared with spring by the same singers."""
    return compared(two_waves(tmp_path_factory.mktemp("matched") / "study"))


@pytest.fixture(scope="module")
def worded(tmp_path_factory) -> Results:
    """Autumn, which asked otherwise whether one comes to the rehearsals, compared with spring as other singers."""
    return compared(two_waves(tmp_path_factory.mktemp("worded") / "study", compare=INDEPENDENT + WORDED))


# --- The choir, counted by hand ---------------------------------------------------------------------------------------


def test_the_same_singers_are_compared_with_themselves(matched):
    enjoy = row(matched, "enjoy")
    assert enjoy["compared"] == change.MATCHED
    assert [enjoy[name] for name in ("both", "only_earlier", "only_later", "neither")] == [3, 1, 2, 0]
    assert (enjoy["earlier_count"], enjoy["earlier_base"]) == (4, 6)
    assert (enjoy["count"], enjoy["base"]) == (5, 6)
    assert enjoy["change"] == pytest.approx(1 / 6)
    assert enjoy["p_value"] == 1  # min(1, 2 · P(X ≤ 1)) with X binomial of 3 and ½: 2 · (1 + 3)/8
    assert not enjoy["larger_than_chance"]
    assert {name: matched.change_facts[name] for name in ("matched", "lost", "new")} == {
        "matched": 7,
        "lost": 5,
        "new": 5,
    }


def test_without_match_all_are_taken_for_different_ones(tmp_path):
    enjoy = row(compared(two_waves(tmp_path / "study", compare=INDEPENDENT)), "enjoy")
    assert enjoy["compared"] == change.INDEPENDENT
    assert (enjoy["earlier_count"], enjoy["earlier_base"], enjoy["count"], enjoy["base"]) == (8, 11, 9, 12)
    assert enjoy["change"] == pytest.approx(9 / 12 - 8 / 11)
    assert pd.isna(enjoy["both"])


def test_answers_of_few_lost_singers_are_not_told(matched):
    """Of the five who are lost four said whether they rehearse: shown beside all, the matched would tell theirs."""
    rehearse = row(matched, "rehearse")
    assert (rehearse["compared"], rehearse["reason"]) == (change.INDEPENDENT, change.FEW_OTHERS)
    assert (rehearse["earlier_count"], rehearse["earlier_base"]) == (8, 11)  # those of all
    assert pd.isna(rehearse["both"])


def test_few_lost_singers_are_not_even_counted(tmp_path):
    results = compared(two_waves(tmp_path / "study", later=autumn_of([*range(1, 10), *range(13, 18)], "y" * 14)))
    assert set(results.change["compared"]) <= {change.INDEPENDENT, ""}
    assert results.change_facts["matched"] is None  # three are lost: 10, 11 and 12
    assert set(results.change.loc[results.change["compared"] != "", "reason"]) == {change.FEW_OTHERS}


def test_too_few_who_answered_both_times_are_not_compared_with_themselves(tmp_path):
    results = compared(two_waves(tmp_path / "study", later=autumn_of([*range(1, 5), *range(13, 21)], "y" * 12)))
    enjoy = row(results, "enjoy")
    assert (enjoy["compared"], enjoy["reason"]) == (change.INDEPENDENT, change.FEW_MATCHED)


def test_names_are_matched_however_they_are_written(tmp_path):
    later = [{**one, "member": f" {one['member'].lower()} "} for one in SEVENTEEN]
    assert compared(two_waves(tmp_path / "study", later=later)).change_facts["matched"] == 7


def test_who_has_no_name_counts_as_lost_and_new(tmp_path):
    later = [{**one, "member": ""} if one["member"] == "M-07" else one for one in SEVENTEEN]
    facts = compared(two_waves(tmp_path / "study", later=later)).change_facts
    assert [facts[name] for name in ("matched", "lost", "new", "unnamed")] == [6, 6, 6, True]


def test_a_name_that_stands_twice_is_refused(tmp_path):
    later = [*SEVENTEEN, {**SEVENTEEN[0], "sent": "30.09.2024"}]
    wave = AUTUMN.replace("  duplicates: {by: member, latest: sent}\n", "")
    with pytest.raises(ExportError, match=r"(?s)autumn/responses.csv.*one row for each 'member'.*rows 2, 14") as error:
        compared(two_waves(tmp_path / "study", later=later, wave=wave))
    assert "M-01" not in str(error.value)


# --- Reference values: Newcombe's and McNemar's -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x2", "n2", "x1", "n1", "low", "high"), [(56, 70, 48, 80, 0.0524, 0.3339), (18, 23, 30, 46, -0.1047, 0.3187)]
)
def test_independent_waves_give_newcombes_interval(tmp_path, x2, n2, x1, n1, low, high):
    earlier, later = ("y" * x + "n" * (n - x) for x, n in ((x1, n1), (x2, n2)))
    results = compared(two_waves(tmp_path / "study", many(later, 101), many(earlier), INDEPENDENT))
    rehearse = row(results, "rehearse")
    assert rehearse["change"] == pytest.approx(x2 / n2 - x1 / n1)
    assert (round(rehearse["low"], 4), round(rehearse["high"], 4)) == (low, high)


def test_matched_waves_give_newcombes_paired_interval(tmp_path):
    """32 of 50 come in spring, 22 in autumn: 20 both times, 12 only then, 2 only now, 16 never; 0.20 less."""
    results = compared(
        two_waves(tmp_path / "study", many("y" * 20 + "n" * 12 + "y" * 2 + "n" * 16), many("y" * 32 + "n" * 18))
    )
    rehearse = row(results, "rehearse")
    assert [rehearse[name] for name in ("both", "only_earlier", "only_later", "neither")] == [20, 12, 2, 16]
    assert [round(rehearse[name], 4) for name in ("change", "low", "high")] == [-0.2, -0.3292, -0.0562]


def test_matched_waves_give_mcnemars_p(tmp_path):
    """Two leave the rehearsals and nine join: 2 · (1 + 11 + 55)/2¹¹."""
    results = compared(
        two_waves(tmp_path / "study", many("n" * 2 + "y" * 9 + "y" * 9), many("y" * 2 + "n" * 9 + "y" * 9))
    )
    assert row(results, "rehearse")["p_value"] == pytest.approx(0.0654297, abs=1e-7)


@pytest.mark.parametrize("method", ["holm", "benjamini-hochberg"])
def test_all_that_is_compared_is_one_family(tmp_path, method):
    results = compared(two_waves(tmp_path / "study", compare=f"compare: {{wave: spring, adjust: {method}}}\n"))
    tested = results.change[results.change["p_value"].notna()].sort_values("p_value", kind="stable")
    p, m = tested["p_value"].to_list(), len(tested)
    if method == "holm":
        expected = [min(1, max((m - j) * p[j] for j in range(i + 1))) for i in range(m)]
    else:
        expected = [min(1, *(m / (j + 1) * p[j] for j in range(i, m))) if i < m else 1 for i in range(m)]
    assert m > 3
    assert tested["adjusted_p"].to_list() == pytest.approx(expected)


def test_a_change_beyond_chance_is_called_so(tmp_path):
    results = compared(two_waves(tmp_path / "study", many("y" * 38 + "n" * 2), many("n" * 30 + "y" * 10)))
    rehearse = row(results, "rehearse")
    assert rehearse["larger_than_chance"]
    assert rehearse["low"] > 0
    steady = row(results, "enjoy")
    assert not steady["larger_than_chance"]
    assert steady["low"] < 0 < steady["high"]  # all said yes both times: no change, but no certainty either


# --- Which indicators -------------------------------------------------------------------------------------------------


def test_a_question_worded_otherwise_is_marked_and_not_tested(worded):
    rehearse = row(worded, "rehearse")
    assert (rehearse["reason"], rehearse["reworded"]) == (change.REWORDED, "rehearses")
    assert np.isnan(rehearse["change"]) and np.isnan(rehearse["p_value"])
    assert row(worded, "enjoy")["reworded"] == ""


def test_who_was_asked_depends_on_wording_as_well(worded):
    """Solos are asked of those who rehearse: where that question has changed, the singers asked may be others."""
    assert row(worded, "solo_asked")["reason"] == change.REWORDED


def test_despite_its_wording_it_is_compared_and_still_marked(tmp_path):
    compare = "compare: {wave: spring, despite: [rehearses]}\n" + WORDED
    results = compared(two_waves(tmp_path / "study", compare=compare))
    rehearse = row(results, "rehearse")
    assert rehearse["compared"] == change.INDEPENDENT
    assert rehearse["reworded"] == "rehearses"
    assert results.change_facts["wording"]["rehearses"] == [
        "Do you come to the rehearsals?",
        "How often are you at the rehearsals?",
    ]


def headed(title: str) -> str:
    """Return the export of autumn with another title over the question about rehearsals."""
    records = plain(SEVENTEEN)
    records[0][list(COLUMNS).index(("rehearses", ""))] = title
    return written(records)


@pytest.mark.parametrize(
    ("title", "reworded"),
    [
        ("How often are you at the rehearsals?", "rehearses"),  # a wording that nothing explains
        ("DO YOU come to the rehearsals ?", "rehearses"),
        ("rehearsing", ""),  # a short name says nothing of the wording
        ("do you  come to the REHEARSALS?", ""),
    ],
)
def test_a_raw_title_that_is_another_wording_marks_a_change(tmp_path, title, reworded):
    compare = INDEPENDENT + f"columns: {{rehearses: '{title}'}}\n"
    results = compared(two_waves(tmp_path / "study", compare=compare, export=headed(title)))
    assert row(results, "rehearse")["reworded"] == reworded


def test_another_row_of_a_grid_is_another_wording(tmp_path):
    title = "How much do you agree? – I love the concerts"
    records = plain(SEVENTEEN)
    records[0][list(COLUMNS).index(("enjoys", ""))] = title
    compare = INDEPENDENT + "columns: {enjoys: '" + title + "'}\n"
    results = compared(two_waves(tmp_path / "study", compare=compare, export=written(records)))
    assert row(results, "enjoy")["reworded"] == "enjoys"
    assert row(results, "folk")["reworded"] == ""


def test_a_title_that_the_codebook_lists_is_the_same_question(tmp_path):
    study = two_waves(tmp_path / "study", compare=INDEPENDENT, export=headed("Do you attend our rehearsals?"))
    path = study / "codebook.yml"
    path.write_text(path.read_text().replace("columns: [Q2]", "columns: [Q2, 'Do you attend our rehearsals?']"))
    assert row(compared(study), "rehearse")["reworded"] == ""


def test_a_wording_of_the_wave_is_found_in_its_export(tmp_path):
    title = "How often are you at the rehearsals?"
    study = two_waves(tmp_path / "study", compare=INDEPENDENT + WORDED, export=headed(title))
    assert row(compared(study), "rehearse")["reason"] == change.REWORDED


def test_what_was_not_asked_twice_is_not_compared(tmp_path):
    keep = [k for k, (item, _) in enumerate(COLUMNS) if item != "sings"]
    export = written([[record[k] for k in keep] for record in plain(SEVENTEEN)])
    wave = AUTUMN.replace("not_asked: [sings_other]", "not_asked: [sings_other, sings]")
    folk = row(compared(two_waves(tmp_path / "study", wave=wave, export=export)), "folk")
    assert folk["reason"] == change.NOT_ASKED
    assert (folk["earlier_count"], folk["earlier_base"]) == (4, 11)
    assert pd.isna(folk["base"])


def test_hidden_figures_stay_hidden(tmp_path):
    """For persons with k = 5: in autumn, 9 of 12 leave three who do not enjoy the concerts."""
    strict = ("respondents: organisations", "respondents: persons"), ("smallest_count: off", "smallest_count: 5")
    wave, before = AUTUMN, WAVE
    for old, new in strict:
        wave = wave.replace(old, new)
    results = compared(two_waves(tmp_path / "study", wave=wave, wave_before=before, compare=INDEPENDENT))
    enjoy = row(results, "enjoy")
    assert enjoy["reason"] == change.HIDDEN
    assert (enjoy["earlier_count"], enjoy["earlier_base"]) == (8, 11)  # spring may show it
    assert all(pd.isna(enjoy[name]) for name in ("count", "base", "proportion", "change", "p_value"))


def test_with_a_smallest_count_few_who_changed_their_mind_are_not_told(tmp_path):
    """40 singers, 20 of whom come both times, 15 never; three leave and two join: too few to tell."""
    persons = [
        one.replace("respondents: organisations", "respondents: persons").replace(
            "smallest_count: off", "smallest_count: 5"
        )
        for one in (AUTUMN, WAVE)
    ]
    spring, autumn = many("y" * 23 + "n" * 17), many("y" * 20 + "n" * 3 + "y" * 2 + "n" * 15)
    results = compared(two_waves(tmp_path / "study", autumn, spring, MATCHED, *persons))
    rehearse = row(results, "rehearse")
    assert (rehearse["compared"], rehearse["reason"]) == (change.INDEPENDENT, change.FEW_OTHERS)
    spring, autumn = many("y" * 25 + "n" * 15), many("y" * 20 + "n" * 5 + "y" * 5 + "n" * 10)
    results = compared(two_waves(tmp_path / "again", autumn, spring, MATCHED, *persons))
    assert row(results, "rehearse")["compared"] == change.MATCHED


def test_weighted_waves_are_compared_by_their_own_intervals(tmp_path):
    """Newcombe's formula with the limits of each wave (MOVER), here worked out from the tables of both."""
    study = two_waves(
        tmp_path / "study", compare=MATCHED, wave=AUTUMN + "weights: weight\n", wave_before=WAVE + "weights: weight\n"
    )
    results = compared(study)
    spring = Results.of(str(study), "spring", "", str(tmp_path / "processed"))
    spring.clean()
    before = spring.estimate().set_index(["indicator", "group_by"]).loc[("enjoy", "all")]
    now = results.row("enjoy")
    enjoy = row(results, "enjoy")
    assert (enjoy["compared"], enjoy["reason"]) == (change.WEIGHTED, change.OF_WEIGHTS)
    d = now["proportion"] - before["proportion"]
    assert enjoy["change"] == pytest.approx(d)
    low = d - np.hypot(now["proportion"] - now["low"], before["high"] - before["proportion"])
    high = d + np.hypot(now["high"] - now["proportion"], before["proportion"] - before["low"])
    assert (enjoy["low"], enjoy["high"]) == (pytest.approx(low), pytest.approx(high))
    assert 0 < enjoy["p_value"] <= 1


# --- What cannot be compared at all -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("compare", "words"),
    [
        ("compare: {wave: sprung}\n", r"(?s)compare.wave.*another wave of this study.*'sprung'.*did you mean 'spring'"),
        ("compare: {wave: autumn}\n", r"(?s)another wave of this study.*this wave itself"),
        ("compare: {wave: spring, match: voice}\n", r"(?s)kind id or text.*'voice' is single"),
        ("compare: {wave: spring, match: sings_other}\n", r"(?s)not_asked.*compare.match needs"),
        ("compare: {wave: spring, despite: [solos]}\n", r"(?s)compare.despite.*'solos'.*did you mean 'solo'"),
        ("compare: {wave: spring, adjust: bonferroni}\n", r"(?s)'holm' or 'benjamini-hochberg'.*'bonferroni'"),
        ("wording: {solo: 'Have you sung a solo?'}\n", r"(?s)a wording that differs from the codebook's"),
        ("wording: {soli: 'Solos?'}\n", r"(?s)'soli'.*did you mean 'solo'"),
    ],
)
def test_settings_that_do_not_fit_are_refused(tmp_path, compare, words):
    with pytest.raises(WaveError, match=words):
        compared(two_waves(tmp_path / "study", compare=compare))


def test_the_later_wave_names_the_earlier_one(tmp_path):
    late = AUTUMN.replace("2024-09", "2023-09")
    with pytest.raises(WaveError, match=r"(?s)a wave fielded before this one \(2023-09-01\).*'spring'"):
        compared(two_waves(tmp_path / "study", compare=INDEPENDENT, wave=late))


def test_waves_that_share_no_indicator_cannot_be_compared(tmp_path):
    results = compared(two_waves(tmp_path / "study", compare=INDEPENDENT))
    cleaned = results.clean()
    side = change.Side("autumn", results.wave, results.codebook, cleaned, results.estimates)
    others = results.wave.model_copy(update={"not_asked": ["rehearses", "solo", "enjoys", "sings"]})
    with pytest.raises(WaveError, match="an indicator that both waves asked"):
        change.compare(replace(side, name="spring", wave=others), side)


# --- Files, inputs, editions ------------------------------------------------------------------------------------------


def test_the_order_of_rows_leaves_no_trace(tmp_path):
    table = compared(two_waves(tmp_path / "a" / "study")).folder / "change.csv"
    spring, autumn = list(TWELVE), list(SEVENTEEN)
    random.Random(4).shuffle(spring)
    random.Random(5).shuffle(autumn)
    other = compared(two_waves(tmp_path / "b" / "study", autumn, spring)).folder / "change.csv"
    assert table.read_bytes() == other.read_bytes()


def test_no_name_of_a_respondent_leaves_the_raw_files(tmp_path):
    results = compared(two_waves(tmp_path / "study"))
    draw_change(results)
    told = [path.read_text(encoding="utf-8") for path in results.folder.rglob("*.*") if path.suffix != ".parquet"]
    told += [pd.read_parquet(path).to_csv() for path in results.folder.rglob("*.parquet")]
    assert len(told) > 8
    assert "M-0" in (tmp_path / "study" / "autumn" / "responses.csv").read_text()  # what is looked for is there
    assert not any("m-0" in one.lower() for one in told)


def test_the_table_says_who_is_invented(tmp_path):
    invented = AUTUMN + "invented: true\ninvented_notice: Nobody sings.\n"
    assert compared(two_waves(tmp_path / "study", wave=invented)).change["invented"].all()
    assert not compared(two_waves(tmp_path / "other")).change["invented"].any()


def test_an_edition_of_one_group_is_not_compared(tmp_path):
    results = compared(two_waves(tmp_path / "study"), group="voice=high")
    assert not (results.folder / "change.csv").exists()
    assert changes(results) == change_evidence(results) == draw_change(results) == []


def test_a_wave_without_compare_has_no_such_part(tmp_path):
    results = compared(two_waves(tmp_path / "study", compare=""))
    assert changes(results) == change_evidence(results) == draw_change(results) == []


def test_the_earlier_wave_belongs_to_the_inputs(tmp_path):
    study = two_waves(tmp_path / "study")
    names = set(manifest.inputs(Edition.of(study, "autumn")))
    assert {"autumn/wave.yml", "spring/wave.yml", "spring/responses.csv"} <= names
    assert not any(name.startswith("autumn") for name in manifest.inputs(Edition.of(study, "spring")))
    assert not any(name.startswith("spring") for name in manifest.inputs(Edition.of(study, "autumn", "voice=high")))
    (study / "autumn" / "wave.yml").write_text("compare: [", encoding="utf-8")
    assert "autumn/wave.yml" in manifest.inputs(Edition.of(study, "autumn"))  # the notebook says what is wrong


# --- The report -------------------------------------------------------------------------------------------------------


def blocks_of(results: Results) -> list[dict]:
    draw_change(results)
    return changes(results)


def said(blocks: list[dict]) -> str:
    return "\n".join(plain_text(run) for block in blocks for run in runs(_complete(block)))


def _complete(block: dict) -> dict:
    return {"notes": [], "table": None, "numbers": [], "made_by": [], **block}


def test_the_part_says_whom_it_compares_and_reads_the_changes_beyond_chance_aloud(matched):
    told = said(blocks_of(matched))
    assert "7 respondents answered both times and are compared with themselves. 5 of the 12 earlier ones" in told
    tested = matched.change[matched.change["compared"] != ""]
    beyond = tested[tested["larger_than_chance"].astype(bool)]
    (aloud,) = [block["items"] for block in blocks_of(matched) if block["block"] == "list"]
    assert len(aloud) == len(beyond) < len(tested)  # the table has the others
    assert f"Larger than chance would explain: {len(beyond)} of {len(tested)} changes." in told
    assert "it is not called" not in told


def test_where_no_change_is_beyond_chance_none_is_stressed(tmp_path):
    """Of forty, two come who did not, and none stays away who came: 36 of 40 are 90%, 38 are 95%."""
    results = compared(two_waves(tmp_path / "study", many("y" * 38 + "n" * 2), many("y" * 36 + "n" * 4)))
    blocks = blocks_of(results)
    assert (
        "Larger than chance would explain: 0 of 6 changes. The largest one observed is within chance: +5 points. "
        "95% (38 of 40) say that they come to the rehearsals, after 90% (36 of 40) in Spring concert." in said(blocks)
    )
    assert not any(block["block"] == "list" for block in blocks)
    assert not any(node["t"] == "strong" for block in blocks for run in runs(_complete(block)) for node in run)


def test_what_is_not_compared_is_said_with_its_reason(worded):
    told = said(blocks_of(worded))
    assert "not compared: the question was worded otherwise" in told
    assert "taken for different ones" in told


def test_a_change_beyond_chance_is_read_aloud_so(tmp_path):
    results = compared(two_waves(tmp_path / "study", many("y" * 38 + "n" * 2), many("n" * 30 + "y" * 10)))
    told = said(blocks_of(results))
    assert "70 points more: 95% (38 of 40) say that they come to the rehearsals, after 25% (10 of 40)" in told
    assert "Larger than chance would explain: 1 of " in told
    assert "The largest one observed" not in told


@pytest.mark.parametrize(
    ("weighed", "which", "now"),
    [
        ("weights: weight\n", "Shares are", "weighted; unweighted 0 of 12"),
        ("", "Shares of Spring concert are", "0 of 12"),
    ],
)
def test_weighted_shares_are_told_from_the_unweighted_counts_beside_them(tmp_path, weighed, which, now):
    """In spring low voices (7 to 11) weigh 2, others 1; 4 high and 3 low sing sacred music: (4 + 3·2) / 17 = 59%."""
    waves = AUTUMN + weighed, WAVE + "weights: weight\n"
    results = compared(two_waves(tmp_path / "study", SEVENTEEN, TWELVE, INDEPENDENT, *waves))
    told = said(blocks_of(results))
    assert f"0% ({now}) say that they sing sacred music, after 59% (weighted; unweighted 7 of 12) in Spring" in told
    assert f"{which} weighted. The counts and bases beside them are numbers of respondents, not weighted" in told
    figure = results.figure("change")
    assert plain_text(figure["subtitle"]).endswith(f". {which} weighted, counts and bases are not")
    assert f"{which} weighted, counts and bases are not. " in figure["alt"]


def test_a_wave_that_withholds_its_counts_shows_none_beside_the_other(tmp_path):
    autumn = AUTUMN.replace("smallest_count: off", "smallest_count: 2") + "weights: weight\n"
    results = compared(two_waves(tmp_path / "study", SEVENTEEN, TWELVE, INDEPENDENT, autumn, WAVE))
    told = said(blocks_of(results))
    assert "0% (weighted; unweighted n = 12) say that they sing sacred music, after 58% (7 of 12) in Spring" in told
    assert not {"9 of 12", "0 of 12"} & set(re.findall(r"\d+ of 12", told))
    shown = pd.read_csv(results.folder / "change.csv")
    assert shown["count"].isna().all()


@pytest.mark.parametrize(
    ("size", "weights", "told"), [(", size: 20", "", True), ("", "", False), (", size: 20", "weights: weight\n", False)]
)
def test_changes_say_where_they_do_not_know_of_a_population(tmp_path, size, weights, told):
    """Only the earlier population is known; the variance of weighted shares is corrected for it."""
    before = WAVE.replace("of the village}", f"of the village{size}}}") + weights
    blocks = blocks_of(compared(two_waves(tmp_path / "study", wave_before=before)))
    assert ("Intervals and tests of changes take respondents for a draw from very many" in said(blocks)) == told
    assert "eighted" in said(blocks) or not weights


def test_where_nothing_can_be_compared_nothing_is_drawn(tmp_path):
    wave = AUTUMN.replace("minimum_base: 5", "minimum_base: 50")
    results = compared(two_waves(tmp_path / "study", wave=wave, compare=INDEPENDENT))
    assert set(results.change["reason"]) == {change.HIDDEN}
    assert draw_change(results) == []
    blocks = blocks_of(results)
    assert [block["block"] for block in blocks] == ["heading", "paragraph", "table"]
    assert not re.search(r"points (more|less)", said(blocks))


def numbers_of(results: Results) -> list[dict]:
    blocks = blocks_of(results) + change_evidence(results)
    return [node for block in blocks for run in runs(_complete(block)) for node in nodes(run) if node["t"] == "number"]


def told_of(results: Results, kind: str, statement: str = "enjoy the concerts") -> dict:
    return next(one for one in numbers_of(results) if one["what"] == f"{kind}: {statement}")


def test_shares_of_both_waves_carry_their_ends_and_method(matched):
    """Of those who answered both times 4 of 6 and 5 of 6; Wilson: (x + 1.92 ∓ 1.96·√(x(n−x)/n + .96)) / (n + 3.84)."""
    for wave, low, high in (("Spring concert", 0.3000, 0.9032), (matched.wave.title, 0.4365, 0.9699)):
        one = told_of(matched, f"share, {wave}")
        assert (one["low"], one["high"]) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
        assert (one["method"], one["scale"]) == ("Wilson interval, 95%", "share")
        count = told_of(matched, f"count and base, {wave}")
        assert (count["exact"], count["low"], count["high"], count["method"]) == (None, None, None, None)


def test_shares_of_different_singers_carry_the_interval_of_the_estimate(tmp_path):
    results = compared(two_waves(tmp_path / "study", compare=INDEPENDENT))
    estimate = results.row("enjoy")
    one = told_of(results, f"share, {results.wave.title}")
    assert (one["low"], one["high"]) == (estimate["low"], estimate["high"])
    earlier = told_of(results, "share, Spring concert")  # 8 of 11
    assert (earlier["low"], earlier["high"]) == (pytest.approx(0.4344, abs=5e-5), pytest.approx(0.9025, abs=5e-5))


def test_changes_carry_their_ends_and_method(matched):
    enjoy = row(matched, "enjoy")
    for kind in ("change in points", "change in points, two decimals", "interval of the change, in points"):
        one = told_of(matched, kind)
        assert (one["low"], one["high"]) == (enjoy["low"], enjoy["high"])
        method = "Newcombe's interval for matched respondents, 95%"
        assert (one["method"], one["scale"]) == (method, "difference")


def test_a_wave_that_withholds_its_counts_prints_no_more_digits_than_may_be_published(tmp_path):
    """p-values have three decimals, printed and exact alike; ends of shares and changes have two."""
    autumn = AUTUMN.replace("smallest_count: off", "smallest_count: 2") + "weights: weight\n"
    numbers = numbers_of(compared(two_waves(tmp_path / "study", SEVENTEEN, TWELVE, INDEPENDENT, autumn, WAVE)))
    tested = [one for one in numbers if one["what"].startswith(("p-value: ", "adjusted p-value: "))]
    assert tested
    for one in tested:
        assert re.fullmatch(r"<?0\.\d{3}|1\.000", one["text"])
        assert one["exact"] == round(one["exact"], 3)
    with_ends = [one for one in numbers if one["low"] is not None]
    assert {one["scale"] for one in with_ends} == {"share", "difference"}
    for one in with_ends:
        assert one["method"]
        assert (one["low"], one["high"]) == (round(one["low"], 2), round(one["high"], 2))
    assert {one["exact"] for one in numbers if one["text"] == "n = 12"} == {12}


def test_every_number_of_the_part_has_its_evidence(matched):
    blocks = blocks_of(matched) + change_evidence(matched)
    ids = {block["id"] for block in blocks if block["block"] == "evidence"} | {"evidence-method"}
    numbers = [
        node for block in blocks for run in runs(_complete(block)) for node in nodes(run) if node["t"] == "number"
    ]
    assert len(numbers) > 40
    assert {node["evidence"] for node in numbers} <= ids


def test_more_changes_than_fit_on_a_page_are_one_figure_a_section(matched, monkeypatch):
    monkeypatch.setattr("impact_report.parts.changes.MOST_IN_A_FIGURE", 1)
    names = draw_change(matched)
    assert names == [f"change-{section.id}" for section in matched.codebook.sections]
    shown = [block["id"] for block in changes(matched) if block["block"] == "figure"]
    assert len(shown) == len(names) > 0
    for name, section in zip(names, matched.codebook.sections, strict=True):
        assert plain_text(matched.figure(name)["title"]).startswith(f"{section.title}, since ")


def test_the_figure_has_an_alt_text_with_its_numbers_and_a_remark_that_respondents_are_invented(tmp_path):
    invented = AUTUMN + "invented: true\ninvented_notice: Nobody sings.\n"
    results = compared(two_waves(tmp_path / "study", wave=invented))
    (name,) = draw_change(results)
    words = results.figure(name)
    assert "enjoy the concerts: 67% (4 of 6), then 83% (5 of 6), +17 points" in words["alt"]
    assert "Invented respondents" in plain_text(words["source"])
    assert "Invented respondents" in words["svg"]
    assert len(words["links"]) == 3 * len(results.change.query("compared != ''"))  # then, now, and the change
    assert len(words["links_narrow"]) == 2 * len(results.change.query("compared != ''"))
