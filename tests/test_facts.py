"""Headline facts: a total, a roster, the years; each with the value data gives, the value printed, and its evidence."""

from __future__ import annotations

import datetime as dt

import pytest
from study import CODEBOOK, PLACES, TWELVE, WAVE, changed

from impact_report.errors import EstimationError, Problem, WaveError
from impact_report.facts import headline_facts, read_roster, years_passed
from impact_report.wave import latest_day


def facts(study) -> dict[str, dict]:
    found = headline_facts(study.clean().responses, study.codebook, study.wave, study.folder)
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
    [("1.5", 20), ("3.5", 20), ("3.6", 25), ("8.5", 25), ("2000", 2020)],  # totals of 23, 25, 25.1, 30 and 2021.5
)
def test_more_than_is_meant_strictly(choir, hours_of_the_first, shown):
    assert facts(choir(rows=changed(1, hours=hours_of_the_first)))["practice"]["shown"] == shown


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
    # From the last day of May 2001 to the first day of March 2024 more than 22 years have passed, and nine months.
    assert (years["exact"], years["shown"], years["most"], years["phrase"]) == (22, 22, 22, "over {value} years")
    assert (years["since"], years["until"]) == ("2001-05", "2024-03")
    assert (years["since_source"], years["until_source"]) == ("the chronicle", "the notice board")
    assert years["note"] == ""


@pytest.mark.parametrize(
    ("since", "until", "fewest", "most"),
    [
        ("2001-05", "2024", 22, 23),  # from 31 May 2001 to 1 January; from 1 May 2001 to 31 December
        ("2001", "2024-03", 22, 23),
        ("2001", "2024", 22, 23),
        ("2001-01-01", "2024-01-01", 23, 23),
        ("2001-01-02", "2024-01-01", 22, 22),
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
    assert choir().results(group="voice=high").facts == []


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
