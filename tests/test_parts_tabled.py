"""What the workbook has beside the estimates is what the report says: facts, marks, bases; and nothing it hides.

The counts are those of the twelve singers, as the table at the head of `study.py` has them.
"""

from __future__ import annotations

import pytest
from study import TWELVE, WAVE, write_study

from impact_report.exporters.structure import plain_text, row_cells
from impact_report.parts import answers, tabled
from impact_report.parts.evidence import evidence

HIDING = WAVE.replace("smallest_count: off", "smallest_count: 3")


@pytest.fixture(scope="module")
def twelve(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("tabled") / "choir").results()


@pytest.fixture(scope="module")
def ten_times(tmp_path_factory):
    """The singers but the last, who names no voice, ten times over."""
    rows = [{**row, "member": f"{row['member']}-{copy}"} for copy in range(10) for row in TWELVE[:11]]
    return write_study(tmp_path_factory.mktemp("tabled") / "choir", rows=rows).results()


def test_a_headline_fact_has_its_value_unit_base_rule_source_and_what_else_is_said(twelve):
    """2 + 3 + 1 + 4 + 5 + 2.5 + 6 = 23.5 hours of seven singers: more than 20; singer 4 was asked and did not say."""
    [fact] = [one for one in tabled.headline_facts(twelve) if one.label == "hours of practice a week"]
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


def test_every_fact_of_the_report_is_there_in_its_order(twelve):
    assert [fact.label for fact in tabled.headline_facts(twelve)] == [fact["label"] for fact in twelve.facts]


def test_who_is_not_counted_is_told_with_the_reason(twelve):
    """Eleven say whether they rehearse: 5, 9 and 10 do not. Of the eight asked about solos 2, 6 and 8 sang none."""
    bases = tabled.bases(twelve)
    assert bases["rehearse"] == ("No: 3", "no answer: 1")
    assert bases["solo_answered"].others == "No: 3"
    assert bases["sacred"].others == "5 did not tick it"  # 1, 2, 6, 7, 8, 11, 12 did; 4 ticked nothing


def test_what_is_told_of_bases_is_what_the_evidence_tells(twelve):
    told = {block["id"]: dict(block["facts"]) for block in evidence(twelve) if block["block"] == "evidence"}
    for indicator, base in tabled.bases(twelve).items():
        facts = told[f"evidence-{indicator.replace('_', '-')}"]
        assert base.others == plain_text(facts["Other answers in the base"])
        assert base.outside == plain_text(facts["Not in the base"])


def test_counts_that_the_report_hides_are_not_there(tmp_path):
    """Singer 12 alone did not say whether they rehearse: one is fewer than three."""
    results = write_study(tmp_path / "choir", wave=HIDING).results()
    assert tabled.bases(results)["rehearse"].outside == "too few to show"
    assert set(tabled.bases(results)) == {
        one.id for one in results.codebook.indicators if not results.row(one.id)["suppressed"]
    }


def test_a_group_is_remarked_on_as_its_mark_in_the_table_says(ten_times):
    """50 of 60 high voices rehearse, and 30 of 50 low ones."""
    found = tabled.remarks(ten_times)
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
    tabled.keep_for_workbook(ten_times)
    assert tabled.kept_for_workbook(ten_times.folder) == {
        "facts": tabled.headline_facts(ten_times),
        "remarks": tabled.remarks(ten_times),
        "bases": tabled.bases(ten_times),
    }


def test_where_nothing_was_kept_the_workbook_has_nothing_beside_the_estimates(tmp_path):
    assert tabled.kept_for_workbook(tmp_path) == {}


def test_where_no_difference_is_beyond_chance_there_is_no_remark(twelve):
    assert tabled.remarks(twelve) == {}
