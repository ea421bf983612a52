"""Summary tables are refused; a file of respondents never is, however much it looks like one."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest

from impact_report.readers import delimited, workbook
from impact_report.readers.summary import is_summary
from impact_report.readers.table import Table, of

SHARED = Path(__file__).resolve().parents[2] / "shared" / "real"
REAL = sorted(SHARED.glob("*/raw/*.csv"))


def table(text: str) -> Table:
    """Return the table of a CSV; an empty line is an empty row."""
    rows = [row or [""] for row in csv.reader(io.StringIO(text.strip("\n")))]
    width = max(map(len, rows))
    return of(*[row + [""] * (width - len(row)) for row in rows])


# --- What the platforms write when asked for a summary ----------------------------------------------------------------

SUMMARIES = {
    "SurveyMonkey, choices": (
        """
Members 2024
Do you share data?
Answer Choices,Responses,
Yes,45.83%,55
No,54.17%,65
,Answered,120
,Skipped,3
""",
        "row 3 reads 'Answer Choices', 'Responses', which heads a table of counts",
    ),
    "SurveyMonkey, a matrix": (
        """
How far do you agree?
,Agree,,Disagree,,Total,Weighted Average
We share,10.0%,12,90.0%,108,120,1.9
We learn,20.0%,24,80.0%,96,120,1.8
,,,,,Answered,120
,,,,,Skipped,3
""",
        "row 5 counts who answered and who skipped a question",
    ),
    "SurveyMonkey, open answers": (
        """
What else?
Answered,94
Skipped,29
Respondents,Response Date,Responses,Tags
1,Nov 17 2020 06:23 PM,Nothing,
2,Nov 17 2020 06:24 PM,More of this,
""",
        "row 4 reads 'Respondents', 'Response Date', 'Responses', 'Tags', which heads a table of counts",
    ),
    "SurveyMonkey, older": (
        """
Do you share data?
Answer Options,Response Percent,Response Count
Yes,45.8%,55
No,54.2%,65
answered question,,120
skipped question,,3
""",
        "row 2 reads 'Answer Options', 'Response Percent', 'Response Count', which heads a table of counts",
    ),
    "SurveyMonkey, in German": (
        """
Teilen Sie Daten?
Antwortoptionen,Beantwortungen,
Ja,"45,83%",55
Nein,"54,17%",65
""",
        "row 2 reads 'Antwortoptionen', 'Beantwortungen', which heads a table of counts",
    ),
    "Qualtrics": (
        """
Q1 - Do you share data?
#,Field,Choice Count
1,Yes,45.83%,55
2,No,54.17%,65
,,,120
""",
        "row 2 reads '#', 'Field', 'Choice Count', which heads a table of counts",
    ),
    "Qualtrics, figures": (
        """
Q2 - How many?
#,Field,Minimum,Maximum,Mean,Std Deviation,Variance,Count
1,Staff,0,250,31.2,40.1,1608.01,120
""",
        "row 2 reads '#', 'Field', 'Minimum', 'Maximum', 'Mean', 'Std Deviation', 'Variance', 'Count', "
        "which heads a table of counts",
    ),
    "LimeSurvey": (
        """
Field summary for G1Q1
Do you share data?
Answer,Count,Percentage
Yes (Y),55,45.83%
No (N),65,54.17%
No answer,0,0.00%
""",
        "row 3 reads 'Answer', 'Count', 'Percentage', which heads a table of counts",
    ),
    "Google, counts with their shares": (
        """
Summary of responses
Do you share data?
Yes,55,46%
No,65,54%
""",
        "the table from row 1 holds counts and their shares of the whole",
    ),
    "SPSS, frequencies": (
        """
,,Frequency,Percent,Valid Percent,Cumulative Percent
Valid,Yes,55,44.7,45.8,45.8
,No,65,52.8,54.2,100.0
,Total,120,97.6,100.0,
Missing,System,3,2.4,,
""",
        "row 1 reads 'Frequency', 'Percent', 'Valid Percent', 'Cumulative Percent', which heads a table of counts",
    ),
    "SPSS, a crosstab": (
        """
Role * Region
,,North,South
Firm,Count,5,15
,% within Role,25.0%,75.0%
School,Count,6,4
,% within Role,60.0%,40.0%
""",
        "row 4 says of which whole its percentages are",
    ),
    "a crosstab": (
        """
,Firm,School,Total
Yes,60%,40%,50%
No,40%,60%,50%
Total,100%,100%,100%
""",
        "the table from row 1 holds percentages that add up to 100, with their total",
    ),
    "a crosstab with its bases": (
        """
Do you share data?,Firm,School
Yes,60.0%,33.3%
No,40.0%,66.7%
Base,20,30
""",
        "the table from row 1 holds percentages that add up to 100, with their total",
    ),
    "several tables": (
        """
Table 1. Tools
R,50%
SQL,70%

Table 2. Reasons
Time,40%
Money,80%
""",
        "tables of figures, each with its own head, begin in rows 1, 5",
    ),
    "one of many answers, of all who answered": (
        """
Which tools?,Count,Share
R,60,0.5
SQL,84,0.7
Total,120,1
""",
        "the table from row 1 holds counts and their shares of the whole",
    ),
    "count and percentage in a cell": (
        """
Which tools?,Respondents
R,60 (50.0%)
SQL,84 (70.0%)
""",
        "the table from row 1 holds a count and its percentage in each cell",
    ),
    "answered and skipped in one cell": (
        """
Members 2024
What else?
Answered: 94    Skipped: 29
""",
        "row 3 counts who answered and who skipped a question",
    ),
}


@pytest.mark.parametrize("kind", SUMMARIES)
def test_a_summary_is_told_by_what_it_says_and_where(kind):
    text, shown = SUMMARIES[kind]
    assert is_summary(table(text)) == f"only summary tables, no respondents: {shown}"


def test_the_row_is_the_row_of_the_file():
    text, _ = SUMMARIES["SurveyMonkey, choices"]
    assert "row 3 reads" in is_summary(table(text).below(1))  # without its title


# --- What respondents write -------------------------------------------------------------------------------------------

RESPONDENTS = {
    "one question": "Size\n5\n12\n",
    "a header alone": "Role,Region\n",
    "numbers": "id,Staff,Partners\n1,1,50\n2,1,50\n3,0,0\n",
    "ratings of named persons": "Name,Hours,Days\nAnn,5,1\nBob,3,2\n",
    "with a line of totals below": "Name,Hours,Days\nAnn,5,1\nBob,3,2\nTotal,8,3\n",
    "shares of one's time": "Name,Research,Teaching\nAnn,60%,40%\nBob,40%,60%\n",
    "two persons, alike in all": "Name,Count,Percent\nAnn,1,50\nBob,1,50\n",
    "two whose answers add up": "Name,Share\nAnn,60%\nBob,40%\n",
    "an empty line between": "Role,Size\nFirm,5\n\nSchool,12\n",
    "columns called like figures": "id,Total,Base,Percent\n1,5,6,100%\n2,7,8,50%\n",
    "columns called like a head": "Answer,Total,Mean\nI like it,3,4\nSo so,1,2\n",
    "an answer called a total": "Name,Vote\nAnn,Total\nBob,Base\n",
    "who answered and who skipped": "Status,Seconds\nanswered,5\nskipped,3\nanswered,7\nskipped,3\nanswered,1\n",
    "just one of each": "Status,Seconds\nanswered,5\nskipped,3\n",
    "grouped by region": "North\nAnn,5,3\nBob,4,2\n\nSouth\nCy,5,3\nDi,4,2\n",
    "SurveyMonkey": "Respondent ID,Collector ID,Do you?,\n,,Response,Other\n1,9,Yes,\n2,9,No,x\n",
}


@pytest.mark.parametrize("kind", RESPONDENTS)
def test_respondents_are_not_a_summary(kind):
    assert is_summary(table(RESPONDENTS[kind])) is None


def test_nor_are_respondents_who_answer_anything_in_numbers():
    """Small files of answers by lot, many with few rows and few different numbers."""
    lot = random.Random(1)
    for _ in range(300):
        width, rows = lot.randint(1, 4), lot.randint(1, 8)
        most, sign = lot.choice([1, 5, 10, 100]), lot.choice(["", "", "%"])
        name = lot.choice(["R_{}", "{}"])
        answers = [
            [name.format(row), *(f"{lot.randint(0, most)}{sign if column == 1 else ''}" for column in range(width))]
            for row in range(rows)
        ]
        one = of(["id", *(f"Q{column}" for column in range(width))], *answers)
        assert is_summary(one) is None, answers


def test_an_empty_table_is_none():
    assert is_summary(of(["", ""], ["", ""])) is None


# --- Real ones --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not REAL, reason="the real exports are not beside this project")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_no_real_export_is_taken_for_a_summary(path):
    """Nor is what stands below its first rows, as if a title or a header had been lost."""
    read = delimited.read(path.read_bytes(), path.name)
    assert [is_summary(read.below(above)) for above in range(4)] == [None] * 4


@pytest.mark.skipif(not REAL, reason="the real exports are not beside this project")
def test_nor_is_a_real_workbook():
    for path in SHARED.glob("*/raw/*.xlsx"):
        for one in workbook.read(path.read_bytes(), path.name):
            assert is_summary(one) is None
