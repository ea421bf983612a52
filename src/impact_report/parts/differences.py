"""Which differences between groups are larger than chance would explain: marks in a table, and what they rest on."""

from __future__ import annotations

import pandas as pd

from impact_report import contrasts
from impact_report.blocks import Block, Inlines, cell, column, joined, link, prose, table, words
from impact_report.contrasts import PAIR, REST
from impact_report.estimates import COARSE
from impact_report.language import number, say
from impact_report.numbers import DIFFERENCE, Number, Numbers, anchor, percent_of, points
from impact_report.parts.labels import group_label, grouping_label
from impact_report.results import Results
from impact_report.rounding import half_up

NO_BREAK = "\u00a0"
LARGER, SMALLER = "▲", "▼"
P_DECIMALS = 4
MOST_LISTED = 60  # differences told one by one in the evidence; the others stand in the table as marks
NEWCOMBE = "Newcombe's interval (method 10)"
OF_BOTH = "interval from those of both shares (MOVER)"

SOURCES = {
    "newcombe": "Newcombe (1998), Statistics in Medicine 17, 873–890",
    "which": "10",  # of the methods that are compared there
    "zou": "Zou and Donner (2008), Statistics in Medicine 27, 1693–1702",
    "campbell": "Campbell (2007), Statistics in Medicine 26, 3661–3675",
    "holm": "Holm (1979), Scandinavian Journal of Statistics 6, 65–70",
}


def letters_of(results: Results, group_by: str, shown: list[str]) -> dict[str, str]:
    """Return the letter of each shown group; of none where no pair of them differs beyond chance."""
    return contrasts.letters(shown) if len(_found(results, group_by, PAIR)) else {}


def with_letter(label: str, letter: str | None) -> str:
    """Return a group's label with the letter that marks refer to.

    >>> with_letter("North", "A"), with_letter("North", None)
    ('North\\xa0(A)', 'North')
    """
    return f"{label}{NO_BREAK}({letter})" if letter else label


def marks(results: Results, group_by: str, shown: list[str]) -> dict[tuple[str, str], Inlines]:
    """Return the marks of each share, by (indicator, group), as a table shows them."""
    found = signs(results, group_by, shown)
    return {key: [node for text, said in mine for node in _mark(text, said)] for key, mine in found.items()}


def signs(results: Results, group_by: str, shown: list[str]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return the signs of each share with their meaning: against all others, and the letters it is larger than."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in _found(results, group_by, REST).itertuples():
        larger = one.difference > 0
        found[one.indicator, one.group] = (
            [(LARGER, say("larger share than among all others"))]
            if larger
            else [(SMALLER, say("smaller share than among all others"))]
        )
    larger_than: dict[tuple[str, str], set[str]] = {}
    for one in _found(results, group_by, PAIR).itertuples():
        above, below = (one.group, one.against) if one.difference > 0 else (one.against, one.group)
        larger_than.setdefault((one.indicator, above), set()).add(below)
    letters = contrasts.letters(shown)
    for key, below in larger_than.items():
        groups = [group for group in shown if group in below]
        names = ", ".join(group_label(results, group_by, group) for group in groups)
        said = say("larger share than {groups}", groups=names)
        found[key] = [*found.get(key, []), (" ".join(letters[group] for group in groups), said)]
    return found


def notes(results: Results, group_by: str) -> list[Inlines]:
    """Say what the marks of a crosstab mean, or that there are none, and what was compared with what."""
    numbers = Numbers(results)
    compared = _compared(results, group_by)
    if not len(compared):
        return [words("No groups were compared: too few answered, or only one group can be shown.")]
    how = link(f"#{evidence_anchor(group_by)}", words("how this was tested"))
    said = []
    if len(_found(results, group_by, REST)):
        said.append(
            words(
                "{larger} or {smaller}: a larger or smaller share than among all others, by more than chance would "
                "explain.",
                larger=LARGER,
                smaller=SMALLER,
            )
        )
    if len(_found(results, group_by, PAIR)):
        said.append(
            words("A letter: a larger share than in the group with that letter, by more than chance would explain.")
        )
    if not said:
        said.append(
            words(
                "No difference between groups in this table is larger than chance would explain. With few answers, "
                "that does not show that the groups are alike."
            )
        )
    said.append(words("Compared: {families}; {how}.", families=_families(numbers, compared, group_by), how=how))
    said = [prose(*said)]
    # of designs the variance has a finite population correction; of counts neither interval nor test knows of one
    if results.wave.population.size and not results.wave.designed:
        said.append(
            words(
                "Intervals and tests of differences take respondents for a draw from very many, although the size of "
                "the population is known. Where most of it answered they are too cautious: a difference may be larger "
                "than chance would explain and not be called so."
            )
        )
    return said


def difference_evidence(results: Results, group_by: str) -> Block:
    """Return how the groups of one grouping were compared, and the figures of each difference that was found."""
    numbers = Numbers(results)
    compared = _compared(results, group_by)
    evidence = evidence_anchor(group_by)
    facts = [
        [say("Compared"), _families(numbers, compared, group_by) or words("nothing: too few groups can be shown")],
        [say("Rule"), _rule(results, numbers)],
        [say("Not compared"), _not_compared(results, numbers, evidence)],
        [say("Sources"), _sources()],
    ]
    found = compared[compared["beyond_chance"]].sort_values("adjusted", kind="stable")
    if len(found):
        what = say("differences beyond chance: {grouping}", grouping=grouping_label(results, group_by))
        n = numbers.counted(len(found), what, evidence)
        facts.insert(1, [say("Larger than chance would explain"), words("{n} of these differences", n=n)])
    block = _table(results, group_by, found.head(MOST_LISTED)) if len(found) else None
    if len(found) > MOST_LISTED:
        n = numbers.counted(MOST_LISTED, say("differences told one by one"), evidence)
        block["notes"].append(words("Only the {n} least likely to be chance are listed.", n=n))
    title = words("Groups compared: {grouping}", grouping=grouping_label(results, group_by))
    return Block(block="evidence", id=evidence, title=title, facts=facts, table=dict(block) if block else None)


def p_value(value: float, decimals: int = P_DECIMALS) -> str:
    """Return a p-value with so many decimals.

    >>> p_value(0.01255), p_value(0.00004), p_value(0.115, 3)
    ('0.0126', '<0.0001', '0.115')
    """
    least = 10**-decimals
    shown = number(half_up(max(value, least), decimals), decimals)
    return shown if value >= least else f"<{shown}"


def p_number(results: Results, value: float, name: str, what: str, evidence: str) -> Number:
    """Return a p-value, named as its column (p_value, adjusted_p), with as many digits as may be published of it."""
    exact = results.coarse(value, name)
    decimals = COARSE[name] if results.withholds_counts else P_DECIMALS
    return Number(p_value(exact, decimals), what, evidence, exact=exact)


def evidence_anchor(group_by: str) -> str:
    """Return the anchor of what is said of the differences between the groups of a grouping.

    >>> evidence_anchor("role")
    'evidence-compared-role'
    """
    return anchor("compared", group_by)


def _compared(results: Results, group_by: str) -> pd.DataFrame:
    return results.contrasts[results.contrasts["group_by"] == group_by]


def _found(results: Results, group_by: str, kind: str) -> pd.DataFrame:
    compared = _compared(results, group_by)
    return compared[(compared["kind"] == kind) & compared["beyond_chance"]]


def _mark(text: str, said: str) -> Inlines:
    """Return a mark that stays on the line of its share."""
    return [{"t": "text", "text": NO_BREAK}, {"t": "mark", "text": text, "says": said}]


def _families(numbers: Numbers, compared: pd.DataFrame, group_by: str) -> Inlines:
    """Return how many comparisons were made, of each kind."""
    evidence, grouping = evidence_anchor(group_by), grouping_label(numbers.results, group_by)
    made = compared.loc[compared["p"].notna(), "kind"].value_counts()
    said = []
    if REST in made:
        what = say("comparisons of a share of a group with that of all others: {grouping}", grouping=grouping)
        n = numbers.counted(made[REST], what, evidence)
        said.append(words("{n} times a share of a group with that of all others", n=n))
    if PAIR in made:
        what = say("comparisons of shares of two groups: {grouping}", grouping=grouping)
        said.append(words("{n} times shares of two groups", n=numbers.counted(made[PAIR], what, evidence)))
    return joined(said)


def _sources() -> Inlines:
    return words(
        "Interval of a difference: {newcombe}, method {which}, and, for weighted shares, {zou}. Test: {campbell}; for "
        "weighted shares a t-test with Satterthwaite’s degrees of freedom. Many comparisons: {holm}",
        **SOURCES,
    )


def _rule(results: Results, numbers: Numbers) -> Inlines:
    level = contrasts.level(results.wave)
    chance = Number(percent_of(level), say("chance of a false alarm"), anchor("method"), exact=level)
    return words(
        "a difference is marked if its p-value, adjusted for all comparisons of its kind in the table (Holm), is below "
        "{chance}: that is the most that the chance can be of even one mark of its kind where there is no difference",
        chance=chance,
    )


def _not_compared(results: Results, numbers: Numbers, evidence: str) -> Inlines:
    minimum = numbers.counted(results.wave.minimum_base, say("smallest base that is compared"), evidence)
    said = words("shares that are not shown, and groups or others of which fewer than {n} answered", n=minimum)
    if not results.wave.designed:
        return said
    with_others = words(
        "groups with all others: with weights, strata or clusters it is not known how far the two vary together; for "
        "the same reason each pair of groups is taken for independent"
    )
    return prose(said, with_others, between="; ")


def _table(results: Results, group_by: str, found: pd.DataFrame) -> Block:
    evidence = evidence_anchor(group_by)
    method = Numbers(results).at_level(OF_BOTH if results.wave.designed else NEWCOMBE)
    rows = []
    for one in found.itertuples():
        statement = results.indicator(one.indicator).statement
        other = group_label(results, group_by, one.against) if one.against else say("all others")
        whom = f"{statement} ({group_label(results, group_by, one.group)} – {other})"
        exact = results.coarse(one.difference, "difference")
        interval = {name: results.coarse(getattr(one, name), name) for name in ("low", "high")}
        interval |= {"method": method, "scale": DIFFERENCE}
        what = say("difference in points: {whom}", whom=whom)
        value = Number(points(one.difference), what, evidence, exact=exact, **interval)
        ends = say("{low} to {high}", low=points(one.low), high=points(one.high))
        ends = Number(ends, say("interval of the difference: {whom}", whom=whom), evidence, **interval)
        p = p_number(results, one.p, "p_value", say("p-value: {whom}", whom=whom), evidence)
        what = say("adjusted p-value: {whom}", whom=whom)
        adjusted = p_number(results, one.adjusted, "adjusted_p", what, evidence)
        names = [cell(statement), cell(group_label(results, group_by, one.group)), cell(other)]
        rows.append([*names, *map(cell, (value, ends, p, adjusted))])
    columns = [column("Statement", 3), column("Group", 1.5), column("Against", 1.5)]
    columns += [column("Points", 0.9, "right"), column("Interval", 1.6, "right")]
    columns += [column("p", 1, "right"), column("Adjusted p", 1, "right")]
    caption = words("Differences larger than chance would explain: group minus what it is compared with, in points")
    return table(f"{evidence}-table", caption, columns, rows, long=True)
