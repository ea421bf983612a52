"""Headline facts: a total, a roster, the years; each with the value data gives, the value printed, and its evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from study import CODEBOOK, PLACES, TWELVE, WAVE, changed

from impact_report.blocks import heading
from impact_report.errors import CodebookError, EstimationError, Problem, WaveError
from impact_report.exporters.structure import plain_text
from impact_report.facts import headline_facts, named_rows, read_roster, years_passed
from impact_report.parts.evidence import evidence
from impact_report.parts.front import cover, findings
from impact_report.parts.headline import fact_evidence
from impact_report.parts.respondents import who_answered
from impact_report.wave import latest_day


def facts(study) -> dict[str, dict]:
    cleaned = study.clean()
    found = headline_facts(cleaned.responses, study.codebook, study.wave, study.folder, cleaned.summary)
    return {fact["id"]: fact for fact in found}


def test_facts_come_in_the_codebooks_order(twelve):
    assert [fact["id"] for fact in twelve.facts] == ["practice", "places", "halls", "years"]


# --- Totals -----------------------------------------------------------------------------------------------------------


def test_a_total_and_who_is_not_in_it(twelve):
    practice = twelve.facts[0]
    assert practice["exact"] == 2 + 3 + 1 + 4 + 5 + 2.5 + 6 == 23.5
    assert practice["base"] == 7
    assert dict(practice["others"]) == {"not asked": 4, "no answer": 1}
    assert practice["shown"] == 20  # the largest multiple of 5 below 23.5
    assert practice["phrase"] == "more than {value}"


@pytest.mark.parametrize(
    ("hours_of_the_first", "shown"),
    [("1.5", 20), ("3.5", 20), ("3.6", 25), ("8.5", 25), ("150", 170)],  # totals of 23, 25, 25.1, 30 and 171.5
)
def test_more_than_is_meant_strictly(choir, hours_of_the_first, shown):
    assert facts(choir(rows=changed(1, hours=hours_of_the_first)))["practice"]["shown"] == shown


def test_nothing_is_not_more_than_anything(choir):
    with pytest.raises(EstimationError, match="a total above 0"):
        facts(choir(rows=[{**row, "hours": "0" if row["hours"] else ""} for row in TWELVE]))


@pytest.mark.parametrize(("hours_of_the_first", "shown"), [("1.9", 23), ("2", 24), ("3", 25), ("1.5", 23)])
def test_a_total_is_rounded_half_up(choir, hours_of_the_first, shown):
    codebook = CODEBOOK.replace("    round_down_to: 5\n", "")  # totals of 23.4, 23.5, 24.5 and 23
    assert facts(choir(rows=changed(1, hours=hours_of_the_first), codebook=codebook))["practice"]["shown"] == shown


def test_a_total_of_too_few_is_not_published(choir):
    with pytest.raises(EstimationError) as caught:
        facts(choir(wave=WAVE.replace("minimum_base: 5", "minimum_base: 8")))
    (problem,) = caught.value.problems
    assert problem.expected == "8 answers or more"
    assert problem.found == "7 answers, too few to publish a total"
    assert problem.where == "fact 'practice'"


def test_a_total_of_nothing(choir):
    with pytest.raises(EstimationError) as caught:
        facts(choir(rows=[{**row, "hours": ""} for row in TWELVE]))
    (problem,) = caught.value.problems
    assert (problem.expected, problem.found) == ("answers to 'hours'", "none")


# --- Means, medians, ratios -------------------------------------------------------------------------------------------

# Seven singers told their hours: 2, 3, 1 and 4 with a weight of 1; 5, 2.5 and 6, who sing low, with a weight of 2.
MEASURED = """\
  - {id: mean, label: hours, measure: mean, item: hours, decimals: 2, phrase: "{value} hours"}
  - {id: median, label: hours, measure: median, item: hours, decimals: 1}
  - id: ratio
    label: hours for each unit of weight
    measure: ratio
    numerator: hours
    denominator: weight
    decimals: 2
    unit: hours per unit
    definition: all hours, divided by all weights
"""
WITH_MEASURES = CODEBOOK.replace("facts:\n", f"facts:\n{MEASURED}")


def test_a_mean_with_its_interval(choir):
    mean = facts(choir(codebook=WITH_MEASURES))["mean"]
    assert (mean["exact"], mean["text"]) == (pytest.approx(23.5 / 7), "3.36")
    assert mean["base"] == 7
    assert dict(mean["others"]) == {"not asked": 4, "no answer": 1}
    assert mean["interval"]["low"] == pytest.approx(1.7394, abs=1e-4)  # as in test_measures, by hand
    assert mean["interval"]["high"] == pytest.approx(4.9748, abs=1e-4)


def test_a_median_whose_interval_would_name_single_answers(choir):
    median = facts(choir(codebook=WITH_MEASURES))["median"]
    assert (median["exact"], median["text"]) == (3.0, "3.0")  # 1, 2, 2.5, *3*, 4, 5, 6
    assert median["interval"]["low"] is None
    assert median["interval"]["method"] == "its ends would be the answers of too few respondents"
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 1")
    open_ = facts(choir(codebook=WITH_MEASURES, wave=wave))["median"]
    assert (open_["interval"]["low"], open_["interval"]["high"]) == (1.0, 6.0)


def test_a_ratio_of_two_totals(choir):
    """23.5 hours for 4 · 1 + 3 · 2 = 10; residuals −.35 .65 −1.35 1.65 .3 −2.2 1.3, their squares 11.71."""
    ratio = facts(choir(codebook=WITH_MEASURES))["ratio"]
    assert (ratio["exact"], ratio["text"], ratio["totals"]) == (2.35, "2.35", [23.5, 10.0])
    assert ratio["interval"]["standard_error"] ** 2 == pytest.approx(7 / 6 * 11.71 / 10**2)
    assert ratio["definition"] == "all hours, divided by all weights"
    assert ratio["base"] == 7


def test_weights_count_in_means_medians_and_ratios(choir):
    found = facts(choir(codebook=WITH_MEASURES, wave=WAVE + "weights: weight\n"))
    assert found["mean"]["exact"] == 3.7  # (10 + 2 · 13.5) / (4 + 2 · 3)
    assert found["median"]["exact"] == 3.5  # at 3 the weights reach half of ten; the next is 4
    assert found["ratio"]["exact"] == 2.3125  # 37 / (4 · 1 + 3 · 2 · 2)
    assert found["practice"]["exact"] == 23.5  # a total does not, unless it says so


def test_a_total_is_weighted_where_it_says_so(choir):
    codebook = CODEBOOK.replace("    round_down_to: 5\n", "    weighted: true\n")
    assert facts(choir(codebook=codebook, wave=WAVE + "weights: weight\n"))["practice"]["exact"] == 37.0
    with pytest.raises(EstimationError, match="weights that sum to the population"):
        facts(choir(codebook=codebook))


def test_the_sum_of_several_quantities_needs_all_of_them(choir):
    codebook = WITH_MEASURES.replace("numerator: hours", "numerator: [hours, weight]")
    ratio = facts(choir(codebook=codebook))["ratio"]
    assert ratio["totals"] == [33.5, 10.0]


@pytest.mark.parametrize("measure", ["mean", "median", "ratio"])
def test_a_measure_of_too_few_is_not_published(choir, measure):
    blocks = MEASURED.split("  - ")
    (one,) = [block for block in blocks if f"measure: {measure}" in block]
    study = choir(
        codebook=CODEBOOK.replace("facts:\n", f"facts:\n  - {one}"),
        wave=WAVE.replace("minimum_base: 5", "minimum_base: 8"),
    )
    with pytest.raises(EstimationError) as caught:
        facts(study)
    assert caught.value.problems[0].expected == "8 answers or more"
    assert caught.value.problems[0].where == f"fact {measure!r}"


# --- What a sum would give away ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", ["156", "2000"])  # the others without the largest of them, 6, come to 15.5
def test_a_sum_with_one_large_respondent_is_not_published(choir, hours):
    with pytest.raises(EstimationError, match="it would reveal a respondent"):
        facts(choir(rows=changed(1, hours=hours)))


def test_two_sums_that_differ_by_one_respondent(choir):
    """Who told the hours and not the weight would be the difference between the total and the ratio's numerator."""
    with pytest.raises(EstimationError) as caught:
        facts(choir(codebook=WITH_MEASURES, rows=changed(2, weight="")))
    found = [problem.found for problem in caught.value.problems]
    assert found == [
        "the facts 'mean' and 'ratio', which differ by fewer: both together would reveal them",
        "the facts 'ratio' and 'practice', which differ by fewer: both together would reveal them",
    ]


# --- What a codebook may not ask --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("numerator: hours", "numerator: hour", "an item"),
        ("numerator: hours", "numerator: voice", "an item of kind quantity"),
        ("numerator: hours", "numerator: [hours, hours]", "each quantity once"),
        ("    numerator: hours\n", "", "`numerator`, which the measure ratio needs"),
        ("    definition: all hours, divided by all weights\n", "", "`definition`, which the measure ratio needs"),
        ("measure: mean, item: hours", "measure: mean", "`item`, which the measure mean needs"),
        ("measure: mean,", "measure: mean, weighted: true,", "`weighted` with the measure total only"),
        ("measure: mean,", "measure: mean, round_down_to: 5,", "`round_down_to` with the measure total only"),
        ("round_down_to: 5", "round_down_to: 5\n    decimals: 1", "no decimals beside `round_down_to`"),
        ("id: median", "id: mean", "an id of its own"),
        ("measure: roster}", "measure: response_rate}", "`rate`, which the measure response_rate needs"),
    ],
)
def test_a_fact_that_contradicts_itself(choir, old, new, expected):
    assert old in WITH_MEASURES
    with pytest.raises(CodebookError) as caught:
        _ = choir(codebook=WITH_MEASURES.replace(old, new)).codebook
    assert [problem.expected for problem in caught.value.problems] == [expected]


# --- How they are told ------------------------------------------------------------------------------------------------


def evidence_of(results, name: str) -> list[tuple[str, str]]:
    (fact,) = [one for one in results.facts if one["id"] == name]
    return [(label, plain_text(words)) for label, words in fact_evidence(results, fact)["facts"]]


def test_the_evidence_says_how_a_floor_was_taken(twelve):
    said = dict(evidence_of(twelve, "practice"))
    assert said["Printed"] == "more than 20"
    assert said["Exact total"] == "23.5 hours"
    assert said["How the floor was taken"] == (
        "23.5 is more than 20, which is 4 times 5, and not more than the next multiple, 25"
    )
    assert (said["Answers"], said["Not in it: not asked"], said["Not in it: no answer"]) == ("7", "4", "1")


def test_the_evidence_of_a_mean_and_of_a_ratio(choir):
    results = choir(codebook=WITH_MEASURES).results()
    mean, ratio = dict(evidence_of(results, "mean")), evidence_of(results, "ratio")
    assert mean["Interval"] == "from 1.739 to 4.975, at 95%"
    assert mean["Standard error"] == "0.6611"
    assert dict(ratio)["Definition"] == "all hours, divided by all weights"
    assert dict(ratio)["Exact ratio"] == "2.35 hours per unit"
    assert (dict(ratio)["Total above the line"], dict(ratio)["Total below the line"]) == ("23.5", "10")
    assert dict(ratio)["Answers"] == "all parts answered by 7"
    assert [label for label, _ in ratio].count("Question") == 2
    assert dict(evidence_of(results, "median"))["Interval"].startswith("not estimable: its ends")


def test_exporters_accept_a_report_with_every_measure(choir):
    """Each number of the evidence and of the findings leads to an anchor that is there."""
    rate = "  - {id: rate, label: of those asked, measure: response_rate, rate: rr4}\n"
    wave = WAVE.replace("  mode:", "  selection: random\n  mode:") + (
        "response: {rate: rr3, refusal: 4, unknown_other: 5, eligible_share: 0.3, eligible_share_source: a guess}\n"
    )
    results = choir(codebook=WITH_MEASURES.replace("facts:\n", f"facts:\n{rate}"), wave=wave).results()
    blocks = [cover(results), findings(results), heading("Who answered?", 1), who_answered(results)]
    blocks += [heading("Evidence", 1), *evidence(results)]
    linked = {number["evidence"] for number in nodes(blocks) if number.get("t") == "number"}
    assert {"evidence-fact-rate", "evidence-fact-ratio", "evidence-response"} <= linked
    assert linked <= {node["id"] for node in nodes(blocks) if node.get("id")} | {"evidence-rows", "evidence-method"}


def nodes(content: object) -> Iterator[dict]:
    """Yield every piece of some blocks."""
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    if isinstance(content, dict):
        yield content
    for one in inner:
        yield from nodes(one)


def test_of_persons_a_fact_must_not_tell_how_few_were_not_asked(choir):
    """Four of twelve do not rehearse and are not asked for their hours: twelve less the answers would tell of them."""
    wave = WAVE.replace("smallest_count: off", "smallest_count: 5").replace("organisations", "persons")
    with pytest.raises(EstimationError) as caught:
        choir(wave=wave).results()
    (problem,) = caught.value.problems
    assert (problem.where, problem.do) == ("fact 'practice'", "remove the fact, or ask everybody")


def test_who_has_a_weight_of_0_is_in_no_total(choir):
    """The first practises two of 23.5 hours."""
    practice = facts(choir(rows=changed(1, weight="0"), wave=WAVE + "weights: weight\n"))["practice"]
    assert (practice["exact"], practice["base"]) == (21.5, 6)
    assert dict(practice["others"]) == {"not asked": 4, "no answer": 1, "weight of 0": 1}


def test_more_than_needs_answers_that_cannot_be_negative(choir):
    codebook = CODEBOOK.replace("    unit: hours\n    minimum: 0\n", "    unit: hours\n")
    with pytest.raises(EstimationError) as caught:
        facts(choir(codebook=codebook))
    (problem,) = caught.value.problems
    assert problem.found == "item 'hours' without a minimum of 0 or more"
    assert "`minimum: 0`" in problem.do


# --- The roster -------------------------------------------------------------------------------------------------------


def test_rows_of_the_roster_that_had_started(twelve):
    places, halls = twelve.facts[1:3]
    # The new hall opened after the wave's reference date; when the church was built, nobody knows.
    assert (places["roster_rows"], places["started_later"], places["start_unknown"], places["shown"]) == (4, 1, 1, 3)
    assert (halls["roster_rows"], halls["started_later"], halls["start_unknown"], halls["shown"]) == (3, 1, 0, 2)


def test_names_are_given_where_they_are_wanted(twelve):
    places, halls = twelve.facts[1:3]
    assert halls["names"] == ["Town hall", "School"]
    assert {source for _, _, source in halls["counted"]} == {"the chronicle", "the school"}
    assert places["names"] == []


def test_each_place_counted_and_each_left_out_is_told(twelve):
    places, halls = twelve.facts[1:3]
    assert places["counted"] == [
        ["Town hall", "1998", "the chronicle"], ["Church", "", "the chronicle"], ["School", "2010", "the school"],
    ]  # fmt: skip
    assert halls["counted"] == [["Town hall", "1998", "the chronicle"], ["School", "2010", "the school"]]
    assert places["left_out"] == halls["left_out"] == ["New hall"]


@pytest.mark.parametrize("start", ["about 2010", "2010?", "2010-13", "2010/05", "May 2010", "98", "3010"])
def test_a_start_nobody_can_date_is_refused(choir, start):
    study = choir()
    (study.folder / "places.csv").write_text(PLACES.replace(",2010,", f",{start},"))
    with pytest.raises(WaveError) as caught:
        facts(study)
    (problem,) = caught.value.problems
    assert problem == Problem(
        "a date, as far as it is known",
        repr(start),
        "places.csv, row 4",
        "write 2017, 2017-05 or 2017-05-30, or leave it empty",
    )


def test_all_starts_that_are_none_are_told_at_once(choir):
    study = choir()
    (study.folder / "places.csv").write_text(PLACES.replace("1998", "long ago").replace("2024-06", "soon"))
    with pytest.raises(WaveError) as caught:
        read_roster(study.codebook, study.folder)
    assert [problem.where for problem in caught.value.problems] == ["places.csv, row 2", "places.csv, row 5"]


def test_a_value_that_no_row_of_the_roster_has(choir):
    with pytest.raises(EstimationError) as caught:
        facts(choir(codebook=CODEBOOK.replace("where: {kind: hall}", "where: {kind: halls}")))
    (problem,) = caught.value.problems
    assert problem == Problem("a kind of the roster", "'halls'", "fact 'halls', where, kind", "did you mean 'hall'?")


def test_a_roster_with_a_row_that_ends_too_early(choir):
    study = choir()
    (study.folder / "places.csv").write_text(PLACES.replace("Church,church,,the chronicle", "Church,church"))
    with pytest.raises(WaveError) as caught:
        facts(study)
    (problem,) = caught.value.problems
    assert (problem.expected, problem.where) == ("4 cells in each row", "places.csv")
    assert problem.found == "fewer in 1 of them: row 3"


def test_a_roster_may_be_saved_by_a_spreadsheet(choir):
    study = choir()
    content = "\ufeff" + PLACES.replace(",", ";").replace("\n", "\r\n") + ";;;\r\n"
    (study.folder / "places.csv").write_bytes(content.encode())
    assert (facts(study)["places"]["shown"], facts(study)["places"]["roster_rows"]) == (3, 4)


@pytest.mark.parametrize(
    ("start", "counted"),
    [
        ("2024", True),
        ("2024-03", True),
        ("2024-03-31", True),
        ("2024-04", False),
        ("2024-04-01", False),
        ("2025", False),
    ],
)
def test_a_start_counts_if_it_can_lie_before_the_reference_date(choir, start, counted):
    study = choir()
    (study.folder / "places.csv").write_text(PLACES.replace("2024-06", start))
    assert facts(study)["halls"]["shown"] == 2 + counted


def test_no_roster(choir):
    study = choir()
    (study.folder / "places.csv").unlink()
    with pytest.raises(WaveError) as caught:
        facts(study)
    (problem,) = caught.value.problems
    assert (problem.expected, problem.found, problem.where) == ("the roster", "no such file", "places.csv")


def test_columns_the_roster_lacks_are_told_with_the_near_name(choir):
    study = choir()
    (study.folder / "places.csv").write_text(PLACES.replace("kind", "kinds").replace("source", "sauce"))
    with pytest.raises(WaveError) as caught:
        read_roster(study.codebook, study.folder)
    assert [(one.expected, one.do) for one in caught.value.problems] == [
        ("a column 'source'", "did you mean 'sauce'?"),
        ("a column 'kind'", "did you mean 'kinds'?"),
    ]


# --- Years ------------------------------------------------------------------------------------------------------------


def test_years_since_the_founding(twelve):
    years = twelve.facts[3]
    # From the last day of May 2001 to the first day of March 2024 more than 22 years have passed, and nine months; from
    # the first day of May to the last of March, more, but less than 23.
    assert (years["exact"], years["shown"], years["most"], years["phrase"]) == (22, 22, 23, "over {value} years")
    assert (years["since"], years["until"]) == ("2001-05", "2024-03")
    assert (years["since_source"], years["until_source"]) == ("the chronicle", "the notice board")
    assert years["note"] == ""


@pytest.mark.parametrize(
    ("since", "until", "fewest", "most"),
    [
        ("2001-05", "2024", 22, 24),  # from 31 May 2001 to 1 January; from 1 May 2001 to 31 December: 23 and a half
        ("2001", "2024-03", 22, 24),
        ("2001", "2024", 22, 24),  # from 1 January 2001 through 31 December 2024 are 24 years to the day
        ("2001-01-01", "2024-01-01", 23, 24),
        ("2001-01-02", "2024-01-01", 22, 23),
    ],
)
def test_years_are_the_fewest_that_the_dates_can_mean(choir, since, until, fewest, most):
    wave = WAVE.replace("date: 2001-05", f"date: {since}").replace("date: 2024-03,", f"date: {until},")
    years = facts(choir(wave=wave))["years"]
    assert (years["shown"], years["most"]) == (fewest, most)


def test_what_is_noted_of_a_date_goes_with_the_years(choir):
    wave = WAVE.replace("source: the chronicle}}", "source: the chronicle, note: under another name}}")
    assert facts(choir(wave=wave))["years"]["note"] == "under another name"


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2008-12-31", "2019-12-31", 11),
        ("2008-12-31", "2019-12-30", 10),
        ("2008-01-01", "2019-12-31", 11),
        ("2008-01-01", "2020-01-01", 12),
        ("2012-02-29", "2013-02-28", 0),
        ("2012-02-29", "2013-03-01", 1),
        ("2012-02-29", "2016-02-29", 4),
        ("2019-06-30", "2019-06-30", 0),
    ],
)
def test_years_passed(start, end, years):
    """Less time than that has passed from the start's day to the end of the other: on the day itself, a day more."""
    assert years_passed(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == years


@pytest.mark.parametrize(
    ("date", "day"),
    [("2008", "2008-12-31"), ("2008-12", "2008-12-31"), ("2023-02", "2023-02-28"), ("2024-02", "2024-02-29")],
)
def test_what_is_known_in_part_is_taken_at_its_latest(date, day):
    assert latest_day(date) == dt.date.fromisoformat(day)


# --- Editions ---------------------------------------------------------------------------------------------------------


def test_an_edition_of_one_group_has_no_headline_facts(choir):
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 1")
    assert choir(wave=wave).results(group="voice=high").facts == []


def test_the_facts_of_the_bundled_study(reconstruction):
    facts = {fact["id"]: fact for fact in reconstruction.facts}
    assert facts["businesses"]["exact"] > 750
    assert facts["businesses"]["shown"] == 750
    assert facts["businesses"]["base"] <= 23  # the champions alone were asked
    assert facts["years"]["shown"] == 11  # from the end of 2008 to the end of 2019
    assert facts["partnerships"]["shown"] == 25  # of 26 one is known to have begun in 2024
    assert sorted(facts["technology_partnerships"]["names"]) == [
        "Tech Talent Boulder",
        "Tech Talent Denver",
        "Upper Arkansas Tech",
    ]


def test_rows_of_the_roster_are_told_by_the_labels_of_the_question_they_are_named_for(choir):
    """The roster's column `kind` is called as a question of the choir; its `town` as none."""
    text = CODEBOOK.replace(
        "  voice:\n",
        "  kind: {question: Which kind?, label: kind of place, kind: single, codes: {hall: A hall}}\n  voice:\n",
    )
    assert text != CODEBOOK
    codebook = choir(codebook=text).codebook
    assert named_rows(codebook, "kind", "hall") == "“kind of place”: A hall"
    assert named_rows(codebook, "town", "hall") == "town = hall"
