"""Each column of the published tables: its title, what it holds, of which kind, within which limits."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["text", "count", "decimal", "number", "share", "signed share", "yes or no"]


class Column(NamedTuple):
    """One column of a table: its heading for readers, what it holds in a sentence's words, its kind."""

    title: str
    words: str
    kind: Kind
    required: bool = False  # no cell is ever empty
    one_of: tuple[str, ...] = ()


# The phrases are whole, so that they can be translated one by one; the names are those of the files.
WAVE = Column("Wave", "the fielding of the survey", "text", True)
SECTION = Column("Section", "the part of the report the indicator belongs to", "text", True)
INDICATOR = Column("Indicator", "the indicator's name in the codebook", "text", True)
STATEMENT = Column("Statement", "what counts, as a statement about the respondents", "text", True)
COUNT = Column("Count", "those of the base whose answers count: its numerator", "count")
BASE = Column("Base", "those of them whose answers are in the share: its denominator", "count")
INVENTED = Column("Invented", "whether respondents are invented", "yes or no", True)

ESTIMATES: dict[str, Column] = {
    "wave": WAVE,
    "section": SECTION,
    "indicator": INDICATOR,
    "statement": STATEMENT,
    "group_by": Column("Grouped by", "the column that groups are made by; all: everybody", "text", True),
    "group": Column("Group", "the group; all: everybody", "text", True),
    "eligible": Column("Eligible", "respondents of the group whom the indicator is about", "count"),
    "asked": Column("Asked", "those of them who were asked the question", "count"),
    "base": BASE,
    "count": COUNT,
    "weighted_base": Column(
        "Weighted base", "the sum of the weights of the base; the base itself where there are no weights", "decimal"
    ),
    "effective_base": Column(
        "Effective base",
        "how many equally weighted, independent answers the base is worth: base / design_effect",
        "decimal",
    ),
    "design_effect": Column(
        "Design effect",
        "the variance of the share against that of a random draw of as many answers; only with weights or a design, "
        "and not where none or all count",
        "decimal",
    ),
    "degrees_of_freedom": Column(
        "Degrees of freedom",
        "primary units less strata behind the variance; only with weights or a design",
        "count",
    ),
    "proportion": Column(
        "Share",
        "the share: count out of base, weighted where there are weights (then in whole percent where small counts are "
        "hidden, as are its ends; count and weighted base are blank, the effective base is in tens)",
        "share",
    ),
    "low": Column("Interval, from", "the lower end of the interval", "share"),
    "high": Column("Interval, to", "the upper end of the interval", "share"),
    "method": Column("Method", "how the interval was computed", "text"),
    "bound_low": Column(
        "Worst case, from", "the lowest share possible, whatever those who did not answer would have said", "share"
    ),
    "bound_high": Column(
        "Worst case, to", "the highest share possible, whatever those who did not answer would have said", "share"
    ),
    "flags": Column("Flags", "what to beware of, several parted by spaces; each flag is explained apart", "text"),
    "suppressed": Column(
        "Suppressed", "whether the numbers are withheld so that nobody can be recognised", "yes or no", True
    ),
    "invented": INVENTED,
}

CHANGE: dict[str, Column] = {
    "wave": WAVE,
    "earlier_wave": Column("Earlier wave", "the fielding that it is compared with", "text", True),
    "section": SECTION,
    "indicator": INDICATOR,
    "statement": STATEMENT,
    "compared": Column(
        "Compared",
        "matched: by those who answered both times; independent: as different respondents; weighted: by the intervals "
        "of both waves; empty where it is not compared",
        "text",
        one_of=("matched", "independent", "weighted"),
    ),
    "reason": Column("Reason", "why it is not compared, or not by those who answered both times", "text"),
    "reworded": Column("Reworded", "the items behind it that the two waves worded differently", "text"),
    "earlier_count": Column("Earlier count", "the numerator in the earlier wave", "count"),
    "earlier_base": Column("Earlier base", "the denominator in the earlier wave", "count"),
    "earlier_proportion": Column("Earlier share", "the share in the earlier wave", "share"),
    "count": Column("Count", "the numerator in this wave", "count"),
    "base": Column("Base", "the denominator in this wave", "count"),
    "proportion": Column("Share", "the share in this wave", "share"),
    "change": Column("Change", "the share in this wave minus the earlier one, from −1 to 1", "signed share"),
    "low": Column("Change, from", "the lower end of the interval of the change", "signed share"),
    "high": Column("Change, to", "the upper end of the interval of the change", "signed share"),
    "method": Column("Method", "how the change was tested", "text"),
    "p_value": Column("p", "the p-value of the test of this change alone", "share"),
    "adjusted_p": Column("Adjusted p", "the p-value that takes account of there being many tests", "share"),
    "larger_than_chance": Column(
        "Larger than chance", "whether the change is larger than chance would explain", "yes or no"
    ),
    "both": Column("Both times", "of those who answered both times: how many counted both times", "count"),
    "only_earlier": Column("Only earlier", "of those: how many counted the first time alone", "count"),
    "only_later": Column("Only later", "of those: how many counted this time alone", "count"),
    "neither": Column("Neither time", "of those: how many counted neither time", "count"),
    "invented": INVENTED,
}

NUMBERS: dict[str, Column] = {
    "order": Column("Order", "the number’s place among all that the report prints, from one on", "count", True),
    "place": Column(
        "Place",
        "what it is printed in",
        "text",
        True,
        one_of=("cover", "findings", "sentence", "figure", "table", "evidence"),
    ),
    "label": Column(
        "Where", "which figure, table, text or piece of evidence that is, as readers call it", "text", True
    ),
    "heading": Column("Heading", "the heading that it stands under; empty before the first", "text"),
    "anchor": Column("Anchor", "where it is in the report’s page: what stands after # in an address", "text", True),
    "what": Column("What it is", "what the number says, in words", "text"),
    "printed": Column("Printed", "the number as it is printed", "text", True),
    "exact": Column(
        "Exact value",
        "the value before it was rounded; shares from 0 to 1; empty where the text is not one value, as x of n",
        "number",
    ),
    "numerator": Column("Numerator", "how many of the base count; empty where that is withheld", "count"),
    "base": Column("Base", "out of how many answers", "count"),
    "low": Column(
        "Interval, from",
        "the lower end of the interval; of a share from 0 to 1, of a change or a difference from −1 to 1",
        "number",
    ),
    "high": Column(
        "Interval, to",
        "the upper end of the interval; of a share from 0 to 1, of a change or a difference from −1 to 1",
        "number",
    ),
    "method": Column("Method", "how the interval was computed, and at which level", "text"),
    "evidence": Column("Evidence", "where in the report’s page its evidence is: what stands after #", "text", True),
    "row": Column("Row", "the row of the estimates behind it: indicator/group_by/group", "text"),
    "columns": Column("Raw columns", "the columns of the raw export it was counted from, by their letters", "text"),
    "rule": Column("Rule", "which answers count, out of whom", "text"),
    "invented": INVENTED,
}
