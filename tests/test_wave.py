"""A wave's facts are checked against the codebook when loaded: all problems at once, with line and near name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import get_args

import pytest

from impact_report import codebook as codebook_module
from impact_report import wave
from impact_report.codebook import Codebook
from impact_report.errors import Problem, WaveError
from impact_report.precision import METHODS
from impact_report.wave import Wave

CODEBOOK = """\
survey: {id: allotments, title: Allotments, subject: Twelve allotments.}
items:
  plot: {question: "Plot number?", kind: id}
  sent: {question: Sent, kind: date}
  source: {question: Source, kind: single, codes: {mail: By mail, preview: Preview}}
  beans: {question: "Do you grow beans?", kind: single, codes: {yes: Yes, no: No}}
  weight: {question: Weight, kind: quantity}
sections:
  - {id: beans, title: Beans, indicators: [{id: beans, statement: grow beans, item: beans, counts: yes}]}
facts:
  - {id: years, label: years of digging, measure: years_since, since: first_spade}
"""

WAVE = """\
title: Spring
fielded:
  start: 2024-03-01
  end: 2024-04-30
reference_date: {date: 2024-04, source: the notice board}
facts:
  first_spade: {date: "1998", source: the oldest gardener}
columns: {plot: Plot}
not_asked: [weight]
rows:
  drop:
    preview: {source: preview}
  minimum_answered: 1
  duplicates: {by: plot, latest: sent}
respondents: organisations
smallest_count: off
population: {universe: twelve allotments, size: 12}
method:
  strategy: survey
  sponsor: the gardeners
  recruitment: asked over the fence
  mode: on paper, in English
  limitations: nobody asked the slugs
"""

ALL_ASKED = WAVE.replace("not_asked: [weight]\n", "")


@pytest.fixture
def book(tmp_path) -> Codebook:
    path = tmp_path / "codebook.yml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return codebook_module.load(path)


@pytest.fixture
def load(tmp_path, book):
    def load_text(text: str) -> Wave:
        (tmp_path / "wave.yml").write_text(text, encoding="utf-8")
        return wave.load(tmp_path, book)

    return load_text


@pytest.fixture
def problems_of(load):
    def of_text(text: str) -> list[Problem]:
        with pytest.raises(WaveError) as caught:
            load(text)
        return list(caught.value.problems)

    return of_text


@pytest.fixture
def problem_of(problems_of):
    """Return the one complaint about the wave with one text replaced, and the line where that text stands."""

    def of_change(old: str, new: str) -> tuple[Problem, int]:
        assert WAVE.count(old) == 1
        (problem,) = problems_of(WAVE.replace(old, new))
        return problem, WAVE[: WAVE.index(old)].count("\n") + 1

    return of_change


# --- What a good one means --------------------------------------------------------------------------------------------


def test_a_good_wave_loads(load):
    spring = load(WAVE)
    assert spring.fielded.start == dt.date(2024, 3, 1)
    assert spring.rows.drop["preview"].tests["source"].any == ["preview"]
    assert spring.smallest_count is None
    assert not spring.invented
    assert spring.minimum_base == 5


def test_a_date_known_in_part_stands_for_its_last_day(load):
    spring = load(WAVE)
    assert spring.reference_date.latest == dt.date(2024, 4, 30)
    assert spring.facts["first_spade"].latest == dt.date(1998, 12, 31)


@pytest.mark.parametrize(
    ("population", "weights", "method"),
    [
        ("{universe: twelve allotments, size: 12}", "", "hypergeometric"),
        ("{universe: allotments everywhere}", "", "wilson"),
        ("{universe: twelve allotments, size: 12}", "weights: weight\n", "korn-graubard"),
        ("{universe: allotments everywhere}", "weights: weight\n", "korn-graubard"),
    ],
)
def test_the_interval_follows_from_what_is_known(load, population, weights, method):
    text = ALL_ASKED.replace("{universe: twelve allotments, size: 12}", population)
    assert load(weights + text).interval_method == method


def test_one_limitation_may_stand_without_a_list(load):
    assert load(WAVE).method.limitations == ["nobody asked the slugs"]


# --- What a bad one is told -------------------------------------------------------------------------------------------


def test_no_dates(problem_of):
    problem, _ = problem_of("fielded:\n  start: 2024-03-01\n  end: 2024-04-30\n", "")
    assert (problem.expected, problem.found, problem.do) == ("the key 'fielded'", "nothing", "add 'fielded'")
    assert problem.where.startswith("wave.yml, line 1")


def test_half_a_date(problem_of):
    problem, _ = problem_of("  end: 2024-04-30\n", "")
    assert (problem.expected, problem.do) == ("the key 'end'", "add 'end'")
    assert problem.where.endswith("fielded")


def test_no_reference_date(problem_of):
    problem, _ = problem_of("reference_date: {date: 2024-04, source: the notice board}\n", "")
    assert problem.expected == "the key 'reference_date'"


def test_a_date_without_a_source(problem_of):
    problem, line = problem_of("{date: 2024-04, source: the notice board}", "{date: 2024-04}")
    assert problem.expected == "the key 'source'"
    assert problem.where == f"wave.yml, line {line}, reference_date"


def test_a_date_that_is_none(problem_of):
    problem, line = problem_of("start: 2024-03-01", "start: early in March")
    assert problem.found == "'early in March'"
    assert problem.where == f"wave.yml, line {line}, fielded.start"
    assert "date" in problem.expected


def test_a_fact_whose_date_is_none(problem_of):
    problem, line = problem_of('{date: "1998", source', '{date: "98", source')
    assert (problem.expected, problem.found) == ("a date as 2019-06-30, 2019-06 or 2019", "'98'")
    assert problem.where == f"wave.yml, line {line}, facts.first_spade.date"


def test_an_end_before_the_start(problem_of):
    problem, line = problem_of("end: 2024-04-30", "end: 2023-04-30")
    assert problem.expected == "an end after the start (2024-03-01)"
    assert problem.where == f"wave.yml, line {line - 2}, fielded"


def test_a_fact_the_codebook_needs(problem_of):
    problem, _ = problem_of("first_spade: {date", "first_fork: {date")
    assert problem == Problem(
        "the dated fact 'first_spade'",
        "first_fork",
        "wave.yml, line 6, facts",
        "add 'first_spade' with date and source",
    )


def test_unknown_item_under_columns(problem_of):
    problem, line = problem_of("columns: {plot: Plot}", "columns: {plots: Plot}")
    assert problem == Problem(
        "an item of the codebook", "'plots'", f"wave.yml, line {line}, columns.plots", "did you mean 'plot'?"
    )


def test_unknown_item_under_not_asked(problem_of):
    problem, line = problem_of("not_asked: [weight]", "not_asked: [wieght]")
    assert problem == Problem(
        "an item of the codebook", "'wieght'", f"wave.yml, line {line}, not_asked.0", "did you mean 'weight'?"
    )


def test_unknown_item_in_a_rule(problem_of):
    problem, line = problem_of("preview: {source: preview}", "preview: {sauce: preview}")
    assert problem.found == "'sauce'"
    assert problem.where == f"wave.yml, line {line}, rows.drop.preview.sauce"
    assert problem.do == "did you mean 'source'?"


def test_unknown_code_in_a_rule(problem_of):
    problem, line = problem_of("preview: {source: preview}", "preview: {source: previews}")
    assert problem == Problem(
        "a code of 'source'",
        "'previews'",
        f"wave.yml, line {line}, rows.drop.preview.source",
        "did you mean 'preview'?",
    )


def test_the_latest_by_something_that_is_no_date(problem_of):
    problem, line = problem_of("latest: sent", "latest: beans")
    assert problem == Problem(
        "an item of kind date",
        "'beans' is single",
        f"wave.yml, line {line}, rows.duplicates.latest",
        "choose another",
    )


def test_weights_that_are_no_quantity(problem_of):
    problem, _ = problem_of("title: Spring\n", "title: Spring\nweights: beans\n")
    assert (problem.expected, problem.found) == ("an item of kind quantity", "'beans' is single")


def test_unknown_key(problem_of):
    problem, line = problem_of("smallest_count: off", "smallest_count: off\nminimum_bas: 3")
    assert problem == Problem(
        "a key that is known here",
        "'minimum_bas'",
        f"wave.yml, line {line + 1}, minimum_bas",
        "did you mean 'minimum_base'?",
    )


def test_a_key_twice(problem_of):
    problem, line = problem_of("title: Spring\n", "title: Spring\ntitle: Summer\n")
    assert problem.found == "the key 'title' twice (also in line 1)"
    assert problem.where == f"wave.yml, line {line + 1}"


def test_invented_without_a_notice(problem_of):
    problem, _ = problem_of("title: Spring\n", "title: Spring\ninvented: true\n")
    assert problem.expected == "invented_notice, since the respondents are invented"


def test_persons_with_their_small_counts_shown(problem_of):
    problem, _ = problem_of("respondents: organisations", "respondents: persons")
    assert problem.expected == "a smallest_count (5 is usual): for persons it cannot be off"


def test_small_counts_are_never_off_silently(problem_of):
    problem, _ = problem_of("smallest_count: off\n", "")
    assert problem.expected == "the key 'smallest_count'"


def test_an_exact_interval_without_a_population(problem_of):
    problem, _ = problem_of(", size: 12}", "}\ninterval: {method: hypergeometric}")
    assert problem.expected == "population.size, which this interval needs"
    assert problem.where.endswith("interval.method")


def test_a_counted_interval_for_weighted_shares(problem_of):
    problem, line = problem_of("not_asked: [weight]\n", "weights: weight\ninterval: {method: wilson}\n")
    assert (problem.expected, problem.found) == ("an interval for weighted shares", "'wilson'")
    assert problem.where == f"wave.yml, line {line + 1}, interval.method"


@pytest.mark.parametrize("given", ["90", "1", "0.5", "nan"])
def test_a_confidence_in_percent(problem_of, given):
    problem, _ = problem_of("title: Spring\n", f"title: Spring\ninterval: {{confidence: {given}}}\n")
    assert problem.expected.endswith("write 95 % as 0.95")
    assert problem.where.endswith("interval.confidence")


def test_a_typo_in_a_method(problem_of):
    problem, line = problem_of("title: Spring\n", "title: Spring\ninterval: {method: wilsn}\n")
    assert problem.found == "'wilsn'"
    assert problem.where == f"wave.yml, line {line + 1}, interval.method"
    assert problem.do == "did you mean 'wilson'?"


def test_a_typo_in_the_kind_of_respondents(problem_of):
    problem, _ = problem_of("respondents: organisations", "respondents: organizations")
    assert problem.do == "did you mean 'organisations'?"


@pytest.mark.parametrize("count", ["1", "0", "-3"])
def test_a_smallest_count_that_would_hide_nothing(problem_of, count):
    problem, line = problem_of("smallest_count: off", f"smallest_count: {count}")
    assert problem.where == f"wave.yml, line {line}, smallest_count"
    assert problem.found == repr(count)
    assert "2" in problem.expected


def test_the_least_smallest_count(load):
    assert load(WAVE.replace("smallest_count: off", "smallest_count: 2")).smallest_count == 2


def test_more_answers_wanted_than_there_are_questions(problem_of):
    problem, line = problem_of("minimum_answered: 1", "minimum_answered: 2")
    assert problem == Problem(
        "at most 1, the number of questions behind the results",
        "2",
        f"wave.yml, line {line}, rows.minimum_answered",
        "lower it: every row would be dropped",
    )


def test_questions_that_were_not_asked_are_not_counted_among_them(problem_of):
    problem, _ = problem_of("not_asked: [weight]", "not_asked: [weight, beans]")
    assert (problem.expected, problem.found) == ("at most 0, the number of questions behind the results", "1")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("not_asked: [weight]", "not_asked: [source]", "'source', which the rule rows.drop.preview needs"),
        ("not_asked: [weight]", "not_asked: [plot]", "'plot', which rows.duplicates needs"),
        ("not_asked: [weight]", "not_asked: [sent]", "'sent', which rows.duplicates needs"),
        ("not_asked: [weight]", "weights: weight\nnot_asked: [weight]", "'weight', which weights needs"),
    ],
    ids=["a rule", "who the same is", "which is the latest", "weights"],
)
def test_what_was_not_asked_cannot_be_needed(problem_of, old, new, found):
    problem, line = problem_of(old, new)
    line += new.count("\n")
    assert problem == Problem(
        "items that nothing of this wave needs",
        found,
        f"wave.yml, line {line}, not_asked.0",
        "ask it, or remove that use",
    )


@pytest.mark.parametrize(
    ("old", "new", "not_asked", "found"),
    [
        ("weight: {question: Weight, kind: quantity}",
         "weight: {question: Weight, kind: quantity, ask_if: {source: mail}}",
         "source", "'source', which ask_if of 'weight' needs"),
        ("item: beans, counts: yes}", "item: beans, counts: yes, among: {source: mail}}",
         "source", "'source', which the indicator 'beans' needs"),
    ],
    ids=["ask_if", "among"],
)  # fmt: skip
def test_what_was_not_asked_cannot_be_needed_by_the_codebook(tmp_path, old, new, not_asked, found):
    assert CODEBOOK.count(old) == 1
    (tmp_path / "codebook.yml").write_text(CODEBOOK.replace(old, new), encoding="utf-8")
    rules = "  drop:\n    preview: {source: preview}\n"
    text = WAVE.replace(rules, "").replace("[weight]", f"[{not_asked}]")
    (tmp_path / "wave.yml").write_text(text, encoding="utf-8")
    book = codebook_module.load(tmp_path / "codebook.yml")
    with pytest.raises(WaveError) as caught:
        wave.load(tmp_path, book)
    assert [problem.found for problem in caught.value.problems] == [found]
    # If what needs it is not asked either, nobody needs it.
    unasked = "weight" if "ask_if" in new else "beans"
    text = text.replace(f"[{not_asked}]", f"[{not_asked}, {unasked}]").replace(
        "minimum_answered: 1", "minimum_answered: 0"
    )
    (tmp_path / "wave.yml").write_text(text, encoding="utf-8")
    assert wave.load(tmp_path, book).not_asked == [not_asked, unasked]


# --- Dates known in part ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2008", (2008, 1, 1), (2008, 12, 31)),
        ("2008-12", (2008, 12, 1), (2008, 12, 31)),
        ("2024-02", (2024, 2, 1), (2024, 2, 29)),
        ("2024-02-28", (2024, 2, 28), (2024, 2, 28)),
        ("1000", (1000, 1, 1), (1000, 12, 31)),
        ("2999-12", (2999, 12, 1), (2999, 12, 31)),
    ],
)
def test_the_days_a_date_can_stand_for(date, first, last):
    assert wave.is_known_date(date)
    assert (wave.earliest_day(date), wave.latest_day(date)) == (dt.date(*first), dt.date(*last))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "98",
        "0999",
        "3000",
        "9999-12",
        "2017-13",
        "2017-02-29",
        "2017/05",
        "May 2017",
        "about 2010",
        "2017-",
        "2017 ",
    ],
)
def test_what_is_no_known_date(text):
    assert not wave.is_known_date(text)


@pytest.mark.parametrize("year", ["0998", "3998"])
def test_a_year_that_must_be_a_slip(problem_of, year):
    problem, _ = problem_of('{date: "1998", source', f'{{date: "{year}", source')
    assert (problem.expected, problem.found) == ("a date as 2019-06-30, 2019-06 or 2019", repr(year))


def test_no_limitations(problem_of):
    problem, _ = problem_of("limitations: nobody asked the slugs", "limitations: []")
    assert "at least 1" in problem.expected


def test_all_problems_at_once(load):
    text = WAVE.replace("{plot: Plot}", "{plots: Plot}").replace("[weight]", "[wieght]")
    text = text.replace("latest: sent", "latest: beans")
    with pytest.raises(WaveError) as caught:
        load(text)
    assert [problem.found for problem in caught.value.problems] == ["'plots'", "'wieght'", "'beans' is single"]
    assert str(caught.value).startswith("The description of the wave (wave.yml) cannot be used. 3 problems:\n")


def test_no_file(tmp_path, book):
    with pytest.raises(WaveError) as caught:
        wave.load(tmp_path / "nowhere", book)
    assert caught.value.problems[0].found == "no such file"


# --- The raw file -----------------------------------------------------------------------------------------------------


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("", encoding="utf-8")


def test_the_raw_file_is_the_one_named_responses(load, tmp_path):
    touch(tmp_path, "responses.csv", "notes.md")
    assert wave.export_file(tmp_path, load(WAVE)) == tmp_path / "responses.csv"


def test_the_wave_can_name_its_raw_file(load, tmp_path):
    touch(tmp_path, "responses.csv", "second.csv")
    assert wave.export_file(tmp_path, load("export: second.csv\n" + WAVE)) == tmp_path / "second.csv"


def test_no_raw_file(load, tmp_path):
    with pytest.raises(WaveError) as caught:
        wave.export_file(tmp_path, load(WAVE))
    assert caught.value.problems == (
        Problem("one file named responses.*", "none", str(tmp_path), "put the raw export there, as it came"),
    )


def test_several_raw_files(load, tmp_path):
    touch(tmp_path, "responses.csv", "responses.xlsx")
    with pytest.raises(WaveError) as caught:
        wave.export_file(tmp_path, load(WAVE))
    (problem,) = caught.value.problems
    assert problem.found == "responses.csv, responses.xlsx"
    assert problem.do == "name the right one as `export:` in wave.yml"


def test_the_methods_a_wave_may_name_are_those_there_are():
    named = set(get_args(wave.Interval.model_fields["method"].annotation))
    assert named == {"auto", *METHODS}


# --- When it is published, and what its rules are called --------------------------------------------------------------


def test_the_report_bears_the_day_of_issue(load):
    given = load(WAVE + "issued: 2025-02-03\n")
    assert (given.issued, given.dated) == (dt.date(2025, 2, 3), dt.date(2025, 2, 3))
    assert load(WAVE).dated == dt.date(2024, 4, 30)  # else that of the last answers


def test_nothing_is_published_before_its_answers_are_given(problems_of):
    (problem,) = problems_of(WAVE + "issued: 2024-04-29\n")
    assert problem.expected == "a day of issue (issued) that is not before the last answers (2024-04-30)"


def test_a_label_is_of_a_rule_of_the_wave(problem_of, load):
    problem, line = problem_of("  minimum_answered: 1\n", "  labels: {previews: a trial}\n")
    assert (problem.expected, problem.found) == ("a rule of drop or keep", "'previews'")
    assert problem.where == f"wave.yml, line {line}, rows.labels.previews"
    assert problem.do == "did you mean 'preview'?"
    named = load(WAVE.replace("  minimum_answered: 1\n", "  labels: {preview: a trial}\n"))
    assert (named.rows.called("preview"), load(WAVE).rows.called("by_hand")) == ("a trial", "by hand")
