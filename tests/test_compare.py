"""Two editions are compared: what is different is told, exactly that, and what is hidden stays hidden."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from study import CODEBOOK, TWELVE, WAVE, changed, plain, write_study, written
from test_change import AUTUMN, INDEPENDENT, MATCHED, WORDED, compared, two_waves

from impact_report import cli, manifest
from impact_report.compare import estimates
from impact_report.compare.areas import areas
from impact_report.compare.editions import read_both
from impact_report.compare.files import write
from impact_report.compare.markdown import markdown
from impact_report.compare.page import blocks
from impact_report.compare.wording import marked
from impact_report.errors import ParameterError, PublishingError
from impact_report.exporters.structure import plain_text, row_cells, runs
from impact_report.parts.since import since
from impact_report.record import FILE, record
from impact_report.results import Results

SHARES = "shares"


def publish(folder: Path, name: str, **given: object) -> Path:
    """Publish an edition of the twelve singers as a build does, without its notebooks; return its folder."""
    results = write_study(folder / f"study-{name}" / "choir", **given).results()
    return published(results, folder / "reports" / name)


def published(results: Results, folder: Path) -> Path:
    folder.mkdir(parents=True)
    text = json.dumps(record(results), indent=1, ensure_ascii=False) + "\n"
    (folder / FILE).write_text(text, encoding="utf-8")
    shutil.copyfile(results.folder / "estimates.csv", folder / "estimates.csv")
    if results.compared:
        shutil.copyfile(results.folder / "change.csv", folder / "change.csv")
    inputs = {name: manifest.digest(path) for name, path in manifest.inputs(results.edition).items()}
    notice = results.wave.invented_notice
    facts = manifest.describe(results.edition, "choir", notice, inputs, {}, manifest.digests(folder))
    (folder / manifest.NAME).write_text(manifest.as_text({**facts, "edition": folder.name}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def choir(tmp_path_factory) -> Path:
    """A folder with the edition `then` of the twelve singers; other editions may be put beside it."""
    folder = tmp_path_factory.mktemp("compare")
    publish(folder, "then")
    return folder


def differences(choir: Path, name: str, **given: object) -> dict[str, list]:
    """Publish another edition and return what differs, by area: (what, then, now), or the states of shares."""
    publish(choir, name, **given)
    then, now = read_both("then", name, choir / "reports")
    shares = estimates.compared(then.estimates, now.estimates)
    changes = estimates.differing(shares)
    found = {SHARES: list(zip(changes["indicator"], changes["group"], changes["state"], strict=True))}
    for area in areas(then, now):
        found[area.id] = [
            (one.what, one.then and one.then.text, one.now and one.now.text) for one in area.differences.found
        ]
    return {name: rows for name, rows in found.items() if rows}


def of_codebook(old: str, new: str) -> dict[str, str]:
    assert CODEBOOK.count(old) == 1
    return {"codebook": CODEBOOK.replace(old, new)}


def of_wave(old: str, new: str) -> dict[str, str]:
    assert WAVE.count(old) == 1
    return {"wave": WAVE.replace(old, new)}


# --- One thing changed, exactly that is told --------------------------------------------------------------------------


def test_two_builds_of_the_same_say_that_nothing_differs(choir):
    assert differences(choir, "again") == {}
    page = markdown(blocks(*read_both("then", "again", choir / "reports")))
    assert "Nothing differs" in page
    assert "Shares of everyone: unchanged (7 compared)" in page  # of eight statements one is shown of nobody


def test_another_answer_changes_numbers_and_data(choir):
    # Singer 2, a high voice, has sung a solo after all: of everyone 5 instead of 4 of the 7 who said, of the 8 asked,
    # of all 12. Of the voices too few were asked to be shown.
    found = differences(choir, "number", rows=changed(2, solo="Yes"))
    assert set(found) == {SHARES, "data"}
    assert found[SHARES] == [
        (indicator, "all", estimates.CHANGED) for indicator in ("solo_answered", "solo_asked", "solo_all")
    ]
    assert [what for what, _, _ in found["data"]] == ["responses.csv of the wave (SHA-256)"]
    page = markdown(blocks(*read_both("then", "number", choir / "reports")))
    assert "| 57% (4 of 7)<br>" in page
    assert "| 71% (5 of 7)<br>" in page
    assert "+14.3 |" in page  # 5/7 − 4/7 = 0.142857


ONE_THING = {
    "wording of a statement": (
        of_codebook("statement: come to the rehearsals,", "statement: come to all the rehearsals,"),
        "wording",
        [("Statement in “Singing together”", "come to the rehearsals", "come to all the rehearsals")],
    ),
    "title of a section": (
        of_codebook("title: Joy and taste", "title: Joy"),
        "wording",
        [("Title of a section", "Joy and taste", "Joy")],
    ),
    "label of a code": (
        of_codebook("middle: Middle voice", "middle: Alto"),
        "answers",
        [("An answer to “Which voice do you sing?”", "Middle voice", "Alto")],
    ),
    "text that means an answer": (
        of_codebook("texts: [soprano]", "texts: [soprano, treble]"),
        "cleaning",
        [("Also read as “High voice” in “Which voice do you sing?”", "“soprano”", "“soprano” or “treble”")],
    ),
    "rule of the cleaning": (
        of_wave("minimum_answered: 2", "minimum_answered: 1"),
        "cleaning",
        [
            (
                "Set aside: partial",
                "fewer answers than 2 to the questions that the statements rest on",
                "fewer answers than 1 to the questions that the statements rest on",
            )
        ],
    ),
    "method": (
        of_wave("mode: on paper, in English", "mode: on the web, in English"),
        "method",
        [("Mode", "on paper, in English", "on the web, in English")],
    ),
    "date": (
        of_wave("end: 2024-03-31", "end: 2024-04-01"),
        "data",
        [("Answers collected", "1 March 2024 to 31 March 2024", "1 March 2024 to 1 April 2024")],
    ),
    "issued": (
        of_wave("reference_date:", "issued: 2024-05-02\nreference_date:"),
        "data",
        [("Published", "no day stated", "2 May 2024")],
    ),
}


@pytest.mark.parametrize("case", ONE_THING)
def test_one_thing_changed_is_the_one_thing_told(choir, case):
    given, area, rows = ONE_THING[case]
    found = differences(choir, case.replace(" ", "-"), **given)
    assert found.pop(area) == rows
    (description,) = found.pop("code")  # the file in which it was changed
    assert description[0].startswith("wave.yml" if "wave" in given else "codebook.yml")
    assert found == {}


def test_another_base_changes_base_and_numbers(choir):
    given = of_codebook(
        "statement: sing sacred music, item: sings, counts: sacred, base: asked",
        "statement: sing sacred music, item: sings, counts: sacred",
    )
    found = differences(choir, "base", **given)
    assert found["bases"] == [("Base of “sing sacred music”", "who were asked", "who gave a valid answer")]
    assert {indicator for indicator, _, _ in found[SHARES]} == {"sacred"}  # 7 of 12 asked, of 11 who answered
    assert set(found) == {SHARES, "bases", "code"}


def test_a_row_more_changes_rows_and_what_cleaning_did(choir):
    again = {**TWELVE[0], "sent": "01.02.2024"}  # singer 1 answered before, and once more
    found = differences(choir, "row", rows=[again, *TWELVE])
    assert ("Rows set aside: duplicate", None, "1") in found["cleaning"]
    assert found["data"][:2] == [("Rows in the export", "12", "13"), ("Rows set aside", "0", "1")]
    assert set(found) == {"cleaning", "data"}


def test_other_intervals_are_told_apart_from_other_shares(choir):
    given = of_wave("minimum_base: 5\n", "minimum_base: 5\ninterval: {method: clopper-pearson}\n")
    found = differences(choir, "interval", **given)
    assert set(found) == {SHARES, "method", "code"}
    page = markdown(blocks(*read_both("then", "interval", choir / "reports")))
    assert "**7 of 7 differ**, 7 of them not in the share, but in its base or interval" in page
    assert "the largest difference" not in page


def test_what_is_hidden_now_is_told_without_its_numbers(choir):
    found = differences(choir, "hidden", **of_wave("minimum_base: 5", "minimum_base: 7"))
    assert {state for _, group, state in found[SHARES] if group != "all"} == {estimates.HIDDEN}
    page = blocks(*read_both("then", "hidden", choir / "reports"))
    (by_voice,) = [block for block in page if block.get("id") == "table-by-voice"]
    rows = [row_cells(row) for row in by_voice["rows"] if len(row_cells(row)) > 1]
    assert {plain_text(cells[2]["c"]) for cells in rows} == {"not shown"}
    assert {plain_text(cells[3]["c"]) for cells in rows} == {"–"}


def test_a_new_statement_and_a_removed_one_are_told(choir):
    given = of_codebook(
        "{id: folk, statement: sing folk songs, item: sings, counts: folk}",
        "{id: none, statement: sing nothing, item: sings, counts: none}",
    )
    found = differences(choir, "statement", **given)
    states = {(indicator, group): state for indicator, group, state in found[SHARES]}
    assert (states["none", "all"], states["folk", "all"]) == (estimates.APPEARED, estimates.DISAPPEARED)
    assert ("Statement in “Joy and taste”", "sing folk songs", None) in found["wording"]
    assert ("Statement in “Joy and taste”", None, "sing nothing") in found["wording"]


# --- Shares by hand ---------------------------------------------------------------------------------------------------


def edition(**shares: float | None) -> pd.DataFrame:
    """Return estimates of indicators with four answers each; None is hidden."""
    columns = [*estimates.KEY, *estimates.COMPARED, *estimates.COMPARED_WORDS, "suppressed"]
    rows = []
    for name, share in shares.items():
        numbers = [4, 4, 4, 4 * share, 4, 4, share, 0, 1] if share is not None else [None] * 9
        rows.append([name, "all", "all", *numbers, "wilson", "", share is None])
    return pd.DataFrame(rows, columns=columns)


def test_every_state_of_a_share():
    then = edition(same=0.5, more=0.25, gone=0.5, hidden=0.5, shown=None, never=None)
    now = edition(new=0.5, same=0.5, more=0.75, hidden=None, shown=0.5, never=None)
    table = estimates.compared(then, now).set_index("indicator")
    assert table["state"].to_dict() == {
        "new": estimates.APPEARED,
        "same": estimates.SAME,
        "more": estimates.CHANGED,
        "hidden": estimates.HIDDEN,
        "shown": estimates.SHOWN,
        "never": estimates.NEITHER,
        "gone": estimates.DISAPPEARED,
    }
    assert table["difference"].dropna().to_dict() == {"same": 0, "more": 0.5}


# --- Two waves --------------------------------------------------------------------------------------------------------


def two_editions(folder: Path, compare: str) -> str:
    """Publish spring and autumn, which is compared with it or not; return the page of their differences as Markdown."""
    study = two_waves(folder / "study", compare=compare)
    spring = Results.of(str(study), "spring", "", str(folder / "processed"))
    spring.clean()
    spring.estimate()
    autumn = Results.of(str(study), "autumn", "", str(folder / "processed"))
    autumn.clean()
    autumn.estimate()
    autumn.compare()
    for results in (spring, autumn):
        results.compute_facts()
        published(results, folder / "reports" / results.edition.wave)
    return markdown(blocks(*read_both("spring", "autumn", folder / "reports")))


def test_between_two_waves_the_tested_verdict_leads_and_no_untested_difference(tmp_path):
    page = two_editions(tmp_path, MATCHED)
    tested = pd.read_csv(tmp_path / "reports" / "autumn" / "change.csv").dropna(subset="compared")
    beyond = tested[tested["larger_than_chance"].astype(bool)].to_dict("records")
    assert 0 < len(beyond) < len(tested)
    said = f"compares {len(tested)} statements with Spring concert. Changed more than chance would explain: "
    assert page.index(f"{said}**{len(beyond)}**") < page.index("Shares of everyone")
    for one in beyond:
        then, now = (f"{round(100 * one[name])}%" for name in ("earlier_proportion", "proportion"))
        assert f"*{one['statement']}*: {then} → {now} of those compared" in page
    assert "compares those who answered both times with themselves" in page
    assert "largest difference" not in page


def test_where_nothing_has_changed_beyond_chance_that_is_said(tmp_path):
    two_editions(tmp_path, MATCHED)
    then, now = read_both("spring", "autumn", tmp_path / "reports")
    now.change["larger_than_chance"] = False
    assert "none has changed more than chance would explain" in markdown(blocks(then, now))


def test_between_two_waves_that_no_report_compares_nothing_is_called_tested(tmp_path):
    page = two_editions(tmp_path, "")
    assert "Neither report compares these two waves" in page
    assert "largest difference" not in page


def test_groups_come_last_and_folded(choir):
    publish(choir, "grouped", **of_wave("minimum_base: 5", "minimum_base: 7"))
    page = blocks(*read_both("then", "grouped", choir / "reports"))
    titles = [block["text"] for block in page if block["block"] == "heading" and block["level"] == 1]
    assert titles[-1] == "Shares of groups"
    assert titles.index("Method") < titles.index("Shares of groups")
    folded = [block["id"] for block in page if block["block"] == "table" and block.get("folded")]
    assert folded == [block["id"] for block in page if block.get("id", "").startswith("table-by-")]
    html = write("then", "grouped", choir / "reports").html.read_text()
    assert html.count("<details") == html.count("</details>") == len(folded)


def test_questions_are_told_by_label_or_wording_and_not_by_their_ids(twelve):
    """The choir's items are called voice, rehearses, …; of them only hours has a label."""
    found = record(twelve)
    told_ = [one["what"] for part in ("wording", "answers", "bases", "rules", "data") for one in found[part]]
    assert not [what for what in told_ for name in ("rehearses", "sings", "enjoys") if f"“{name}”" in what]
    assert "An answer to “Which voice do you sing?”" in told_


def test_a_renamed_section_has_not_changed_its_statements(choir):
    found = differences(choir, "renamed", **of_codebook("title: Joy and taste", "title: Joy"))
    assert [what for what, _, _ in found["wording"]] == ["Title of a section"]


# --- What must stay hidden --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("issued", "date"), [("", "2024-03-31"), ("issued: 2024-05-02\n", "2024-05-02")])
def test_the_record_bears_the_day_that_the_report_bears(tmp_path, issued, date):
    """The day of issue, else that of the last answers."""
    assert record(write_study(tmp_path / "choir", wave=WAVE + issued).results())["date"] == date


def test_small_counts_of_the_cleaning_are_not_in_the_record(tmp_path):
    rows = changed(6, rehearses="YES")
    for name, setting, said in (("open", "off", "1"), ("hidden", "2", "some")):
        wave = WAVE.replace("smallest_count: off", f"smallest_count: {setting}")
        found = record(write_study(tmp_path / name / "choir", rows, wave=wave).results())["touched"]
        (spelling,) = [row for row in found if row["id"] == "value mapped/spelling"]
        assert spelling["words"].format(*spelling["numbers"]) == said


def test_texts_that_may_be_of_one_respondent_are_not_in_the_record(tmp_path):
    for name, setting, said in (("open", "off", "“soprano”"), ("hidden", "2", "1 text, not shown")):
        wave = WAVE.replace("smallest_count: off", f"smallest_count: {setting}")
        rules = record(write_study(tmp_path / name / "choir", wave=wave).results())["rules"]
        (texts,) = [row for row in rules if row["id"] == "text/voice/high"]
        assert texts["words"].format(*texts["numbers"]) == said


def test_counts_beside_weighted_shares_stay_withheld(tmp_path):
    wave = WAVE.replace("smallest_count: off", "smallest_count: 2") + "weights: weight\n"
    publish(tmp_path, "then", wave=wave)
    publish(tmp_path, "now", wave=wave, rows=changed(2, solo="Yes"))
    page = markdown(blocks(*read_both("then", "now", tmp_path / "reports")))
    assert "(n = 7)" in page
    assert " of 7)" not in page


def test_personal_questions_and_answers_are_not_in_the_record(twelve):
    text = json.dumps(record(twelve))
    for word in ("singer1@example.org", "M-01", "Email Address", "Anything else?", "shanties", "r00002"):
        assert word not in text


def test_an_answer_that_sets_a_row_aside_and_stays_in_the_raw_file_is_not_in_the_record(tmp_path):
    wave = WAVE.replace("  drop:\n", "  drop:\n    tester: {email: singer1@example.org}\n")
    assert "singer1@example.org" in wave
    text = json.dumps(record(write_study(tmp_path / "choir", wave=wave).results()))
    assert "singer1@example.org" not in text
    assert "an answer that is not shown" in text


def test_the_record_of_a_group_has_no_facts_and_says_which_group(tmp_path):
    found = record(write_study(tmp_path / "choir").results("voice=high"))
    assert found["facts"] == []
    assert found["edition"] == "Spring concert – High voice only"
    assert found["groupings"] == {}


# --- The page and the files -------------------------------------------------------------------------------------------


def test_words_that_differ_are_marked_in_their_places():
    then, now = marked("we shared some data across all", "we shared data across nearly all")
    assert [node["t"] for node in then] == ["verbatim", "del", "verbatim"]
    assert [plain_text(node["c"]) for node in then + now if "c" in node] == ["some", "nearly"]
    assert (plain_text(then), plain_text(now)) == ("we shared some data across all", "we shared data across nearly all")


def test_the_files_are_the_same_every_time_and_need_nothing_else(choir):
    publish(choir, "reworded", **ONE_THING["wording of a statement"][0])
    written_files = write("then", "reworded", choir / "reports")
    first = [path.read_bytes() for path in (written_files.html, written_files.markdown)]
    again = write("then", "reworded", choir / "reports")
    assert [path.read_bytes() for path in (again.html, again.markdown)] == first
    html, text = (one.decode() for one in first)
    assert "come to <ins>all</ins> the rehearsals" in html
    assert "come to **all** the rehearsals" in text
    assert "<script" not in html
    assert str(choir) not in html + text
    assert written_files.html.parent.name == "diff-then-reworded"


def test_a_page_says_that_respondents_are_invented(tmp_path):
    wave = "invented: true\ninvented_notice: Nobody sang.\n" + WAVE
    publish(tmp_path, "then", wave=wave)
    publish(tmp_path, "now")
    written_files = write("then", "now", tmp_path / "reports")
    assert "Nobody sang." in written_files.html.read_text()
    assert "Nobody sang." in written_files.markdown.read_text()


def test_every_block_of_the_page_has_markdown(choir):
    publish(choir, "both", rows=changed(2, solo="Yes"), **ONE_THING["method"][0])
    page = blocks(*read_both("then", "both", choir / "reports"))
    without_marks = str.maketrans("", "", "*~\\")
    text = markdown(page).translate(without_marks)
    for block in page:
        for run in runs({**block, "notice": None} if block["block"] == "cover" else block):
            for word in plain_text(run).split():
                assert word.translate(without_marks) in text


def test_the_command_tells_the_summary_and_where_the_files_are(choir, capsys):
    publish(choir, "told", **ONE_THING["method"][0])
    out = choir / "elsewhere"
    folders = [str(choir / "reports" / name) for name in ("then", "told")]
    assert cli.main(["diff", *folders, f"--out={out}"]) == 0
    said = capsys.readouterr().out
    assert "Method: 1 of " in said
    assert "Wording: unchanged" in said
    assert sorted(path.name for path in out.iterdir()) == ["changes.html", "changes.md"]


# --- What cannot be compared ------------------------------------------------------------------------------------------


def test_both_editions_that_are_not_there_are_told_at_once_with_the_near_names(choir):
    with pytest.raises(ParameterError) as error:
        read_both("thn", "nowhere", choir / "reports")
    assert len(error.value.problems) == 2
    assert "did you mean 'then'?" in str(error.value)


def test_a_folder_that_is_no_edition_is_refused(choir, tmp_path):
    with pytest.raises(ParameterError, match=r"an edition, with manifest\.json"):
        read_both("then", str(tmp_path), choir / "reports")


def test_an_edition_without_a_record_is_to_be_built_again(choir):
    folder = publish(choir, "old")
    facts = manifest.read(folder)
    del facts["outputs"][FILE]
    (folder / manifest.NAME).write_text(manifest.as_text(facts))
    with pytest.raises(ParameterError, match="build the edition again"):
        read_both("then", "old", choir / "reports")


def test_a_record_of_another_format_is_refused(choir):
    folder = publish(choir, "format")
    path = folder / FILE
    path.write_text(path.read_text().replace('"format": 3', '"format": 1'))
    facts = manifest.read(folder)
    facts["outputs"][FILE] = manifest.digest(path)
    (folder / manifest.NAME).write_text(manifest.as_text(facts))
    with pytest.raises(ParameterError, match="a record of the format 3"):
        read_both("then", "format", choir / "reports")


def test_an_edited_table_is_not_compared(choir):
    folder = publish(choir, "edited")
    path = folder / "estimates.csv"
    path.write_text(path.read_text().replace("0.5", "0.6"))
    with pytest.raises(ParameterError, match=r"estimates\.csv, changed since"):
        read_both("then", "edited", choir / "reports")


def test_two_studies_are_not_compared(choir):
    publish(choir, "other", **of_codebook("id: choir", "id: orchestra"))
    with pytest.raises(ParameterError, match="two editions of one study"):
        read_both("then", "other", choir / "reports")


def test_a_folder_that_cannot_be_made_is_told(choir, tmp_path):
    (tmp_path / "afile").write_text("")
    with pytest.raises(PublishingError) as raised:
        write("then", "then", choir / "reports", tmp_path / "afile" / "inside")
    assert raised.value.problems[0].expected == "a folder that can be made and written"


def test_other_files_in_the_folder_are_not_lost(choir):
    publish(choir, "beside")
    out = choir / "mine"
    out.mkdir()
    (out / "letter.txt").write_text("Dear")
    with pytest.raises(PublishingError, match=r"letter\.txt"):
        write("then", "beside", choir / "reports", out)
    assert (out / "letter.txt").read_text() == "Dear"


# --- In the report of a later wave ------------------------------------------------------------------------------------


def told(results: Results) -> dict[str, tuple[str, str]]:
    """Return what the part says is different from the earlier wave: what → then, now."""
    tables = [block for block in since(results) if block["block"] == "table"]
    rows = [row_cells(row) for one in tables for row in one["rows"]]
    return {
        plain_text(cells[0]["c"]): tuple(plain_text(one["c"]) for one in cells[1:]) for cells in rows if len(cells) > 1
    }


def test_what_else_differs_between_two_waves_stands_in_the_later_report(tmp_path):
    autumn = AUTUMN.replace("minimum_answered: 2", "minimum_answered: 1").replace(
        "mode: on paper", "mode: by telephone"
    )
    results = compared(two_waves(tmp_path / "study", compare=INDEPENDENT + WORDED, wave=autumn))
    found = told(results)
    assert found["Set aside: partial"] == (
        "fewer answers than 2 to the questions that the statements rest on",
        "fewer answers than 1 to the questions that the statements rest on",
    )
    assert found["Mode"] == ("on paper, in English", "by telephone, in English")
    assert "Question" in found
    assert len(found) == 3


def test_if_nothing_else_differs_it_says_so(tmp_path):
    results = compared(two_waves(tmp_path / "study", compare=INDEPENDENT))
    said = [plain_text(run) for block in since(results) for run in runs(block)]
    assert said == [
        "Nothing else: wording, answers, bases, cleaning rules, method and data are of the same kind in both waves."
    ]


def test_a_report_that_compares_nothing_has_no_such_part(twelve):
    assert since(twelve) == []


def test_another_format_of_the_export_is_told(tmp_path):
    semicolons = "\ufeff" + written(plain(TWELVE), ";")
    found = told(compared(two_waves(tmp_path / "study", compare=INDEPENDENT, export=semicolons)))
    assert set(found) == {"Encoding of the file"}
