"""The parts of a report say what the estimates say, in order of size, and nothing of what is hidden."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from study import CODEBOOK, TWELVE, WAVE, changed, plain, singer, write_study, written

import helpers
from impact_report import figures
from impact_report.blocks import Block, heading
from impact_report.codebook import Condition
from impact_report.errors import CodebookError, WaveError
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
programme,facts,halls,halls to sing in,,2,the programme of 2023,
programme,facts,practice,hours of practice,,25,the programme of 2023,
programme,facts,,concerts given,,1040,the programme of 2023,
"""


def report(results: Results) -> list[Block]:
    """Return all blocks of a report, as notebook 04 shows them."""
    figures.draw_sections(results)
    figures.draw_groups(results)
    blocks: list[Block] = [front.cover(results), front.findings(results), heading("Who answered?", 1)]
    blocks.append(respondents.who_answered(results))
    blocks += [respondents.members_table(results, group_by) for group_by in results.groupings]
    for section in results.codebook.sections:
        blocks += [heading(section.title, 1), answers.figure(results, section.id)]
        blocks += [*answers.read_aloud(results, section), answers.results_table(results, section)]
    blocks += answers.groups_intro(results)
    for group_by in results.groupings:
        blocks.append(answers.group_heading(results, group_by))
        blocks += [answers.figure(results, name) for name in figures.names_by_group(results, group_by)]
        blocks.append(answers.crosstab(results, group_by))
    blocks += [heading("Does it agree?", 1), *published.comparison(results), *published.plausible(results)]
    blocks += [heading("How was it done?", 1), *method.method(results)]
    blocks += [heading("What was asked?", 1), method.questionnaire(results)]
    blocks += [heading("What was set aside, and why?", 1), *method.set_aside(results)]
    return [*blocks, heading("Where does each number come from?", 1), *evidence.evidence(results)]


def sentences(blocks: list[Block]) -> str:
    """Return all words of blocks, as a reader meets them."""
    return "\n".join(plain_text(run) for block in blocks for run in _all_runs(block))


def _all_runs(block: Block) -> Iterator[list]:
    complete = {"summary": [], "notes": [], "notice": None, "facts": [], "table": None, "note": [], **block}
    yield from runs(complete)


def cells(table: Block) -> list[list[str]]:
    return [[plain_text(cell["c"]) for cell in row_cells(row)] for row in table["rows"]]


def evidence_of(results: Results, id: str) -> tuple[dict[str, str], Block]:
    """Return what a piece of evidence says, by its labels, and the piece itself."""
    (block,) = [one for one in evidence.evidence(results) if one.get("id") == id]
    return {label: plain_text(words) for label, words in block["facts"]}, block


def numbers_in(table: Block) -> list[dict]:
    """Return the numbers printed in a table's cells."""
    return [node for row in table["rows"] for cell in row_cells(row) for node in cell["c"] if node["t"] == "number"]


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
    assert "High voice" in sentences([respondents.who_answered(results)])


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
        ("{id: solo_all,", "{id: ledger,"),
        ("{id: solo_all,", "{id: half,"),
        ("{id: solo_all,", "{id: grim_table,"),
        ("{id: solo_all,", "{id: rehearse_table,"),
        ("{id: solo_all,", "{id: of_joy,"),
        ("{id: solo_all,", "{id: rehearse_voice_high,"),
        ("- id: joy\n", "- id: by_voice\n"),
        ("- id: joy\n", "- id: set_aside\n"),
        ("- id: joy\n", "- id: findings\n"),
        ("- id: joy\n", "- id: facts\n"),
        ("- id: joy\n", "- id: respondents\n"),
        ("- id: joy\n", "- id: published\n"),
    ],
)
def test_an_id_may_be_anything_or_is_refused_when_the_codebook_is_loaded(choir, old, new):
    """Not at the end of the build, when two anchors of the finished report turn out to be the same."""
    study = choir(codebook=CODEBOOK.replace(old, new), wave=WAVE + "published: programme\n")
    (study.folder / "published.csv").write_text(PUBLISHED.replace("solo_all", "enjoy"), encoding="utf-8")
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
    labels_of_invented = [label for label, _ in front.cover(open_results)["facts"]]
    assert labels_of_invented[0] == "Dates in the invented file"  # nobody collected them
    assert "Answers collected" not in labels_of_invented
    assert plain_text(front.cover(open_results)["notice"]) == "Nobody sings here."


NOT_SHOWN = "not shown: too few answers, or a count too small"


def test_findings_hold_every_fact_and_every_indicator(twelve):
    findings = front.findings(twelve)
    assert [plain_text(fact["value"]) for fact in findings["facts"]] == ["more than 20", "3", "2", "over 22 years"]
    assert [plain_text(fact["detail"]) for fact in findings["facts"]] == [
        "from 7 answers", "from the roster", "Town hall and School", "from May 2001 to March 2024",
    ]  # fmt: skip
    items = [
        (plain_text(item["value"]), plain_text(item["statement"]), plain_text(item["detail"]))
        for section in findings["sections"]
        for item in section["items"]
    ]
    assert items == [  # in each section the largest first, what is hidden last
        ("73%", "come to the rehearsals", "8 of 11"),
        ("57%", "have sung a solo (of those who said)", "4 of 7"),
        ("50%", "have sung a solo (of those asked)", "4 of 8"),
        ("33%", "have sung a solo (of all)", "4 of 12"),
        ("73%", "enjoy the concerts", "8 of 11"),
        ("58%", "sing sacred music", "7 of 12"),
        ("36%", "sing folk songs", "4 of 11"),
        ("–", "enjoy the concerts below the stave", NOT_SHOWN),  # its base would tell how many sing low
    ]


def test_the_findings_do_not_call_everybody_an_answerer(twelve):
    """Two of the eight shares are of all who were asked, one is of all."""
    assert "those who answered its question" not in plain_text(front.findings(twelve)["note"])


def test_the_findings_begin_with_what_the_intervals_allow(twelve, open_results):
    """Of seven shares from 33% to 73% of some ten answers, the interval of each includes one half."""
    said = "The share is clearly above one half for {} of the {} statements, clearly below for {}, and too close to "
    said += "tell for {}."
    assert plain_text(front.findings(twelve)["summary"]) == said.format("none", 7, "none", 7)
    assert plain_text(front.findings(open_results)["summary"]) == said.format("none", 8, "none", 8)
    assert plain_text(front.findings(open_results)["note"]).startswith("Invented respondents. ")


def test_a_share_is_clear_where_its_whole_interval_is_on_one_side_of_one_half(choir):
    """At a level of 0.6 Wilson's intervals are short (z = 0.842): 8 of 11 are between 60% and 83%.

    Of 4 of 11 it is from 25% to 49%, of 4 of 12 from 23% to 45%; in those of 4 of 8, of 4 of 7 and of 7 of 12 (46% to
    70%) one half lies: too close to tell, although the last share is 58%.
    """
    results = choir(wave=WAVE + "interval: {method: wilson, confidence: 0.6}\n").results()
    summary = front.findings(results)["summary"]
    assert plain_text(summary).startswith("The share is clearly above one half for 2 of the 7 statements, clearly ")
    numbers = [node for node in summary if node["t"] == "number"]
    found = {node["what"]: (node["numerator"], node["base"]) for node in numbers}
    assert found["statements whose whole interval is above one half"] == (2, 7)
    assert found["statements whose whole interval is below one half"] == (2, 7)
    assert found["statements whose interval includes one half"] == (3, 7)
    assert all(node["rule"] for node in numbers)
    said, _ = evidence_of(results, "evidence-half")
    assert said["Clearly above"] == "come to the rehearsals; enjoy the concerts"
    assert sorted(said["Clearly below"].split("; ")) == ["have sung a solo (of all)", "sing folk songs"]
    assert "sing sacred music" in said["Too close to tell"].split("; ")
    assert "No interval" not in said


def test_where_there_is_no_interval_nothing_is_called_clear(choir):
    results = choir().results()
    results.estimates[["low", "high"]] = math.nan
    assert plain_text(front.findings(results)["summary"]) == (
        "No interval could be computed for any of the 7 statements."
    )
    said, _ = evidence_of(results, "evidence-half")
    assert (said["Clearly above"], said["Clearly below"]) == ("none", "none")
    assert "come to the rehearsals" in said["No interval"]


def test_hidden_statements_are_not_counted_in_the_summary(choir):
    codebook = CODEBOOK.replace("measure: total\n    item: hours\n    round_down_to: 5", "measure: roster")
    results = choir(wave=WAVE.replace("minimum_base: 5", "minimum_base: 8"), codebook=codebook).results()
    # those of who said (7) and of the low voices (5) are hidden, and the two that say, too, how many have sung a solo
    assert "of the 4 statements" in plain_text(front.findings(results)["summary"])
    said, _ = evidence_of(results, "evidence-half")
    assert "have sung a solo (of those who said)" not in "; ".join(said.values())


def test_facts_of_invented_respondents_say_so(open_results):
    assert plain_text(front.findings(open_results)["facts"][0]["detail"]) == "from 7 invented answers"


def test_the_notice_of_invented_respondents(twelve, open_results):
    assert front.invented_notice(twelve) == []
    (notice,) = front.invented_notice(open_results)
    assert notice["title"] == "Invented respondents"


# --- Respondents ------------------------------------------------------------------------------------------------------


def test_who_answered_adds_up(choir):
    rows = [*TWELVE, {**TWELVE[0], "source": "Preview"}]
    said = sentences([respondents.who_answered(choir(rows=rows).results())])
    assert "The export has 13 rows: 12 were kept and 1 set aside." in said


def test_members_of_groups_add_up_to_all(open_results):
    table = respondents.members_table(open_results, "voice")
    assert cells(table) == [["High voice", "6", "50%"], ["Low voice", "5", "42%"], ["Not stated", "1", "8%"]]
    assert "No respondents: Middle voice." in plain_text(table["notes"][-1])


def test_the_members_of_groups_lead_to_the_question_they_answered(twelve, open_results):
    for results in (twelve, open_results):
        table = respondents.members_table(results, "voice")
        assert not any(isinstance(row, dict) for row in table["rows"])  # no anchors: the evidence has its own
        assert {number["evidence"] for number in numbers_in(table)} == {"evidence-members-voice"}
    said, block = evidence_of(twelve, "evidence-members-voice")
    assert plain_text(block["title"]) == "Respondents by voice"
    assert said["Question"] == "Which voice do you sing?"
    assert said["Raw column"] == "E, headed by the question"
    assert said["Counted"] == "rows kept, by this answer; shares are out of all 12 of them"


def test_hidden_groups_and_those_not_stated_are_one_number(twelve):
    """Five low voices and one singer who did not say: apart, each would tell the other."""
    table = respondents.members_table(twelve, "voice")
    assert cells(table) == [["High voice", "6", "50%"], ["Groups too small to show and not stated", "6", "50%"]]


def test_the_size_of_a_small_group_cannot_be_worked_out(choir):
    """Two sing in the middle: neither their number nor a remainder that is theirs alone may be printed."""
    rows = [*TWELVE, *(singer(k, "Middle voice", "No", "", "", "Agree", {"folk": "x"}) for k in (13, 14))]
    table = respondents.members_table(choir(rows=rows).results(), "voice")
    printed = {row[0]: row[1] for row in cells(table)}
    assert "Middle voice" not in printed
    shown = [int(count) for name, count in printed.items() if name in ("High voice", "Low voice")]
    assert 14 - sum(shown) >= 5  # hidden and not stated together


def test_the_rate_of_a_known_population(choir):
    wave = WAVE.replace("{universe: the singers of the village}", "{universe: the singers, size: 20}")
    said = sentences([respondents.who_answered(choir(wave=wave).results())])
    assert "They are 20 in all, and 60% of them answered." in said


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_results_are_read_aloud_largest_first(twelve):
    (block,) = answers.read_aloud(twelve, twelve.codebook.sections[1])
    assert [plain_text(item) for item in block["items"]] == [
        "73% of singers (8 of 11) say that they enjoy the concerts.",
        "58% of singers (7 of 12) say that they sing sacred music.",
        "36% of singers (4 of 11) say that they sing folk songs.",
        "It is not shown how many say that they enjoy the concerts below the stave: too few answered, or a count is "
        "too small.",
    ]


def test_a_share_of_those_asked_says_whom_and_one_of_all_does_not(twelve):
    (block,) = answers.read_aloud(twelve, twelve.codebook.sections[0])
    asked = "singers whose rehearses is Yes"
    assert [plain_text(item) for item in block["items"]] == [
        "73% of singers (8 of 11) say that they come to the rehearsals.",
        f"57% of {asked} (4 of 7) say that they have sung a solo (of those who said).",
        f"50% of {asked} (4 of 8) say that they have sung a solo (of those asked).",
        "33% of singers (4 of 12) say that they have sung a solo (of all).",
    ]


def test_an_item_is_called_by_its_label(choir):
    codebook = CODEBOOK.replace("columns: [Q2]", "columns: [Q2]\n    label: attendance")
    codebook = codebook.replace("groups: [voice]", "groups: [rehearses]")
    results = choir(codebook=codebook).results()
    assert labels.condition_words(results, results.codebook.items["solo"].ask_if) == "whose attendance is Yes"
    assert plain_text(answers.crosstab(results, "rehearses")["caption"]) == "Results by attendance"


def test_the_table_of_a_section(twelve):
    table = answers.results_table(twelve, twelve.codebook.sections[1])
    assert table["id"] == "table-joy"
    assert [[row[0].rstrip("\u00a0*†‡§¶‖"), *row[1:3]] for row in cells(table)] == [
        ["enjoy the concerts", "73%", "8 of 11"],
        ["sing sacred music", "58%", "7 of 12"],
        ["sing folk songs", "36%", "4 of 11"],
        ["enjoy the concerts below the stave", "–", "–"],
    ]
    assert cells(table)[0][3] == "43–90%"
    notes = [plain_text(note) for note in table["notes"]]
    assert notes[0].endswith("at 95%; see the method.")
    assert any("fewer than 30 answers" in note for note in notes)
    assert plain_text(table["caption"]) == "Joy and taste: share, count and base, and interval"
    assert [column["label"] for column in table["columns"]] == ["Statement", "Share", "x of n", "Interval"]


def test_a_weighted_table_says_so(choir):
    results = choir(wave=WAVE + "weights: weight\n").results()
    table = answers.results_table(results, results.codebook.sections[1])
    assert plain_text(table["caption"]) == "Joy and taste: share (weighted), count and base, and interval"
    assert plain_text(table["notes"][0]).startswith("Shares are weighted. The counts and bases beside them are")


def test_a_weighted_share_stands_nowhere_beside_an_unweighted_count_without_a_word(choir):
    """Low voices count twice. Sacred music: 7 of 12 (58 %), but by weight (3 + 2·3 + 1) / (6 + 2·5 + 1).

    Of high voices 1, 2 and 6 sing it, of low ones 7, 8 and 11; 12 did not say which voice and weighs 1: 10/17 = 59 %.
    """
    results = choir(wave=WAVE + "weights: weight\n").results()
    section = results.codebook.sections[1]
    aloud = sentences(answers.read_aloud(results, section))
    assert "59% of singers (weighted; unweighted 7 of 12) say that they sing sacred music." in aloud
    assert plain_text(answers.crosstab(results, "voice")["notes"][0]).startswith("Shares are weighted.")
    assert '"weighted; unweighted "' in json.dumps(front.findings(results))
    figures.draw_sections(results)
    drawn = answers.figure(results, section.id)
    assert plain_text(drawn["subtitle"]).startswith("Weighted share of singers with interval and unweighted x of n; ")
    assert drawn["alt"].startswith("Bar chart of weighted shares, with unweighted counts, of singers")
    assert "59%, 7 of 12" in drawn["alt"]


def test_where_small_counts_are_hidden_a_weighted_share_stands_beside_its_base_alone(choir):
    wave = WAVE.replace("smallest_count: off", "smallest_count: 2") + "weights: weight\n"
    results = choir(wave=wave).results()
    section = results.codebook.sections[1]
    aloud = sentences(answers.read_aloud(results, section))
    assert "59% of singers (weighted; unweighted n = 12) say that they sing sacred music." in aloud
    table = answers.results_table(results, section)
    assert plain_text(table["caption"]) == "Joy and taste: share (weighted), unweighted base, and interval"
    assert [column["label"] for column in table["columns"]] == ["Statement", "Share", "Base", "Interval"]
    figures.draw_sections(results)
    drawn = answers.figure(results, section.id)
    assert plain_text(drawn["subtitle"]).startswith("Weighted share of singers with interval and unweighted base; ")
    assert "59%, n = 12" in drawn["alt"]
    findings = {**front.findings(results), "summary": []}  # which counts statements, not singers
    everything = json.dumps([aloud, table, drawn, findings, evidence.evidence(results)])
    assert " of 12" not in everything
    assert '"numerator": 7' not in everything


def test_an_unweighted_report_says_nothing_of_weights(twelve):
    section = twelve.codebook.sections[1]
    figures.draw_sections(twelve)
    drawn = answers.figure(twelve, section.id)
    blocks = [*answers.read_aloud(twelve, section), answers.results_table(twelve, section)]
    said = sentences([*blocks, front.findings(twelve)]) + plain_text(drawn["subtitle"]) + drawn["alt"]
    assert "58% of singers (7 of 12) say that they sing sacred music." in said
    assert "eighted" not in said


def test_comparisons_of_groups_say_that_they_do_not_know_of_a_population(choir, twelve):
    known = WAVE.replace("{universe: the singers of the village}", "{universe: the singers, size: 14}")
    said = "take respondents for a draw from very many, although the size of the population is known"
    small = known.replace("minimum_base: 5", "minimum_base: 1")
    notes = [plain_text(note) for note in answers.crosstab(choir(wave=small).results(), "voice")["notes"]]
    assert any(said in note for note in notes)
    others = [twelve, choir(wave=small + "weights: weight\n").results()]  # of a design the variance knows of it
    for results in others:
        assert not any(said in plain_text(note) for note in answers.crosstab(results, "voice")["notes"])


def test_the_chapter_of_the_groups_has_a_part_a_grouping_and_is_left_out_where_there_are_none(choir, open_results):
    intro = answers.groups_intro(open_results)
    assert [one["block"] for one in intro] == ["heading", "paragraph"]
    assert answers.group_heading(open_results, "voice")["text"] == "By voice"
    drawn = [f"{one.id}-by-voice" for one in open_results.codebook.sections]
    assert figures.names_by_group(open_results, "voice") == drawn
    assert answers.groups_intro(choir(codebook=CODEBOOK.replace("groups: [voice]", "groups: []")).results()) == []


def test_groups_side_by_side(open_results):
    table = answers.crosstab(open_results, "voice")
    assert [column["label"] for column in table["columns"]] == [
        "Share (count of base)", "Everyone", "High voice", "Low voice",
    ]  # fmt: skip
    rows = {row[0]: row[1:] for row in cells(table)}
    assert rows["come to the rehearsals"] == ["73% (8 of 11)", "83% (5 of 6)", "60% (3 of 5)"]
    assert rows["sing sacred music"] == ["58% (7 of 12)", "50% (3 of 6)", "60% (3 of 5)"]


def test_shares_of_groups_carry_their_marks_and_common_ones_are_said_once(open_results):
    """All groups here are small; only shares of two of four to six are too small for their interval."""
    table = answers.crosstab(open_results, "voice")
    rows = {row[0]: row[1:] for row in cells(table)}
    assert rows["have sung a solo (of those asked)"] == ["50% (4 of 8)", "40% (2 of 5)\u00a0¶", "67% (2 of 3)"]
    assert rows["sing folk songs"] == ["36% (4 of 11)", "40% (2 of 5)\u00a0¶", "40% (2 of 5)\u00a0¶"]
    assert [plain_text(note) for note in table["notes"]][-2:] == [
        "All shares of groups: fewer than 30 answers; interval of 30 points or wider",
        "¶ interval wider than 130% of the share",
    ]


def test_every_mark_in_a_table_of_groups_is_explained_and_every_flag_is_marked(open_results):
    table = answers.crosstab(open_results, "voice")
    flags = open_results.by_group("voice").query("~suppressed and base > 0")["flags"].str.split()
    common = set.intersection(*map(set, flags))
    marks = sum(text.count(mark) for row in cells(table) for text in row[2:] for mark in "*†‡§¶‖")
    assert common == {"small-base", "wide"}
    assert marks == sum(len(set(one) - common) for one in flags) > 0


def test_hidden_groups_are_a_dash(twelve):
    rows = {row[0]: row[1:] for row in cells(answers.crosstab(twelve, "voice"))}
    assert rows["have sung a solo (of those who said)"] == ["57% (4 of 7)", "–"]
    assert rows["enjoy the concerts"] == ["73% (8 of 11)", "60% (3 of 5)"]
    assert rows["come to the rehearsals"] == ["73% (8 of 11)", "83% (5 of 6)"]  # of the low voices not even how many


def test_nothing_hidden_is_printed_anywhere(document, twelve):
    hidden = twelve.estimates[twelve.estimates["suppressed"]]
    rows = {f"{one.indicator}/{one.group_by}/{one.group}" for one in hidden.itertuples()}
    # all of the low voices, whose number is hidden; of the high ones the solos; enjoy_low, which would tell the number
    assert len(rows) == 8 + 3 + 2
    assert {row for row in rows if row.endswith("/low")} == {
        f"{one.id}/voice/low" for one in twelve.codebook.indicators
    }
    assert not rows & {number.node.get("row") for number in document.numbers}


def test_a_group_hidden_throughout_is_named_without_its_number(choir):
    rows = [*TWELVE, singer(13, "Middle voice", "No", "", "", "Agree", {"folk": "x"})]
    table = answers.crosstab(choir(rows=rows).results(), "voice")
    assert "Middle voice" not in [column["label"] for column in table["columns"]]
    (note,) = [plain_text(one) for one in table["notes"] if plain_text(one).startswith("Not shown")]
    assert "Middle voice" in note
    assert not any(number["what"].endswith("Middle voice") for number in numbers_in(table))


def test_a_question_nobody_may_hear_of(choir):
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 8")  # seven answered about solos
    codebook = CODEBOOK.replace("measure: total\n    item: hours\n    round_down_to: 5", "measure: roster")
    results = choir(wave=wave, codebook=codebook).results()
    section = results.codebook.sections[0]
    said = sentences([*answers.read_aloud(results, section), answers.results_table(results, section)])
    hidden = "It is not shown how many say that they have sung a solo (of those who said): too few answered, or a count"
    assert f"{hidden} is too small." in said
    items = [item for one in front.findings(results)["sections"] for item in one["items"]]
    (item,) = [one for one in items if plain_text(one["statement"]) == "have sung a solo (of those who said)"]
    assert (plain_text(item["value"]), plain_text(item["detail"])) == (
        "–",
        "not shown: too few answers, or a count too small",
    )
    assert "4 of 7" not in sentences(report(results))


# --- Published figures ------------------------------------------------------------------------------------------------


def test_published_against_computed(open_results):
    sentence, caution, table = published.comparison(open_results)
    assert plain_text(sentence["c"]) == (
        "The computed shares, rounded to whole percent, agree with 1 of the 3 published percentages that this wave is "
        "compared with."
    )
    assert plain_text(caution["c"]).startswith("The answers are invented: their agreement says nothing")
    rows = {row[0]: row[1:] for row in cells(table)}
    assert rows["come to the rehearsals"][:2] == ["73%", "73%"]
    assert rows["have sung a solo (of all)"][:2] == ["34%", "33%"]
    assert rows["enjoy the concerts"][:2] == ["70%", "73%"]
    assert rows["love to sing"][:2] == ["99%", "–"]
    assert rows["come to the rehearsals"][2] == "agrees"
    assert rows["have sung a solo (of all)"][2] == (  # 4 of 12 is 33.3
        "differs: 0.7 points lower, before rounding; no whole number of the answers gives the published figure"
    )
    assert rows["love to sing"][2] == "cannot be compared: this survey has no such statement"
    assert {number["evidence"] for number in numbers_in(table) if number["what"].startswith("published")} == {
        "evidence-comparison"
    }
    assert not any(isinstance(row, dict) for row in table["rows"])


def test_figures_published_with_decimals_stand_beside_as_many(choir):
    study = choir(wave=WAVE + "published: programme\n")
    (study.folder / "published.csv").write_text(PUBLISHED.replace(",73,,", ",72.7,,"), encoding="utf-8")
    sentence, table = published.comparison(study.results())
    assert "rounded to as many decimals as were published" in plain_text(sentence["c"])
    assert cells(table)[0] == ["come to the rehearsals", "72.7%", "72.7%", "agrees"]


def test_the_reports_own_shares_are_checked_and_the_number_of_them_said(twelve):
    shown = twelve.estimates[~twelve.estimates["suppressed"] & (twelve.estimates["base"] > 0)]
    said = sentences(published.plausible(twelve))
    assert f"all {len(shown)} that are shown, for everyone and for groups, are possible" in said


def test_weighted_shares_are_not_checked(choir):
    assert "does not apply to them" in sentences(published.plausible(choir(wave=WAVE + "weights: weight\n").results()))


def test_published_headline_facts_stand_beside_computed_ones(open_results):
    rows = {row[0]: row[1:] for row in cells(published.comparison(open_results)[-1])}
    assert rows["halls to sing in"] == ["2", "2", "agrees"]
    assert rows["hours of practice"] == ["25", "more than 20", "differs"]
    assert rows["concerts given"] == ["1,040", "–", "cannot be compared: this survey has no such figure"]


def test_published_figures_stand_as_they_were_printed_and_say_where_they_agree_by_construction(choir):
    study = choir(wave=WAVE + "published: programme\n", codebook=CODEBOOK)
    rows = PUBLISHED.replace("percent,count,", "percent,count,phrase,by_construction,")
    rows = rows.replace(",the prog", ",,,the prog").replace(",99,,", ",99,,,,")
    rows = rows.replace(",2,,,", ",2,exactly {value},the chronicle is the source of both,")
    rows = rows.replace(",25,,,", ",25,more than {value},they were chosen to agree,")
    (study.folder / "published.csv").write_text(rows, encoding="utf-8")
    table = published.comparison(study.results())[-1]
    found = {row[0]: row[1:] for row in cells(table)}
    why = "agrees by construction: the chronicle is the source of both"
    assert found["halls to sing in"] == ["exactly 2", "2", why]
    assert found["hours of practice"] == ["more than 25", "more than 20", "differs"]  # 25 hours would be 25
    notes = [plain_text(note) for note in table["notes"]]
    assert "agrees: the figure computed here, rounded as the published one is, is the same." in notes
    assert any(note.startswith("agrees by construction: it is the same, and could not be another") for note in notes)


def test_how_a_figure_was_printed_has_a_place_for_it(choir):
    study = choir(wave=WAVE + "published: programme\n")
    rows = PUBLISHED.replace("percent,count,", "percent,count,phrase,").replace(",the prog", ",,the prog")
    rows = rows.replace(",99,,", ",99,,,").replace(",2,,the", ",2,more than 2,the")
    (study.folder / "published.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(WaveError) as caught:
        published.comparison(study.results())
    (problem,) = caught.value.problems
    assert (problem.found, problem.where) == ("'more than 2'", "published.csv, row 6, phrase")


def test_only_answers_that_are_invented_are_called_so(choir):
    study = choir(wave=WAVE + "published: programme\n")
    (study.folder / "published.csv").write_text(PUBLISHED, encoding="utf-8")
    assert "invented" not in sentences(published.comparison(study.results()))


@pytest.mark.parametrize("count", ["more than 2", "2.", "1,040", "-2"])
def test_a_published_count_is_a_whole_number(choir, count):
    study = choir(wave=WAVE + "published: programme\n")
    given = PUBLISHED.replace("halls to sing in,,2,", f'halls to sing in,,"{count}",')
    (study.folder / "published.csv").write_text(given, encoding="utf-8")
    with pytest.raises(WaveError) as caught:
        published.comparison(study.results())
    (problem,) = caught.value.problems
    assert (problem.found, problem.where) == (repr(count), "published.csv, row 6")


def test_the_evidence_of_published_figures(open_results):
    said, _ = evidence_of(open_results, "evidence-comparison")
    assert (said["Set compared"], said["Percentages in it"]) == ("programme", "3")


def test_the_evidence_of_grim_counts_for_the_reader(open_results):
    """By hand: 32 of 44 are 72.7 percent, 31 are 70.5, 15 are 34.1; a tenth is no 73 percent and no 34."""
    _, block = evidence_of(open_results, "evidence-grim")
    table = block["table"]
    assert [column["label"] for column in table["columns"]] == ["Published", "Base 10", "Base 41", "Base 44"]
    assert cells(table) == [
        ["73%", "impossible", "30 of 41", "32 of 44"],
        ["70%", "7 of 10", "impossible", "31 of 44"],
        ["34%", "impossible", "14 of 41", "15 of 44"],
    ]


def test_no_published_figures(twelve):
    assert "No published figures are known" in sentences(published.comparison(twelve))


def test_grim_names_the_smallest_base(open_results):
    """73 % and 34 % and 70 %: tried by hand over every base."""

    def possible(percent: int, base: int) -> bool:
        return any((200 * count + base) // (2 * base) == percent for count in range(base + 1))

    smallest = next(base for base in range(1, 101) if all(possible(percent, base) for percent in (73, 34, 70)))
    said = sentences(published.plausible(open_results))
    assert f"If all the statements have the same base, it is {smallest}, another one in the last row" in said


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
    assert said["Population"] == "The singers of the village."
    assert said["Dates"].endswith("The reference date is March 2024. The notice board.")


def test_nobody_collected_answers_that_are_invented(open_results):
    said = {label: plain_text(words) for label, words in method.disclosed(open_results)}
    assert said["Dates"].startswith("None: in the invented file they are 1 March 2024 to 31 March 2024. ")
    assert "collected" not in said["Dates"]


def test_known_issues_of_the_data_stand_under_processing(choir):
    """They are about the file, not about what the results can say."""
    results = choir(wave=WAVE + "notes: [A page was wet, The last line is hers.]\n").results()
    said = {label: plain_text(words) for label, words in method.disclosed(results)}
    assert said["Processing"].endswith(" A page was wet. The last line is hers.")
    assert "wet" not in said["Limitations"]


def test_weighted_shares_are_said_to_be(choir, twelve):
    def precision(results: Results) -> str:
        return plain_text(dict(method.disclosed(results))["Sample sizes and precision"])

    assert "Shares are computed from whole counts and rounded once, a half upwards." in precision(twelve)
    weighted = precision(choir(wave=WAVE + "weights: weight\n").results())
    assert "Shares are weighted and rounded once, a half upwards." in weighted
    assert "from whole counts" not in weighted


def test_every_question_word_for_word(twelve):
    table = method.questionnaire(twelve)
    asked = {row[0]: row[1:] for row in cells(table)}
    assert asked["Have you sung a solo?"] == ["One answer", "Yes; No", "those whose rehearses is Yes"]
    assert asked["Which voice do you sing?"] == ["One answer", "High voice; Middle voice; Low voice", "everyone"]
    grid = next(question for question in asked if question.startswith("How much do you agree?"))
    assert "I enjoy the concerts" in grid
    assert "I can read music" in grid


def test_personal_questions_are_not_listed(blocks):
    said = sentences([block for block in blocks if block.get("id") == "questionnaire"])
    for question in ("Email Address", "Membership number", "Anything else?", "What else do you sing?"):
        assert question not in said


def test_neither_the_platforms_columns_nor_what_was_not_asked_are_listed(choir):
    """The first are no questions, and the others nobody of this wave was asked."""
    codebook = CODEBOOK.replace("question: Came by\n", "question: Came by\n    platform: true\n")
    wave = WAVE.replace("not_asked: [sings_other]", "not_asked: [sings_other, hours]")
    codebook = codebook.replace("measure: total\n    item: hours\n    round_down_to: 5", "measure: roster")
    rows = written([record[:7] + record[8:] for record in plain(TWELVE)])
    results = choir(codebook=codebook, wave=wave, export=rows).results()
    said = sentences([method.questionnaire(results)])
    assert "Have you sung a solo?" in said
    assert "Came by" not in said
    assert "How many hours a week do you practise?" not in said


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
    assert not any(isinstance(row, dict) for row in table["rows"])
    assert {number["evidence"] for number in numbers_in(table)} == {"evidence-ledger"}


def test_of_persons_it_is_not_told_how_often_answers_were_written_otherwise(choir):
    """How many answers a rule touched would tell of a hidden one that alone is written so."""
    rows = [*changed(1, voice="soprano"), {**TWELVE[0], "source": "Test"}]
    wave = WAVE.replace("smallest_count: off", "smallest_count: 5")
    study = choir(wave=wave, rows=rows)
    results = Results.of(str(study.folder), "spring", "", str(study.folder.parent / "processed"))
    results.clean()
    _, table = method.set_aside(results)
    assert [row[:2] for row in cells(table)] == [
        ["Row set aside: test", "1"],
        ["Answer set to missing: don't know", "some"],
        ["Text read as an answer: codebook", "some"],
    ]


def test_the_evidence_of_what_was_set_aside(twelve):
    said, _ = evidence_of(twelve, "evidence-ledger")
    assert said["Raw file"] == "responses.csv: format plain, utf-8"
    assert said["Rule"] == "each row of the export is either kept or set aside; a row is set aside once, by one rule"


def test_empty_rows_at_the_end_are_counted_apart(choir, twelve):
    results = choir(export=written(plain(TWELVE)) + "," * 15 + "\n" + "," * 15 + "\n").results()
    said = {label: plain_text(words) for label, words in method.set_aside(results)[0]["facts"]}
    assert (said["Rows in the export"], said["Empty rows at its end, not counted"]) == ("12", "2")
    labels_of_twelve = [label for label, _ in method.set_aside(twelve)[0]["facts"]]
    assert "Empty rows at its end, not counted" not in labels_of_twelve


# --- Evidence ---------------------------------------------------------------------------------------------------------


def test_each_fact_and_each_indicator_has_its_evidence(twelve):
    ids = [block["id"] for block in evidence.evidence(twelve) if block["block"] == "evidence"]
    assert ids == [
        "evidence-fact-practice", "evidence-fact-places", "evidence-fact-halls", "evidence-fact-years", "evidence-half",
        "evidence-rehearse", "evidence-solo-answered", "evidence-solo-asked", "evidence-solo-all",
        "evidence-enjoy", "evidence-enjoy-low", "evidence-sacred", "evidence-folk",
        "evidence-answers-sings", "evidence-members-voice", "evidence-compared-voice", "evidence-ledger",
        "evidence-grim-own",
    ]  # fmt: skip


def test_the_evidence_of_an_indicator(twelve):
    said, block = evidence_of(twelve, "evidence-solo-asked")
    assert said["Question"] == "Have you sung a solo?"
    assert said["Counts as yes"] == "“Yes” counts, out of all respondents who were asked"
    assert said["Raw column"] == "G, headed by the question"
    assert said["Asked of"] == "those whose rehearses is Yes"
    assert said["Other answers in the base"] == "No: 3, no answer: 1"
    assert said["Not in the base"] == "not asked: 4"
    everyone, *groups = cells(block["table"])
    assert everyone == ["Everyone", "12", "8", "8", "4", "50%", "22–78%"]
    assert groups == []  # both voices are hidden
    assert plain_text(block["table"]["notes"][0]) == "Groups not shown: 2."


def test_the_evidence_of_a_part_says_whom_it_is_about(choir):
    stated = [{**one, "voice": one["voice"] or "Low voice"} for one in TWELVE]
    said, _ = evidence_of(choir(rows=stated).results(), "evidence-enjoy-low")
    assert said["Only about"] == "those whose voice is Low voice"
    assert said["Counts as yes"].endswith("counts, out of all respondents whom the statement is about and who answered")
    assert said["Other answers in the base"] == "other answers: 1"  # by answer, all less these would be the high voices
    assert said["Not in the base"] == "nobody: everyone who is eligible is in it"


@pytest.mark.parametrize(
    ("indicator", "inside", "outside"),
    [
        ("solo-answered", "No: 3", "not asked: 4, no answer: 1"),
        ("solo-all", "No: 3, not asked: 4, no answer: 1", "nobody: everyone who is eligible is in it"),
        ("enjoy", "other answers: 3", "not asked, or no valid answer: 1"),  # another statement is about the low voices
        ("sacred", "5 did not tick it", "nobody: everyone who is eligible is in it"),
        ("folk", "7 did not tick it", "no answer: 1"),
    ],
)
def test_whoever_does_not_count_is_told_by_the_reason(twelve, indicator, inside, outside):
    said, _ = evidence_of(twelve, f"evidence-{indicator}")
    assert (said["Other answers in the base"], said["Not in the base"]) == (inside, outside)


@pytest.mark.parametrize(
    ("indicator", "smallest", "inside", "outside"),
    [
        ("rehearse", 2, "No: 3", "too few to show"),
        ("enjoy", 2, "other answers: 3", "too few to show"),
        ("solo-all", 2, "No, not asked, no answer: 8", "nobody: everyone who is eligible is in it"),
        ("solo-answered", 2, "No: 3", "not asked, no answer: 5"),
        ("solo-asked", 3, "No, no answer: 4", "not asked: 4"),
    ],
)
def test_small_counts_are_put_together_or_hidden(choir, indicator, smallest, inside, outside):
    """What a single person answered is not told: it stands in a sum, or not at all."""
    results = choir(wave=WAVE.replace("smallest_count: off", f"smallest_count: {smallest}")).results()
    said, _ = evidence_of(results, f"evidence-{indicator}")
    assert (said["Other answers in the base"], said["Not in the base"]) == (inside, outside)


def test_the_evidence_of_a_total(twelve):
    said, block = evidence_of(twelve, "evidence-fact-practice")
    assert block["table"] is None
    assert said["Printed"] == "more than 20"
    assert said["Answers"] == "7"
    assert said["Not in it: not asked"] == "4"
    assert said["Raw column"] == "H, headed by the question"
    assert said["Exact total"] == "23.5 hours"


def test_the_evidence_of_a_roster_shows_the_rows_that_were_counted(twelve):
    said, block = evidence_of(twelve, "evidence-fact-places")
    assert (said["Printed"], said["Rows that fit"], said["Started later"]) == ("3", "4", "1")
    assert said["Start not known"] == "1, counted all the same"
    assert said["Not counted"] == "New hall"
    assert [(row[0], row[2]) for row in cells(block["table"])] == [
        ("Town hall", "the chronicle"), ("Church", "the chronicle"), ("School", "the school"),
    ]  # fmt: skip
    assert [row[1] for row in cells(block["table"])][:2] == ["1998", "not known"]


def test_the_evidence_of_a_part_of_the_roster_shows_that_part(twelve):
    _, block = evidence_of(twelve, "evidence-fact-halls")
    assert [row[0] for row in cells(block["table"])] == ["Town hall", "School"]


def test_the_evidence_of_years_names_both_ends(twelve):
    """From the end of May 2001 to the first of March 2024, or from the first of May to the end of March."""
    said, _ = evidence_of(twelve, "evidence-fact-years")
    assert said["From"] == "May 2001 – the chronicle"
    assert said["To"] == "March 2024 – the notice board"
    assert said["At most"] == "23 years, from the first day the start can mean"


def test_the_most_years_may_be_more_than_the_printed_ones(choir):
    wave = WAVE.replace(
        "{date: 2001-05, source: the chronicle}", '{date: "2001", source: the chronicle, note: "a guess"}'
    )
    results = choir(wave=wave).results()
    said, _ = evidence_of(results, "evidence-fact-years")
    assert said["Printed"] == "over 22 years"
    assert said["At most"].startswith("24 years,")
    assert said["From"] == "2001 – the chronicle; a guess"


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
    shares = twelve.of_everyone.set_index("indicator")["proportion"].fillna(-1)  # those hidden come last
    for section in twelve.codebook.sections:
        ordered = labels.by_value(twelve, section)
        assert [shares[one.id] for one in ordered] == sorted((shares[one.id] for one in ordered), reverse=True)
        assert Counter(one.id for one in ordered) == Counter(one.id for one in section.indicators)


@pytest.mark.parametrize(
    ("item", "words"),
    [("solo", "whose rehearses is Yes"), ("hours", "whose rehearses is Yes")],
)
def test_a_condition_in_words(twelve, item, words):
    assert labels.condition_words(twelve, twelve.codebook.items[item].ask_if) == words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"voice": ["high", "low"]}, "whose voice is High voice or Low voice"),
        ({"voice": {"none": ["high", "low"]}}, "whose voice is not High voice or Low voice"),
        ({"sings": {"all": ["folk", "sacred"]}}, "whose sings includes Folk songs and Sacred music"),
        ({"hours": {"answered": True}}, "who answered hours"),
        ({"hours": {"at_least": 2, "below": 3.5}}, "whose hours is below 3.5 and whose hours is 2 or more"),
        ({"voice": "low", "rehearses": "yes"}, "whose voice is Low voice and whose rehearses is Yes"),
    ],
)
def test_every_kind_of_condition_in_words(twelve, condition, words):
    assert labels.condition_words(twelve, Condition.model_validate(condition)) == words


def test_a_condition_that_holds_twice_is_said_once(twelve):
    indicator = twelve.indicator("solo_asked").model_copy(update={"among": twelve.codebook.items["solo"].ask_if})
    assert labels.whom(twelve, indicator) == "singers whose rehearses is Yes"


# --- What a reviewer needs to compute a number again ------------------------------------------------------------------


def test_the_evidence_opens_with_the_rows_the_code_and_all_numbers(twelve):
    from impact_report import __version__, manifest

    opening = evidence.evidence(twelve)[0]
    said = plain_text(opening["c"])
    assert said.startswith("Counts are of rows of the export: 12 of 12 were kept.")
    assert f"version {__version__} of the program with code {manifest.code(of_notebooks=True)[:12]}" in said
    links = [node["href"] for node in opening["c"] if node["t"] == "link"]
    assert links == ["#evidence-rows", "manifest.json", "numbers.html", "numbers.csv", "numbers.json"]


def test_the_evidence_of_a_share_says_its_interval_and_where_its_groups_are_from(twelve):
    facts, _ = evidence_of(twelve, "evidence-rehearse")
    assert facts["Interval"].startswith("Wilson interval; its level and what it means")
    _, block = evidence_of(twelve, "evidence-rehearse")
    (groups,) = [words for label, words in block["facts"] if label == "Groups"]
    assert [node["href"] for node in groups] == ["#evidence-members-voice"]


def test_the_evidence_of_a_sum_says_who_was_asked(twelve):
    facts, _ = evidence_of(twelve, "evidence-fact-practice")
    assert facts["Raw column"] == "H, headed by the question"
    assert facts["Asked of"].startswith("those whose rehearses is Yes")


def test_each_table_of_results_says_which_notebook_made_it_from_which_file(blocks):
    made = {one["id"]: plain_text(one["made_by"]) for one in blocks if one["block"] == "table"}
    assert made["table-singing"] == "notebook 04_report from estimates.csv"
    assert made["table-by-voice"] == "notebook 04_report from estimates.csv"
    assert made["table-members-voice"] == "notebook 04_report from members.parquet"
