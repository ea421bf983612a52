"""The few words the exporters add to a report themselves."""

from __future__ import annotations

from impact_report import language

WORDS = {
    "contents": "Contents",
    "skip": "Skip to the report",
    "figure": "Figure",
    "table": "Table",
    "cover": "Cover",
    "text_of": "text of “{heading}”",
    "notes": "Notes",
    "note": "Note",
    "back_to_text": "Back to the text",
    "source": "Source",
    "made_by": "Made by",
    "files_beside": "In the folder of the edition",
    "data": "Data",
    "numbers": "Numbers",
    "numbers_in_figure": "Numbers in this figure",
    "printed_in": "Printed in",
    "page_of": "Page {page} of {pages}",
    "page": "page {page}",
    "evidence": "evidence",
    "evidence_on": "evidence on page {page}",
    "document_date": "Document date",
    "all_numbers": "All numbers, in order",
    "all_numbers_explained": "Every number that the report prints, in the order in which it is printed: the passage it "
    "stands in, what it is, its exact value and interval, what it was counted from, and by which rule. Each number "
    "leads to the place where it is printed, and to its evidence further down this page, which has the wording of the "
    "question and says who was not counted, and why.",
    "beside_the_report": "This page lies beside the report, {report}, and its links lead there.",
    "same_as_data": "The same list as data: {files}.",
    "by_chapter": "Numbers by chapter",
    "computed_by": "Computed by version {version} of the program with code {code}, the beginning of what {manifest} "
    "names “{name}”.",
    "cited_as": "The edition is cited as version {version}, a fingerprint of data and code.",
    "show": "Show numbers of",
    "kind_text": "text",
    "kind_figure": "figures",
    "kind_table": "tables",
    "count_of_numbers": "numbers: {n}",
    "leading_here": "numbers that lead here: {n}",
    "within_evidence": "Numbers within this evidence: {n}",
    "exact_value": "exact value {value}",
    "interval_by": "{method}: {low} to {high}",
    "interval_in_points": "{method}: {low} to {high} points",
    "counted_of": "{numerator} of {base}",
    "on_base": "base {base}",
    "estimates_row": "estimates row {row}",
    "raw_columns": "raw columns: {columns}",
    "rule_is": "rule: {rule}",
    "evidence_is": "evidence: {title}",
}


def words() -> dict[str, str]:
    """Return the exporters' own words in the language of the report.

    >>> words()["figure"], words()["table"]
    ('Figure', 'Table')
    """
    return language.spread(WORDS)
