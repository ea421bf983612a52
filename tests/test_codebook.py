"""A codebook is checked when it is loaded: every problem at once, each with its line, the near name and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from impact_report import codebook
from impact_report.codebook import Codebook
from impact_report.errors import CodebookError, Problem

# A survey of twelve allotments: the smallest codebook that has something of everything.
ALLOTMENTS = """\
survey:
  id: allotments
  title: Allotments
  subject: Twelve allotments.
missing:
  dont_know: [not sure]
items:
  role:
    question: What do you do here?
    kind: single
    codes: {digger: I dig, waterer: {label: I water, texts: [watering, hose]}}
  crops:
    question: What do you grow?
    kind: multiple
    codes: {beans: Beans, kale: Kale, other: {label: Other, open: true}}
  pleased:
    question: How pleased are you?
    row: with the soil
    kind: scale
    codes: {low: Not pleased, middle: So so, high: Pleased, highest: Very pleased}
    missing: {refused: [none of your business]}
  pleased_rain:
    question: How pleased are you?
    row: with the rain
    kind: scale
    codes: {low: Not pleased, middle: So so, high: Pleased, highest: Very pleased}
  hours:
    question: Hours a week?
    kind: quantity
    unit: hours
    minimum: 0
    maximum: 168
    ask_if: {role: digger}
  remarks:
    question: Anything else?
    kind: text
    personal: true
sections:
  - id: soil
    title: Soil and seed
    reads: "say that they {statement}"
    indicators:
      - {id: beans, statement: grow beans, item: crops, counts: beans, base: asked}
      - {id: pleased, statement: are pleased with the soil, item: pleased, top: 2}
groups: [role]
facts:
  - {id: hours, label: hours a week, measure: total, item: hours}
"""


def load(folder: Path, text: str) -> Codebook:
    path = folder / "codebook.yml"
    path.write_text(text, encoding="utf-8")
    return codebook.load(path)


def problems_of(folder: Path, text: str) -> list[Problem]:
    """Return what loading the text complains about."""
    with pytest.raises(CodebookError) as caught:
        load(folder, text)
    return list(caught.value.problems)


def problem_of(folder: Path, old: str, new: str) -> tuple[Problem, int]:
    """Return the one complaint about the allotments with one text replaced, and the line of the new text."""
    assert ALLOTMENTS.count(old) == 1
    text = ALLOTMENTS.replace(old, new)
    (problem,) = problems_of(folder, text)
    return problem, text[: text.index(new)].count("\n") + 1


# --- What a good one means ------------------------------------------------------------------------------------------


def test_a_good_codebook_loads(tmp_path):
    loaded = load(tmp_path, ALLOTMENTS)
    assert list(loaded.items) == ["role", "crops", "pleased", "pleased_rain", "hours", "remarks"]
    assert [indicator.id for indicator in loaded.indicators] == ["beans", "pleased"]
    assert loaded.indicators[1].base == "answered"


def test_the_highest_codes_of_a_scale_count(tmp_path):
    loaded = load(tmp_path, ALLOTMENTS)
    beans, pleased = loaded.indicators
    assert loaded.counting(pleased) == ["high", "highest"]
    assert loaded.counting(beans) == ["beans"]


def test_a_label_and_its_texts_mean_the_code_in_any_case_and_spacing(tmp_path):
    role = load(tmp_path, ALLOTMENTS).items["role"]
    assert role.texts == {"i dig": "digger", "i water": "waterer", "watering": "waterer", "hose": "waterer"}


def test_one_text_may_stand_without_a_list(tmp_path):
    loaded = load(tmp_path, ALLOTMENTS.replace("texts: [watering, hose]", "texts: hose"))
    assert loaded.items["role"].codes["waterer"].texts == ["hose"]


def test_an_item_has_its_own_missing_texts_before_those_of_the_survey(tmp_path):
    loaded = load(tmp_path, ALLOTMENTS)
    assert loaded.missing_texts(loaded.items["pleased"]) == {
        "none of your business": "refused",
        "not sure": "dont_know",
    }


def test_a_code_is_an_answer_even_where_the_survey_calls_its_text_missing(tmp_path):
    loaded = load(tmp_path, ALLOTMENTS.replace("digger: I dig", "digger: Not sure"))
    assert loaded.missing_texts(loaded.items["role"]) == {}


def test_texts_stay_as_they_stand(tmp_path):
    text = ALLOTMENTS.replace("texts: [watering, hose]", "texts: [yes, 007, 1.0]")
    assert load(tmp_path, text).items["role"].codes["waterer"].texts == ["yes", "007", "1.0"]


def test_two_rows_of_a_grid_share_a_question(tmp_path):
    loaded = load(tmp_path, ALLOTMENTS)
    assert loaded.items["pleased"].question == loaded.items["pleased_rain"].question
    assert loaded.items["pleased"].wording == "How pleased are you? – with the soil"
    assert loaded.items["role"].wording == "What do you do here?"


def test_an_item_may_have_a_short_name_and_be_the_platforms(tmp_path):
    loaded = load(
        tmp_path, ALLOTMENTS.replace("    kind: single\n", "    kind: single\n    label: Job\n    platform: true\n")
    )
    assert (loaded.items["role"].label, loaded.items["role"].platform) == ("Job", True)
    assert (loaded.items["crops"].label, loaded.items["crops"].platform) == ("", False)


def test_a_codebook_cannot_be_changed_after_loading(tmp_path):
    loaded = load(tmp_path, ALLOTMENTS)
    with pytest.raises(ValueError, match="frozen"):
        loaded.survey = None


def test_a_changed_file_is_read_anew(tmp_path):
    assert load(tmp_path, ALLOTMENTS).items["pleased"].row == "with the soil"
    assert load(tmp_path, ALLOTMENTS.replace("with the soil", "with earth")).items["pleased"].row == "with earth"
    assert load(tmp_path, ALLOTMENTS).items["pleased"].row == "with the soil"


def test_what_one_reader_changes_does_not_reach_the_next(tmp_path):
    """Of the same text, kept by the process; its items, codes and missing texts are dicts that could be changed."""
    first = load(tmp_path, ALLOTMENTS)
    assert first.items["role"].texts["hose"] == "waterer"  # worked out once, and kept with the item
    first.items["role"].texts.clear()
    first.items["role"].codes.pop("waterer")
    first.items.pop("crops")
    first.missing.clear()
    first.groups.append("crops")
    second = load(tmp_path, ALLOTMENTS)
    assert list(second.items) == ["role", "crops", "pleased", "pleased_rain", "hours", "remarks"]
    assert list(second.items["role"].codes) == ["digger", "waterer"]
    assert second.items["role"].texts["hose"] == "waterer"
    assert second.missing == {"dont_know": ["not sure"]}
    assert second.groups == ["role"]


def test_tellings_in_two_languages_are_kept_apart(tmp_path):
    path = tmp_path / "codebook.yml"
    statement = "statement: {en: grow beans, es: cultivan frijoles}"
    path.write_text(ALLOTMENTS.replace("statement: grow beans", statement), encoding="utf-8")
    told = [codebook.load(path, language).sections[0].indicators[0].statement for language in ("en", "es", "en", "es")]
    assert told == ["grow beans", "cultivan frijoles"] * 2


# --- What a bad one is told: place, words, advice ---------------------------------------------------------------------


def test_unknown_item_of_an_indicator(tmp_path):
    problem, line = problem_of(tmp_path, "item: pleased, top", "item: plaesed, top")
    assert problem == Problem(
        "an item", "'plaesed'", f"codebook.yml, line {line}, sections.0.indicators.1.item", "did you mean 'pleased'?"
    )


def test_unknown_group(tmp_path):
    problem, line = problem_of(tmp_path, "groups: [role]", "groups: [rol]")
    assert problem == Problem("an item", "'rol'", f"codebook.yml, line {line}, groups.0", "did you mean 'role'?")


def test_unknown_item_of_a_fact(tmp_path):
    problem, line = problem_of(tmp_path, "total, item: hours", "total, item: hour")
    assert problem == Problem("an item", "'hour'", f"codebook.yml, line {line}, facts.0.item", "did you mean 'hours'?")


def test_unknown_item_in_routing(tmp_path):
    problem, line = problem_of(tmp_path, "ask_if: {role: digger}", "ask_if: {roll: digger}")
    assert problem == Problem(
        "an item", "'roll'", f"codebook.yml, line {line}, items.hours.ask_if.roll", "did you mean 'role'?"
    )


def test_unknown_code_in_routing(tmp_path):
    problem, line = problem_of(tmp_path, "ask_if: {role: digger}", "ask_if: {role: [diggers]}")
    assert problem == Problem(
        "a code of 'role'", "'diggers'", f"codebook.yml, line {line}, items.hours.ask_if.role", "did you mean 'digger'?"
    )


def test_unknown_code_that_counts(tmp_path):
    problem, line = problem_of(tmp_path, "counts: beans", "counts: [beans, kail]")
    assert problem == Problem(
        "a code of 'crops'",
        "'kail'",
        f"codebook.yml, line {line}, sections.0.indicators.0.counts",
        "did you mean 'kale'?",
    )


def test_unknown_key(tmp_path):
    problem, line = problem_of(tmp_path, "    unit: hours\n", "    units: hours\n")
    assert problem == Problem(
        "a key that is known here", "'units'", f"codebook.yml, line {line}, items.hours.units", "did you mean 'unit'?"
    )


def test_a_key_twice(tmp_path):
    problem, line = problem_of(tmp_path, "    unit: hours\n", "    kind: text\n    unit: hours\n")
    assert problem == Problem(
        "each key once",
        f"the key 'kind' twice (also in line {line - 1})",
        f"codebook.yml, line {line}",
        "keep one of the two",
    )


def test_an_item_twice(tmp_path):
    problem, line = problem_of(tmp_path, "  remarks:\n", "  hours:\n    question: Hours?\n    kind: text\n  remarks:\n")
    assert problem.found.startswith("the key 'hours' twice (also in line ")
    assert problem.where == f"codebook.yml, line {line}"


def test_two_items_on_one_column(tmp_path):
    problem, _ = problem_of(tmp_path, "question: Hours a week?", "question: Anything  ELSE?")
    assert problem.expected == "a column of its own"
    assert problem.found == "'remarks' and 'hours' on the column 'anything else?'"
    assert problem.where.endswith("items.remarks")
    assert problem.do == "give one of them another column, or a row"


def test_two_items_on_one_row_of_a_grid(tmp_path):
    problem, _ = problem_of(tmp_path, "row: with the rain", "row: with the soil")
    assert problem.found == "'pleased_rain' and 'pleased' on the column 'how pleased are you?'"


def test_a_text_with_two_meanings(tmp_path):
    problem, line = problem_of(tmp_path, "texts: [watering, hose]", "texts: [watering, I  DIG]")
    assert problem == Problem(
        "a text with one meaning",
        "'i dig' means 'digger' and 'waterer'",
        f"codebook.yml, line {line}, items.role.codes.waterer",
        "keep it in one",
    )


def test_a_text_that_is_an_answer_and_missing(tmp_path):
    problem, line = problem_of(tmp_path, "refused: [none of your business]", "refused: [so so]")
    assert problem == Problem(
        "a text with one meaning",
        "'so so' is also the code 'middle'",
        f"codebook.yml, line {line}, items.pleased.missing.refused",
        "keep it in one",
    )


def test_a_typo_in_a_missing_kind(tmp_path):
    problem, line = problem_of(tmp_path, "missing: {refused: [none", "missing: {refsued: [none")
    assert problem.expected == "'dont_know', 'refused', 'no_answer' or 'not_asked'"
    assert problem.found == "'refsued'"
    assert problem.where.startswith(f"codebook.yml, line {line}, items.pleased.missing.refsued")
    assert problem.do == "did you mean 'refused'?"


def test_a_typo_in_a_kind(tmp_path):
    problem, line = problem_of(tmp_path, "kind: multiple", "kind: multipel")
    assert problem.found == "'multipel'"
    assert problem.where == f"codebook.yml, line {line}, items.crops.kind"
    assert problem.do == "did you mean 'multiple'?"


def test_a_missing_key(tmp_path):
    problem, _ = problem_of(tmp_path, "    question: Hours a week?\n    kind: quantity\n", "    kind: quantity\n")
    assert (problem.expected, problem.found, problem.do) == ("the key 'question'", "nothing", "add 'question'")
    assert problem.where.endswith("items.hours")


def test_routing_in_a_circle(tmp_path):
    problem, _ = problem_of(
        tmp_path,
        "  crops:\n    question: What do you grow?\n    kind: multiple\n",
        "  crops:\n    question: What do you grow?\n    kind: multiple\n    ask_if: {crops: beans}\n",
    )
    assert problem.expected == "routing that ends"
    assert problem.found == "crops → crops"
    assert problem.do == "remove one of these conditions"


def test_routing_in_a_wider_circle(tmp_path):
    text = ALLOTMENTS.replace("    kind: single\n", "    kind: single\n    ask_if: {crops: beans}\n")
    text = text.replace("    kind: multiple\n", "    kind: multiple\n    ask_if: {role: digger}\n")
    found = [problem.found for problem in problems_of(tmp_path, text)]
    assert found == ["role → crops → role", "crops → role → crops"]


def test_an_item_without_codes(tmp_path):
    text = ALLOTMENTS.replace("    codes: {beans: Beans, kale: Kale, other: {label: Other, open: true}}\n", "")
    first, second = problems_of(tmp_path, text)
    assert first.expected == "codes, since 'crops' is multiple"
    assert first.do == "list the answers"
    assert second.found == "'beans'"  # and so nothing can count


def test_codes_that_make_no_sense(tmp_path):
    problem, line = problem_of(tmp_path, "    unit: hours\n", "    unit: hours\n    codes: {few: A few}\n")
    assert problem.expected == "no codes, since 'hours' is quantity"
    assert problem.where == f"codebook.yml, line {line + 1}, items.hours.codes"


def test_a_range_upside_down(tmp_path):
    problem, _ = problem_of(tmp_path, "maximum: 168", "maximum: -1")
    assert (problem.expected, problem.found) == ("a minimum below the maximum", "0 > -1")


def test_a_quantity_as_an_indicator(tmp_path):
    problem, _ = problem_of(tmp_path, "item: pleased, top: 2", "item: hours, counts: many")
    assert (problem.expected, problem.found) == ("an item with codes", "'hours' is quantity")


def test_no_word_on_which_answers_count(tmp_path):
    problem, _ = problem_of(tmp_path, "item: pleased, top: 2", "item: pleased")
    assert (problem.expected, problem.found) == ("one of `counts`, `top` and `none_of`", "none of them")
    assert problem.do == "say which answers count"


def test_all_codes_of_a_scale_counting(tmp_path):
    problem, _ = problem_of(tmp_path, "top: 2", "top: 4")
    assert (problem.expected, problem.found) == ("fewer than all codes of a scale", "4 of 4 (scale)")


def test_a_personal_item_as_a_group(tmp_path):
    text = ALLOTMENTS.replace("    kind: single\n", "    kind: single\n    personal: true\n")
    (problem,) = problems_of(tmp_path, text)
    assert (problem.expected, problem.found) == ("an item without personal data", "'role' is personal")


def test_a_select_all_question_as_a_group(tmp_path):
    problem, _ = problem_of(tmp_path, "groups: [role]", "groups: [crops]")
    assert (problem.expected, problem.found) == ("an item of kind single or scale", "'crops' is multiple")


def test_an_indicator_twice(tmp_path):
    problem, _ = problem_of(tmp_path, "id: pleased, statement", "id: beans, statement")
    assert (problem.expected, problem.found) == ("an id of its own", "'beans' a second time")


def test_a_sentence_without_a_statement(tmp_path):
    problem, line = problem_of(tmp_path, 'reads: "say that they {statement}"', 'reads: "say so"')
    assert problem == Problem(
        "a sentence with {statement}",
        "'say so'",
        f"codebook.yml, line {line}, sections.0.reads",
        "put {statement} in it",
    )


def test_there_is_no_word_for_one_respondent(tmp_path):
    problem, line = problem_of(tmp_path, "  title: Allotments\n", "  title: Allotments\n  respondent: digger\n")
    assert (problem.expected, problem.found) == ("a key that is known here", "'respondent'")
    assert problem.where == f"codebook.yml, line {line + 1}, survey.respondent"


@pytest.mark.parametrize("name", ["respondent", "source_row"])
def test_an_item_called_as_a_column_of_the_responses(tmp_path, name):
    problem, line = problem_of(tmp_path, "  remarks:\n", f"  {name}:\n")
    assert problem == Problem(
        "a name that the responses do not use themselves",
        repr(name),
        f"codebook.yml, line {line}, items.{name}",
        "rename the item",
    )


def test_an_option_called_as_a_column_of_the_responses(tmp_path):
    problem, line = problem_of(tmp_path, "kale: Kale", "missing: Kale")
    assert problem == Problem(
        "a code that the responses do not use themselves",
        "'missing'",
        f"codebook.yml, line {line}, items.crops.codes.missing",
        "rename it",
    )


def test_an_answer_of_one_choice_may_be_called_missing(tmp_path):
    assert (
        "missing"
        in load(tmp_path, ALLOTMENTS.replace("{digger: I dig,", "{digger: I dig, missing: I left,")).items["role"].codes
    )


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("{digger: I dig,", "{digger: '',", "items.role.codes.digger"),
        ("texts: [watering, hose]", 'texts: [watering, " "]', "items.role.codes.waterer"),
        ("refused: [none of your business]", "refused: ['']", "items.pleased.missing.refused"),
        ("dont_know: [not sure]", 'dont_know: [not sure, "&nbsp;"]', "missing.dont_know"),
    ],
    ids=["a label", "a text", "a missing text of an item", "a missing text of the survey"],
)
def test_a_text_of_nothing(tmp_path, old, new, place):
    problem, _ = problem_of(tmp_path, old, new)
    assert (problem.expected, problem.found) == ("texts with letters or digits", "an empty one")
    assert problem.where.endswith(f", {place}")
    assert problem.do == "remove it: an empty cell is no answer, without being told"


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("%d.%Q.%Y", "'Q' is a bad directive in format '%d.%Q.%Y'"),
        ("%d.%m.%", "stray % in format '%d.%m.%'"),
        ("%d.%d.%Y", "the same letter twice"),
    ],
)
def test_a_date_format_that_is_none(tmp_path, pattern, fault):
    new = f"    kind: date\n    formats: ['{pattern}']\n    personal: true\n"
    problem, line = problem_of(tmp_path, "    kind: text\n    personal: true\n", new)
    assert problem == Problem(
        "a date format as %m/%d/%Y",
        f"{pattern!r}: {fault}",
        f"codebook.yml, line {line + 1}, items.remarks.formats",
        "see Python's strptime for the letters",
    )


@pytest.mark.parametrize("pattern", ["%m/%d/%Y %I:%M:%S %p", "%d. %B %Y", "%Y-%m-%dT%H:%M:%S.%f%z", "%d%%%m%%%y"])
def test_date_formats_that_are_some(tmp_path, pattern):
    text = ALLOTMENTS.replace("    kind: text\n", f"    kind: date\n    formats: ['{pattern}']\n")
    assert load(tmp_path, text).items["remarks"].formats == [pattern]


@pytest.mark.parametrize("phrase", ["many", "{value} of {value}", ""])
def test_a_phrase_has_its_value_once(tmp_path, phrase):
    problem, line = problem_of(tmp_path, "item: hours}", f"item: hours, phrase: '{phrase}'}}")
    assert problem == Problem(
        "a phrase with {value}, once",
        repr(phrase),
        f"codebook.yml, line {line}, facts.0.phrase",
        "put {value} in it, once",
    )


@pytest.mark.parametrize("phrase", ["{value} of 26", "{value}²"])
def test_a_number_in_a_phrase_would_be_computed_by_nobody(tmp_path, phrase):
    problem, _ = problem_of(tmp_path, "item: hours}", f"item: hours, phrase: '{phrase}'}}")
    assert problem.expected == "a phrase without digits: every number is computed"
    assert (problem.found, problem.do) == (repr(phrase), "remove them")


SECOND = """  - id: {id}
    title: Rain
    indicators:
      - {{id: {indicator}, statement: are pleased with the rain, item: pleased_rain, top: 2}}
groups: [role]"""


def test_a_section_twice(tmp_path):
    problem, line = problem_of(tmp_path, "groups: [role]", SECOND.format(id="soil", indicator="rain"))
    assert problem == Problem(
        "an id of its own", "'soil' a second time", f"codebook.yml, line {line}, sections.1.id", "rename one of the two"
    )


def test_a_grouping_twice(tmp_path):
    problem, line = problem_of(tmp_path, "groups: [role]", "groups: [role, role]")
    assert problem == Problem(
        "each grouping once", "'role' a second time", f"codebook.yml, line {line}, groups.1", "remove it"
    )


@pytest.mark.parametrize(
    "name",
    [
        "method", "rows", "grim", "comparison", "ledger", "fact_hours", "of_beans", "members_role", "rule_preview",
        "published_rain", "beans_role_digger",
    ],
)  # fmt: skip
def test_an_indicator_called_as_an_anchor_of_the_report(tmp_path, name):
    problem, line = problem_of(tmp_path, "groups: [role]", SECOND.format(id="rain", indicator=name))
    assert problem == Problem(
        "an id the report does not use itself",
        repr(name),
        f"codebook.yml, line {line + 3}, sections.1.indicators.0.id",
        "rename it",
    )


@pytest.mark.parametrize("name", ["grim", "comparison", "set_aside", "by_role", "members_role"])
def test_a_section_called_as_an_anchor_of_the_report(tmp_path, name):
    problem, line = problem_of(tmp_path, "groups: [role]", SECOND.format(id=name, indicator="rain"))
    assert (problem.expected, problem.found) == ("an id the report does not use itself", repr(name))
    assert problem.where == f"codebook.yml, line {line}, sections.1.id"


def test_a_roster_fact_without_a_roster(tmp_path):
    problem, _ = problem_of(tmp_path, "measure: total, item: hours", "measure: roster")
    assert (problem.expected, problem.found) == ("a roster", "none")


def test_all_problems_at_once(tmp_path):
    text = ALLOTMENTS.replace("item: pleased, top", "item: plaesed, top")
    text = text.replace("groups: [role]", "groups: [rol]").replace("role: digger", "role: diggr")
    with pytest.raises(CodebookError) as caught:
        load(tmp_path, text)
    assert [problem.found for problem in caught.value.problems] == ["'diggr'", "'plaesed'", "'rol'"]
    assert str(caught.value).startswith("The codebook cannot be used. 3 problems:\n\ncodebook.yml, line ")


def test_all_faults_of_form_at_once(tmp_path):
    text = ALLOTMENTS.replace("kind: multiple", "kind: multipel").replace("    unit: hours\n", "    units: hours\n")
    text = text.replace("groups: [role]", "groups: [role]\nfact: []")
    assert [problem.found for problem in problems_of(tmp_path, text)] == ["'multipel'", "'units'", "'fact'"]


# --- Files that are no codebook at all --------------------------------------------------------------------------------


def test_no_file(tmp_path):
    with pytest.raises(CodebookError) as caught:
        codebook.load(tmp_path / "codebook.yml")
    (problem,) = caught.value.problems
    assert problem.expected == "the file codebook.yml"
    assert problem.found == "no such file"


def test_an_empty_file(tmp_path):
    (problem,) = problems_of(tmp_path, "")
    assert (problem.expected, problem.found) == ("keys and values", "an empty file")


def test_an_alias_that_contains_itself(tmp_path):
    """YAML allows it, and without an end to it loading would have none."""
    text = ALLOTMENTS.replace("    ask_if: {role: digger}", "    ask_if: &loop {role: *loop}")
    first, *others = problems_of(tmp_path, text)
    assert (first.expected, first.found) == ("an alias (*) of something that ends", "an alias that contains itself")
    assert first.do == "write it out"
    assert all("alias" not in problem.found for problem in others)


def test_no_yaml(tmp_path):
    text = ALLOTMENTS.replace("groups: [role]", "groups: [role")
    (problem,) = problems_of(tmp_path, text)
    line = text[: text.index("facts:")].count("\n") + 1
    assert problem.expected == "YAML"
    assert f"line {line}" in problem.where or f"line {line + 1}" in problem.where
    assert problem.do == "check the indentation, the colons and the quotes there"


def test_no_text(tmp_path):
    path = tmp_path / "codebook.yml"
    path.write_bytes("survey: {title: Bäume}".encode("utf-16"))
    with pytest.raises(CodebookError) as caught:
        codebook.load(path)
    assert caught.value.problems[0].do == "save it as UTF-8"


def test_a_byte_order_mark_does_not_matter(tmp_path):
    assert load(tmp_path, "\ufeff" + ALLOTMENTS).survey.id == "allotments"


# --- The schema -------------------------------------------------------------------------------------------------------


def test_the_schema_knows_every_key():
    schema = json.loads(codebook.schema())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["properties"]) == set(Codebook.model_fields)
    assert set(schema["required"]) == {"survey", "items", "sections"}


def test_the_schema_is_the_same_each_time():
    assert codebook.schema() == codebook.schema()
    assert codebook.schema().endswith("}\n")
