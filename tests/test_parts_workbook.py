"""What the workbook has beside the estimates is what the report says: facts, marks, bases; and nothing it hides.

The counts are those of the twelve singers, as the table at the head of `study.py` has them.
"""

from __future__ import annotations

import pytest
from study import CODEBOOK, TWELVE, WAVE, write_study

from impact_report.exporters.structure import plain_text, row_cells
from impact_report.parts import answers, headline, workbook
from impact_report.parts.evidence import evidence

HIDING = WAVE.replace("smallest_count: off", "smallest_count: 3")


@pytest.fixture(scope="module")
def twelve(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("workbook") / "choir").results()


@pytest.fixture(scope="module")
def ten_times(tmp_path_factory):
    """The singers but the last, who names no voice, ten times over."""
    rows = [{**row, "member": f"{row['member']}-{copy}"} for copy in range(10) for row in TWELVE[:11]]
    return write_study(tmp_path_factory.mktemp("workbook") / "choir", rows=rows).results()


def test_a_headline_fact_has_its_value_unit_base_rule_source_and_what_else_is_said(twelve):
    """2 + 3 + 1 + 4 + 5 + 2.5 + 6 = 23.5 hours of seven singers: more than 20; singer 4 was asked and did not say."""
    [fact] = [one for one in workbook.headline_facts(twelve) if one.label == "hours of practice a week"]
    assert (fact.printed, fact.exact, fact.unit, fact.base) == ("more than 20", 23.5, "hours", 7)
    assert fact.rule == "sum of the answers; printed is the largest multiple of 5 that it exceeds"
    assert fact.source.splitlines() == [
        "Question: How many hours a week do you practise?",
        "Raw column: H, headed by the question",
        "Asked of: those whose rehearses is Yes",
    ]
    assert fact.note.splitlines()[:2] == [
        "Exact total: 23.5 hours",
        "How the floor was taken: 23.5 is more than 20, which is 4 times 5, and not more than the next multiple, 25",
    ]
    assert "Not in it: no answer: 1" in fact.note.splitlines()


def test_each_fact_has_a_unit_and_says_where_it_comes_from(twelve):
    """Hours of practice, places and halls of the roster, years since the founding."""
    practice, places, halls, years = workbook.headline_facts(twelve)
    units = ["hours", "rows of the roster", "rows of the roster", "years"]
    assert [fact.unit for fact in (practice, places, halls, years)] == units
    assert places.source == halls.source == "Roster: places.csv"
    assert years.source.splitlines() == ["From: May 2001 – the chronicle", "To: March 2024 – the notice board"]
    assert len(years.note.splitlines()) == 1  # how many years it is at most


def test_a_response_rate_has_a_unit_too(tmp_path):
    rate = "  - {id: rate, label: of those asked, measure: response_rate, rate: rr1}\n"
    wave = WAVE.replace("  mode:", "  selection: random\n  mode:") + "response: {rate: rr1, refusal: 4}\n"
    codebook = CODEBOOK.replace("facts:\n", f"facts:\n{rate}")
    fact = workbook.headline_facts(write_study(tmp_path / "choir", codebook=codebook, wave=wave).results())[0]
    assert (fact.label, fact.unit) == ("of those asked", "share of the cases")


def test_what_a_row_of_the_evidence_is_called_does_not_move_it(twelve, monkeypatch):
    """Were a question headed otherwise, it would be a source still, and no note."""
    told = headline.say
    monkeypatch.setattr(
        headline, "say", lambda text, **fields: told("Wording" if text == "Question" else text, **fields)
    )
    fact = workbook.headline_facts(twelve)[0]
    assert fact.source.splitlines()[0] == "Wording: How many hours a week do you practise?"
    assert "Wording" not in fact.note


def test_every_fact_of_the_report_is_there_in_its_order(twelve):
    assert [fact.label for fact in workbook.headline_facts(twelve)] == [fact["label"] for fact in twelve.facts]


def test_who_is_not_counted_is_told_with_the_reason(twelve):
    """Eleven say whether they rehearse: 5, 9 and 10 do not. Of the eight asked about solos 2, 6 and 8 sang none."""
    bases = workbook.bases(twelve)
    assert bases["rehearse"] == ("No: 3", "no answer: 1")
    assert bases["solo_answered"].others == "No: 3"
    assert bases["sacred"].others == "5 did not tick it"  # 1, 2, 6, 7, 8, 11, 12 did; 4 ticked nothing


def test_what_is_told_of_bases_is_what_the_evidence_tells(twelve):
    told = {block["id"]: dict(block["facts"]) for block in evidence(twelve) if block["block"] == "evidence"}
    for indicator, base in workbook.bases(twelve).items():
        facts = told[f"evidence-{indicator.replace('_', '-')}"]
        assert base.others == plain_text(facts["Other answers in the base"])
        assert base.outside == plain_text(facts["Not in the base"])


def test_counts_that_the_report_hides_are_not_there(tmp_path):
    """Singer 12 alone did not say whether they rehearse: one is fewer than three."""
    results = write_study(tmp_path / "choir", wave=HIDING).results()
    assert workbook.bases(results)["rehearse"].outside == "too few to show"
    assert set(workbook.bases(results)) == {
        one.id for one in results.codebook.indicators if not results.row(one.id)["suppressed"]
    }


def test_a_group_is_remarked_on_as_its_mark_in_the_table_says(ten_times):
    """50 of 60 high voices rehearse, and 30 of 50 low ones."""
    found = workbook.remarks(ten_times)
    assert found["rehearse", "voice", "high"] == ["larger share than Low voice"]
    assert ("rehearse", "voice", "low") not in found
    marked = [
        (plain_text(row_cells(row)[0]["c"]), node["says"])
        for row in answers.crosstab(ten_times, "voice")["rows"]
        for cell in row_cells(row)
        for node in cell["c"]
        if node["t"] == "mark"
    ]
    statements = {one.id: one.statement for one in ten_times.codebook.indicators}
    remarked = [(statements[indicator], said) for (indicator, _, _), each in found.items() for said in each]
    assert set(remarked) <= set(marked)
    assert len(remarked) == len([said for _, said in marked if said.startswith(("larger", "smaller"))])


def test_what_is_kept_for_the_workbook_is_read_as_it_was(ten_times):
    workbook.keep_for_workbook(ten_times)
    assert workbook.kept_for_workbook(ten_times.folder) == {
        "facts": workbook.headline_facts(ten_times),
        "remarks": workbook.remarks(ten_times),
        "bases": workbook.bases(ten_times),
    }


def test_where_nothing_was_kept_the_workbook_has_nothing_beside_the_estimates(tmp_path):
    assert workbook.kept_for_workbook(tmp_path) == {}


def test_where_no_difference_is_beyond_chance_there_is_no_remark(twelve):
    assert workbook.remarks(twelve) == {}
