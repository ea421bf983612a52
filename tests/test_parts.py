"""The parts of a report say what the estimates say, in order of size, and nothing of what is hidden."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from study import CODEBOOK, TWELVE, WAVE, changed, singer, write_study

import helpers
from impact_report import figures
from impact_report.blocks import Block, heading
from impact_report.errors import CodebookError
from impact_report.exporters.document import Document, document_of
from impact_report.exporters.structure import plain_text, row_cells, runs
from impact_report.parts import answers, evidence, front, labels, method, published, respondents
from impact_report.results import Results

SECRET = "Thirza Plantagenet"
INVENTED = "invented: true\ninvented_notice: Nobody sings here.\n"
PUBLISHED = """\
set,section,indicator,statement,percent,count,source,note
programme,singing,rehearse,come to the rehearsals,73,,the programme of 2023,
programme,singing,solo_all,have sung a solo (of all),34,,the programme of 2023,
programme,joy,enjoy,enjoy the concerts,70,,the programme of 2023,
poster,joy,,love to sing,99,,an old poster,
"""


def report(results: Results) -> list[Block]:
    """Return all blocks of a report, as notebook 04 shows them."""
    figures.draw_sections(results)
    figures.draw_groups(results)
    blocks: list[Block] = [front.cover(results), front.findings(results), heading("Who answered?", 1)]
    blocks += respondents.who_answered(results)
    for section in results.codebook.sections:
        blocks += [heading(section.title, 1), answers.figure(results, section.id)]
        blocks += [*answers.read_aloud(results, section), answers.results_table(results, section)]
    blocks.append(heading("Do groups differ?", 1))
    for group_by in answers.drawn_groupings(results):
        blocks += [
            answers.figure(results, figures.name_by_group(section, group_by)) for section in results.codebook.sections
        ]
    blocks += [answers.crosstab(results, group_by) for group_by in results.groupings]
    blocks += [heading("Does it agree?", 1), *published.comparison(results), *published.plausible(results)]
    blocks += [heading("How was it done?", 1), *method.method(results)]
    blocks += [heading("What was asked?", 1), method.questionnaire(results)]
    blocks += [heading("What was set aside, and why?", 1), *method.set_aside(results)]
    return [*blocks, heading("Where does each number come from?", 1), *evidence.evidence(results)]


def sentences(blocks: list[Block]) -> str:
    """Return all words of blocks, as a reader meets them."""
    return "\n".join(plain_text(run) for block in blocks for run in _all_runs(block))


def _all_runs(block: Block) -> Iterator[list]:
    complete = {"notes": [], "notice": None, "facts": [], "table": None, "note": [], **block}
    yield from runs(complete)


def cells(table: Block) -> list[list[str]]:
    return [[plain_text(cell["c"]) for cell in row_cells(row)] for row in table["rows"]]


@pytest.fixture(scope="module")
def blocks(twelve) -> list[Block]:
    return report(twelve)


@pytest.fixture(scope="module")
def document(blocks) -> Document:
    return document_of(blocks)


@pytest.fixture(scope="module")
def open_results(tmp_path_factory) -> Results:
    """The twelve, in a wave that hides only single answers, so that groups can be compared."""
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 1") + INVENTED + "published: programme\n"
    study = write_study(tmp_path_factory.mktemp("open") / "choir", wave=wave)
    (study.folder / "published.csv").write_text(PUBLISHED, encoding="utf-8")
    return study.results()


# --- A whole report ---------------------------------------------------------------------------------------------------


def test_exporters_accept_the_whole_report(document):
    """No digit without evidence, no link to nowhere, no anchor twice, no figure without alt text."""
    assert document.cover["title"] == "The village choir"
    assert len(document.numbers) > 100


def test_every_number_leads_to_evidence_that_is_there(document):
    for number in document.numbers:
        assert number.node["evidence"] in document.labels, number.node


def test_exporters_accept_a_report_of_one_group(choir):
    results = choir(wave=WAVE + INVENTED).results("voice=high")
    document = document_of(report(results))
    assert document.cover["edition"] == "Spring concert – High voice only"
    assert "High voice" in sentences(respondents.who_answered(results))


def test_exporters_accept_a_report_with_published_figures(open_results):
    assert document_of(report(open_results)).cover["notice_title"] == "Invented respondents"


def test_exporters_accept_a_weighted_report_of_a_known_population(choir):
    wave = WAVE.replace("{universe: the singers of the village}", "{universe: the singers, size: 20}")
    document_of(report(choir(wave=wave).results()))
    document_of(report(choir(wave=wave + "weights: weight\n").results()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{id: solo_all,", "{id: method,"),
        ("{id: solo_all,", "{id: rows,"),
        ("{id: solo_all,", "{id: of_joy,"),
        ("{id: solo_all,", "{id: rehearse_voice_high,"),
        ("- id: joy\n", "- id: by_voice\n"),
        ("- id: joy\n", "- id: set_aside\n"),
        ("- id: joy\n", "- id: findings\n"),
    ],
)
def test_an_id_may_be_anything_or_is_refused_when_the_codebook_is_loaded(choir, old, new):
    """Not at the end of the build, when two anchors of the finished report turn out to be the same."""
    study = choir(codebook=CODEBOOK.replace(old, new))
    try:
        assert study.codebook
    except CodebookError:
        return
    document_of(report(study.results()))


def test_each_helper_is_what_it_is_called(blocks):
    assert helpers.cover is front.cover
    assert helpers.evidence is evidence.evidence
    assert {block["block"] for block in blocks} == {
        "cover", "findings", "heading", "paragraph", "list", "table", "figure", "evidence",
    }  # fmt: skip


# --- Front ------------------------------------------------------------------------------------------------------------


def test_the_cover(twelve, open_results):
    cover = front.cover(twelve)
    assert (cover["title"], cover["edition"], cover["date"]) == ("The village choir", "Spring concert", "2024-03-31")
    said = {label: plain_text(words) for label, words in cover["facts"]}
    assert said["Answers collected"] == "1 March 2024 to 31 March 2024"
    assert said["Respondents"] == "12"
    assert said["Published by"] == "The choir"
    assert cover["notice"] is None
    assert plain_text(front.cover(open_results)["notice"]) == "Nobody sings here."


def test_findings_hold_every_fact_and_every_indicator(twelve):
    findings = front.findings(twelve)
    assert [plain_text(fact["value"]) for fact in findings["facts"]] == ["more than 20", "3", "2", "over 22 years"]
    assert plain_text(findings["facts"][2]["detail"]) == "Town hall and School"
    items = [
        (plain_text(item["value"]), plain_text(item["statement"]), plain_text(item["detail"]))
        for section in findings["sections"]
        for item in section["items"]
    ]
    assert items == [  # in the order of the codebook
        ("73%", "come to the rehearsals", "8 of 11"),
        ("57%", "have sung a solo (of those who said)", "4 of 7"),
        ("50%", "have sung a solo (of those asked)", "4 of 8"),
        ("33%", "have sung a solo (of all)", "4 of 12"),
        ("73%", "enjoy the concerts", "8 of 11"),
        ("80%", "enjoy the concerts below the stave", "4 of 5"),
        ("58%", "sing sacred music", "7 of 12"),
        ("36%", "sing folk songs", "4 of 11"),
    ]


def test_the_findings_do_not_call_everybody_an_answerer(twelve):
    """Two of the eight shares are of all who were asked, one is of all."""
    assert "those who answered its question" not in plain_text(front.findings(twelve)["note"])


def test_the_notice_of_invented_respondents(twelve, open_results):
    assert front.invented_notice(twelve) == []
    (notice,) = front.invented_notice(open_results)
    assert notice["title"] == "Invented respondents"


# --- Respondents ------------------------------------------------------------------------------------------------------


def test_who_answered_adds_up(choir):
    rows = [*TWELVE, {**TWELVE[0], "source": "Preview"}]
    said = sentences(respondents.who_answered(choir(rows=rows).results()))
    assert "The export holds 13 rows; 1 were set aside and 12 were kept." in said


def test_members_of_groups_add_up_to_all(open_results):
    table = respondents.who_answered(open_results)[-1]
    assert cells(table) == [["High voice", "6", "50%"], ["Low voice", "5", "42%"], ["Not stated", "1", ""]]
    assert "No respondents: Middle voice." in plain_text(table["notes"][-1])


def test_the_size_of_a_small_group_cannot_be_worked_out(choir):
    """Two sing in the middle: neither their number nor a remainder that is theirs alone may be printed."""
    rows = [*TWELVE, *(singer(k, "Middle voice", "No", "", "", "Agree", {"folk": "x"}) for k in (13, 14))]
    table = respondents.who_answered(choir(rows=rows).results())[-1]
    printed = {row[0]: row[1] for row in cells(table)}
    assert "Middle voice" not in printed
    shown = [int(count) for name, count in printed.items() if name in ("High voice", "Low voice")]
    assert 14 - sum(shown) >= 5  # hidden and not stated together


def test_the_rate_of_a_known_population(choir):
    wave = WAVE.replace("{universe: the singers of the village}", "{universe: the singers, size: 20}")
    said = sentences(respondents.who_answered(choir(wave=wave).results()))
    assert "They are 20 in all, and 60% of them answered." in said


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_results_are_read_aloud_largest_first(twelve):
    (block,) = answers.read_aloud(twelve, twelve.codebook.sections[1])
    assert [plain_text(item) for item in block["items"]] == [
        "80% of singers (4 of 5) say that they enjoy the concerts below the stave.",
        "73% of singers (8 of 11) say that they enjoy the concerts.",
        "58% of singers (7 of 12) say that they sing sacred music.",
        "36% of singers (4 of 11) say that they sing folk songs.",
    ]


def test_the_table_of_a_section(twelve):
    table = answers.results_table(twelve, twelve.codebook.sections[1])
    assert table["id"] == "table-joy"
    assert [[row[0].rstrip(" *†‡§¶‖"), *row[1:3]] for row in cells(table)] == [
        ["enjoy the concerts below the stave", "80%", "4 of 5"],
        ["enjoy the concerts", "73%", "8 of 11"],
        ["sing sacred music", "58%", "7 of 12"],
        ["sing folk songs", "36%", "4 of 11"],
    ]
    assert cells(table)[1][3] == "43–90%"
    notes = [plain_text(note) for note in table["notes"]]
    assert notes[0].endswith("at 95%; see the method.")
    assert any("fewer than 30 answers" in note for note in notes)


def test_groups_side_by_side(open_results):
    table = answers.crosstab(open_results, "voice")
    assert [column["label"] for column in table["columns"]] == [
        "Share (count of base)", "Everyone", "High voice", "Low voice",
    ]  # fmt: skip
    rows = {row[0]: row[1:] for row in cells(table)}
    assert rows["come to the rehearsals"] == ["73% (8 of 11)", "83% (5 of 6)", "60% (3 of 5)"]
    assert rows["sing sacred music"] == ["58% (7 of 12)", "50% (3 of 6)", "60% (3 of 5)"]


def test_hidden_groups_are_a_dash(twelve):
    rows = {row[0]: row[1:] for row in cells(answers.crosstab(twelve, "voice"))}
    assert rows["have sung a solo (of those who said)"] == ["57% (4 of 7)", "–", "–"]
    assert rows["enjoy the concerts"] == ["73% (8 of 11)", "–", "80% (4 of 5)"]


def test_nothing_hidden_is_printed_anywhere(document, twelve):
    hidden = twelve.estimates[twelve.estimates["suppressed"]]
    rows = {f"{one.indicator}/{one.group_by}/{one.group}" for one in hidden.itertuples()}
    assert len(rows) == 8
    assert not rows & {number.node.get("row") for number in document.numbers}


def test_a_group_hidden_throughout_is_named_without_its_number(choir):
    rows = [*TWELVE, singer(13, "Middle voice", "No", "", "", "Agree", {"folk": "x"})]
    table = answers.crosstab(choir(rows=rows).results(), "voice")
    assert "Middle voice" not in [column["label"] for column in table["columns"]]
    assert "Middle voice" in plain_text(table["notes"][0])


def test_a_question_nobody_may_hear_of(choir):
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 8")  # seven answered about solos
    codebook = CODEBOOK.replace("measure: total\n    item: hours\n    round_down_to: 5", "measure: roster")
    results = choir(wave=wave, codebook=codebook).results()
    section = results.codebook.sections[0]
    said = sentences([*answers.read_aloud(results, section), answers.results_table(results, section)])
    assert "Too few answered to say how many say that they have sung a solo (of those who said)." in said
    assert "4 of 7" not in sentences(report(results))


# --- Published figures ------------------------------------------------------------------------------------------------


def test_published_against_computed(open_results):
    sentence, table = published.comparison(open_results)
    assert plain_text(sentence["c"]).startswith(
        "Of the 3 published percentages that this wave is compared with, 1 agree"
    )
    rows = {row[0]: row[1:] for row in cells(table)}
    assert rows["come to the rehearsals"][:2] == ["73%", "73%"]
    assert rows["have sung a solo (of all)"][:2] == ["34%", "33%"]
    assert rows["enjoy the concerts"][:2] == ["70%", "73%"]
    assert rows["love to sing"][:2] == ["99%", "–"]


def test_no_published_figures(twelve):
    assert "No published figures are known" in sentences(published.comparison(twelve))


def test_grim_names_the_smallest_base(open_results):
    """73 % and 34 % and 70 %: tried by hand over every base."""

    def possible(percent: int, base: int) -> bool:
        return any((200 * count + base) // (2 * base) == percent for count in range(base + 1))

    smallest = next(base for base in range(1, 101) if all(possible(percent, base) for percent in (73, 34, 70)))
    said = sentences(published.plausible(open_results))
    assert f"If all the statements share one base, it is {smallest} or one of the larger ones" in said


# --- Method -----------------------------------------------------------------------------------------------------------


def test_the_eleven_items_of_the_aapor_code(twelve):
    facts = method.disclosed(twelve)
    assert [label for label, _ in facts] == [
        "Data collection strategy",
        "Sponsor and conductor",
        "Instrument",
        "Population",
        "Recruitment",
        "Mode",
        "Dates",
        "Sample sizes and precision",
        "Weighting",
        "Processing",
        "Limitations",
    ]
    said = {label: plain_text(words) for label, words in facts}
    assert all(said.values())
    assert said["Recruitment"] == "asked after the rehearsal"
    assert "1 March 2024 to 31 March 2024" in said["Dates"]
    assert said["Weighting"] == "None: every answer counts the same."
    assert "those who stayed at home were not asked." in said["Limitations"]


def test_every_question_word_for_word(twelve):
    table = method.questionnaire(twelve)
    asked = {row[0]: row[1:] for row in cells(table)}
    assert asked["Have you sung a solo?"] == ["One answer", "Yes; No", "those with rehearses: Yes"]
    assert asked["Which voice do you sing?"] == ["One answer", "High voice; Middle voice; Low voice", "everyone"]
    grid = next(question for question in asked if question.startswith("How much do you agree?"))
    assert "I enjoy the concerts" in grid
    assert "I can read music" in grid


def test_personal_questions_are_not_listed(blocks):
    said = sentences([block for block in blocks if block.get("id") == "questionnaire"])
    for question in ("Email Address", "Membership number", "Anything else?", "What else do you sing?"):
        assert question not in said


def test_what_was_set_aside_by_rule(choir):
    rows = [*changed(1, voice="soprano"), {**TWELVE[1], "sent": "31.03.2024"}, {**TWELVE[0], "source": "Test"}]
    facts, table = method.set_aside(choir(rows=rows).results())
    assert {label: plain_text(words) for label, words in facts["facts"]}["Rows in the export"] == "14"
    assert [row[:2] for row in cells(table)] == [
        ["Row set aside: duplicate", "1"],
        ["Row set aside: test", "1"],
        ["Answer set to missing: don't know", "1"],
        ["Text read as an answer: codebook", "1"],
    ]
    assert all(row[2] for row in cells(table))


# --- Evidence ---------------------------------------------------------------------------------------------------------


def test_each_fact_and_each_indicator_has_its_evidence(twelve):
    ids = [block["id"] for block in evidence.evidence(twelve) if block["block"] == "evidence"]
    assert ids == [
        "evidence-fact-practice", "evidence-fact-places", "evidence-fact-halls", "evidence-fact-years",
        "evidence-rehearse", "evidence-solo-answered", "evidence-solo-asked", "evidence-solo-all",
        "evidence-enjoy", "evidence-enjoy-low", "evidence-sacred", "evidence-folk",
    ]  # fmt: skip


def test_the_evidence_of_an_indicator(twelve):
    (block,) = [one for one in evidence.evidence(twelve) if one.get("id") == "evidence-solo-asked"]
    said = {label: plain_text(words) for label, words in block["facts"]}
    assert said["Question"] == "Have you sung a solo?"
    assert said["Counts as yes"] == "“Yes” counts, out of all who were asked"
    assert said["Raw column"] == "G: Have you sung a solo?"
    assert said["Asked of"] == "those with rehearses: Yes"
    assert said["Not counted"] == "4 not asked"
    everyone, *groups = cells(block["table"])
    assert everyone == ["Everyone", "12", "8", "8", "4", "50%", "22–78%"]
    assert groups == []  # both voices are hidden
    assert plain_text(block["table"]["notes"][0]) == "Groups not shown: 2."


def test_the_evidence_of_a_part_says_whom_it_is_about(twelve):
    (block,) = [one for one in evidence.evidence(twelve) if one.get("id") == "evidence-enjoy-low"]
    said = {label: plain_text(words) for label, words in block["facts"]}
    assert said["Only about"] == "those with voice: Low voice"
    assert said["Not counted"] == "nobody: all who are eligible are in the base"


def test_the_evidence_of_a_total(twelve):
    (block,) = [one for one in evidence.evidence(twelve) if one.get("id") == "evidence-fact-practice"]
    said = {label: plain_text(words) for label, words in block["facts"]}
    assert said["Printed"] == "more than 20"
    assert said["Answers"] == "7"
    assert said["Not in it: not asked"] == "4"
    assert said["Raw column"] == "H: How many hours a week do you practise?"
    assert said["Exact total"] == "23.5 hours"


# --- Personal values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["surveymonkey", "qualtrics"])
def test_personal_values_reach_neither_the_report_nor_any_file(choir, shape):
    rows = changed(1, email=SECRET, member=SECRET, remarks=SECRET, sings={"folk": "x", "other": SECRET})
    results = choir(rows=rows, shape=shape).results()
    assert SECRET not in json.dumps(report(results))
    files = [path for path in results.folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"responses.parquet", "ledger.csv", "cleaning.json", "estimates.csv"}
    for path in files:
        assert SECRET.encode() not in path.read_bytes(), path.name


def test_responses_hold_no_personal_column(choir):
    results = choir(shape="qualtrics").results()
    columns = pd.read_parquet(Path(results.folder) / "responses.parquet").columns
    assert not {column.split(".")[0] for column in columns} & {"member", "email", "remarks", "sings_other"}


# --- Labels -----------------------------------------------------------------------------------------------------------


def test_equal_shares_stay_in_the_codebooks_order(twelve):
    shares = twelve.of_everyone.set_index("indicator")["proportion"]
    for section in twelve.codebook.sections:
        ordered = labels.by_value(twelve, section)
        assert [shares[one.id] for one in ordered] == sorted((shares[one.id] for one in ordered), reverse=True)
        assert Counter(one.id for one in ordered) == Counter(one.id for one in section.indicators)


@pytest.mark.parametrize(
    ("item", "words"),
    [("solo", "rehearses: Yes"), ("hours", "rehearses: Yes")],
)
def test_a_condition_in_words(twelve, item, words):
    assert labels.condition_words(twelve, twelve.codebook.items[item].ask_if) == words
