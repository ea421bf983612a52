"""All answers to a question, and a map: what may be drawn, numbers added up by hand, and where each of them leads."""

from __future__ import annotations

import re

import pytest
from study import CODEBOOK, TWELVE, WAVE, write_study

from impact_report import codebook, figures
from impact_report.errors import CodebookError
from impact_report.exporters.structure import plain_text, row_cells
from impact_report.parts.answers import crosstab
from impact_report.parts.distribution import Distribution, distribution_evidence, whole_answers

# Without the statement about low voices alone, whose list would tell of the high ones.
OF_ALL = re.sub(r"\n.*id: enjoy_low.*", "", CODEBOOK)
PLACED = OF_ALL.replace("low: Low voice}", "low: Low voice}\n    tiles: {high: [1, 1], middle: [2, 1], low: [1, 2]}", 1)


def persons(smallest: int) -> str:
    """Return the wave as one of persons, whose counts below this are hidden."""
    return WAVE.replace("smallest_count: off", f"smallest_count: {smallest}").replace("organisations", "persons")


def many(times: int) -> list[dict]:
    """Return the twelve singers several times over, each time as other members."""
    return [{**row, "member": f"{row['member']}-{time}"} for time in range(times) for row in TWELVE]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The twelve singers, with the figures of all answers and the map."""
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 1")
    one = write_study(tmp_path_factory.mktemp("figures") / "choir", codebook=PLACED, wave=wave).results()
    figures.draw_answers(one)
    figures.draw_maps(one)
    return one


def answers(results, item: str) -> Distribution:
    return Distribution(results, item)


# --- Counts -----------------------------------------------------------------------------------------------------------


def test_each_answer_is_counted_out_of_those_who_gave_one(results):
    """Eleven said how much they enjoy it (1, 7, 11 strongly; 2, 4, 8, 10, 12; 3; 5; 9); the sixth could not say."""
    one = answers(results, "enjoys")
    expected = {"strongly_disagree": 1, "disagree": 1, "neither": 1, "agree": 5, "strongly_agree": 3}
    assert one.counts == expected
    assert (one.base, one.unsure) == (11, 1)


def test_the_highest_answers_together_are_the_estimate(results):
    one = answers(results, "enjoys")
    row = results.row("enjoy")
    assert (one.counts["agree"] + one.counts["strongly_agree"], one.base) == (row["count"], row["base"])


def test_what_was_ticked_together_adds_up_to_all_who_answered(results):
    """Sacred alone: 2, 7, 11, 12; folk alone: 5, 10; both: 1, 8; none: 3, 9; the sixth also others; not the fourth."""
    one = answers(results, "sings")
    assert one.together == [
        (("sacred",), 4),
        (("folk",), 2),
        (("folk", "sacred"), 2),
        (("none",), 2),
        (("sacred", "other"), 1),
    ]
    assert one.base == 11
    shown, rest = one.shown_together
    assert sum(count for _, count in shown) == 10  # what one singer alone ticked is not told by itself
    assert rest == 1
    assert one.by_share == ["sacred", "folk", "none", "other"]  # 7, 4, 2, 1


# --- What may be told -------------------------------------------------------------------------------------------------


def test_all_answers_of_organisations_are_drawn(results):
    joy = results.codebook.sections[1]
    assert whole_answers(results, joy) == ["answers-enjoys", "answers-sings"]


def test_a_statement_about_some_of_them_keeps_the_answers_untold(twelve):
    """From the answers of all and those of low voices, the others' could be told."""
    assert not Distribution(twelve, "enjoys").may_be_told
    assert Distribution(twelve, "sings").may_be_told


@pytest.mark.parametrize(
    ("times", "smallest", "told"),
    [
        (5, 5, True),  # 5, 5, 5, 25 and 15 of 55; 5 could not say
        (5, 6, False),  # three answers were given by 5
        (4, 5, False),  # by 4
    ],
)
def test_of_persons_no_answer_may_have_been_given_by_few(tmp_path, times, smallest, told):
    study = write_study(tmp_path / "choir", rows=many(times), codebook=OF_ALL, wave=persons(smallest))
    one = study.results()
    assert Distribution(one, "enjoys").may_be_told is told
    drawn = figures.draw_answers(one)
    assert ("answers-enjoys" in drawn) is told


def test_of_persons_nothing_is_told_of_what_was_ticked_together(tmp_path):
    one = write_study(tmp_path / "choir", rows=many(5), codebook=OF_ALL, wave=persons(5)).results()
    assert "answers-sings" not in figures.draw_answers(one)


def test_nothing_is_told_answer_by_answer_where_a_group_of_it_is_hidden(tmp_path):
    """Seven times the twelve: 28 of 35 low voices enjoy it, and the 7 others are just enough to be shown.

    With one of these 7 among the high voices, 6 are left: the low voices' share is hidden, though each answer was given
    by as many as before.
    """
    rows = many(7)
    one = write_study(tmp_path / "choir", rows=rows, codebook=OF_ALL, wave=persons(7)).results()
    assert Distribution(one, "enjoys").may_be_told
    rows = [{**row, "voice": "High voice"} if row["member"] == "M-09-6" else row for row in rows]
    two = write_study(tmp_path / "other" / "choir", rows=rows, codebook=OF_ALL, wave=persons(7)).results()
    assert Distribution(two, "enjoys").counts == Distribution(one, "enjoys").counts
    assert two.row("enjoy", "voice", "low")["suppressed"]
    assert not Distribution(two, "enjoys").may_be_told


def test_answers_that_make_groups_are_told_by_the_groups_alone(tmp_path):
    """One singer makes a group too small to show, whatever else may be said of organisations."""
    grouped = OF_ALL.replace("groups: [voice]", "groups: [voice, enjoys]")
    one = write_study(tmp_path / "choir", codebook=grouped).results()
    assert "answers-enjoys" not in figures.draw_answers(one)


def test_an_edition_of_a_group_tells_no_answers_one_by_one(tmp_path):
    one = write_study(tmp_path / "choir", codebook=OF_ALL, wave=WAVE).results("voice=high")
    assert figures.draw_answers(one) == []
    assert list(distribution_evidence(one)) == []


def test_weighted_shares_are_not_told_answer_by_answer(tmp_path):
    wave = WAVE + "weights: weight\n"
    one = write_study(tmp_path / "choir", codebook=OF_ALL, wave=wave).results()
    assert figures.draw_answers(one) == []


# --- What is drawn ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["answers-enjoys", "answers-sings"])
def test_each_number_leads_to_a_row_of_its_evidence(results, name):
    evidence = {block["id"]: block for block in distribution_evidence(results)}
    rows = {row["id"] for block in evidence.values() for row in block["table"]["rows"]}
    figure = results.figure(name)
    assert figure["numbers"]
    assert {number["evidence"] for number in figure["numbers"]} <= rows
    assert figure["table"] in {block["table"]["id"] for block in evidence.values()}


@pytest.mark.parametrize("name", ["answers-enjoys", "answers-sings", "map-voice"])
def test_the_alt_text_says_each_number_that_is_drawn(results, name):
    figure = results.figure(name)
    for number in figure["numbers"]:
        assert number["text"] in figure["alt"], number["text"]
        assert number["text"] in figure["svg"]


def test_the_alt_text_of_a_scale_names_every_answer(results):
    assert (
        "I enjoy the concerts: Strongly disagree 9%, Disagree 9%, Neither agree nor disagree 9%, Agree 45%, "
        "Strongly agree 27% (n = 11, 1 don’t know)"
    ) in results.figure("answers-enjoys")["alt"]


def test_titles_state_what_stands_out(results):
    said = plain_text(results.figure("answers-sings")["title"])
    assert said == "Joy and taste: 36% ticked “Sacred music” and nothing else, the most frequent combination"  # 4 of 11
    said = plain_text(results.figure("answers-enjoys")["title"])
    assert said == "Joy and taste: 27% said “Strongly agree”, 9% “Strongly disagree”"  # 3 and 1 of 11


def test_a_map_has_a_tile_a_group_with_its_respondents(results):
    figure = results.figure("map-voice")
    assert [number["text"] for number in figure["numbers"]] == ["6", "0", "5"]
    assert "High voice: 6; Middle voice: 0; Low voice: 5" in figure["alt"]
    assert plain_text(figure["title"]) == "Respondents by voice: High voice has the most (6) of the groups shown"


def test_a_map_hatches_what_the_table_hides(tmp_path):
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 6")
    one = write_study(tmp_path / "choir", codebook=PLACED, wave=wave).results()
    figures.draw_maps(one)
    figure = one.figure("map-voice")
    hidden = one.members[one.members["suppressed"]]["group"].tolist()
    assert "low" in hidden
    assert "Low voice" in figure["alt"].partition("Hatched")[2]
    assert len(figure["numbers"]) == 3 - len(hidden)


@pytest.mark.parametrize(
    ("tiles", "found"),
    [
        ("{high: [1, 1], middle: [1, 1], low: [2, 1]}", "'middle' on the place of 'high', column 1, row 1"),
        ("{high: [1, 1], middle: [2, 1], lo: [3, 1]}", "'lo'"),
        ("{high: [1, 1]}", "none for 'middle', 'low'"),
        ("{high: [0, 1], middle: [2, 1], low: [3, 1]}", "0"),
    ],
)
def test_tiles_have_places_of_their_own(tmp_path, tiles, found):
    path = tmp_path / "codebook.yml"
    path.write_text(PLACED.replace("{high: [1, 1], middle: [2, 1], low: [1, 2]}", tiles), encoding="utf-8")
    with pytest.raises(CodebookError) as raised:
        codebook.load(path)
    assert any(found in problem.found for problem in raised.value.problems), raised.value


# --- Groups that differ -----------------------------------------------------------------------------------------------


def by_voice(folder, codebook: str = CODEBOOK, middle: int = 0):
    """Return the edition of 60 high and 50 low voices, 50 and 30 of whom rehearse, and of some middle ones, who all do.

    χ² = 109·(50·20 − 30·10)²/(60·50·80·30) = 7.4 between high and low, p = .0065; of four statements, one differs.
    """
    rows = [row for row in many(10) if row["voice"]]
    rows += [{**TWELVE[0], "member": f"M-middle-{k}", "voice": "Middle voice"} for k in range(middle)]
    wave = WAVE.replace("minimum_base: 5", "minimum_base: 1")
    one = write_study(folder / "choir", rows=rows, codebook=codebook, wave=wave).results()
    figures.draw_groups(one)
    return one


@pytest.fixture(scope="module")
def two_voices(tmp_path_factory):
    return by_voice(tmp_path_factory.mktemp("two"))


@pytest.fixture(scope="module")
def three_voices(tmp_path_factory):
    return by_voice(tmp_path_factory.mktemp("three"), middle=40)


def test_the_only_statement_that_differs_is_named(two_voices):
    figure = two_voices.figure("singing-by-voice")
    assert plain_text(figure["title"]) == (
        "Singing together, by voice: only “come to the rehearsals” differs by more than chance would explain "
        "(1 of 4 comparisons)"
    )
    assert (
        "come to the rehearsals: High voice 83%, 50 of 60 (larger share than Low voice, by more than chance would "
        "explain), Low voice 60%, 30 of 50;"
    ) in figure["alt"]
    assert figure["alt"].count("chance") == 1


def test_a_statement_too_long_for_a_title_is_named_in_the_subtitle(tmp_path):
    long = "come to the rehearsals " + "and stay until the very end " * 3
    one = by_voice(tmp_path, CODEBOOK.replace("statement: come to the rehearsals", f"statement: {long.strip()}"))
    figure = one.figure("singing-by-voice")
    assert plain_text(figure["title"]).endswith("1 of 4 differences larger than chance would explain")
    assert plain_text(figure["subtitle"]).endswith(f"; larger than chance would explain: “{long.strip()}”")


def test_shares_carry_the_signs_of_the_table(three_voices):
    """Whatever the crosstab marks, the small multiples mark, with the same letters for the same groups."""
    table = crosstab(three_voices, "voice")
    names = ["High voice\u00a0(A)", "Middle voice\u00a0(B)", "Low voice\u00a0(C)"]
    assert [one["label"] for one in table["columns"][2:]] == names
    svg = three_voices.figure("singing-by-voice")["svg"]
    assert names[1] in svg
    singing = {one.statement for one in three_voices.codebook.sections[0].indicators}
    rows = [row_cells(row) for row in table["rows"]]
    nodes = [[cell["c"] for cell in row[2:]] for row in rows if plain_text(row[0]["c"]) in singing]
    signs = [" ".join(node["text"] for node in cell if node["t"] == "mark") for row in nodes for cell in row]
    signs = [one for one in signs if one]
    assert signs
    drawn = re.findall(r">((?:[▲▼]|[A-C])(?: [A-C])*)</text>", svg)
    assert sorted(drawn) == sorted(signs)


def test_signs_beside_shares_are_explained(three_voices, two_voices):
    said = plain_text(three_voices.figure("singing-by-voice")["subtitle"])
    assert "; ▲ or ▼: larger or smaller than among all others, a letter: larger than in the group" in said
    assert "▲" not in plain_text(two_voices.figure("singing-by-voice")["subtitle"])
