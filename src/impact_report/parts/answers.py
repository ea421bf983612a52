"""What respondents report: each section aloud, as a table, and by group."""

from __future__ import annotations

from impact_report import reliability
from impact_report.blocks import (
    Block,
    Inlines,
    bullets,
    cell,
    column,
    heading,
    joined,
    prose,
    quoted,
    sentence,
    table,
    words,
)
from impact_report.charts import MOST_PANELS
from impact_report.codebook import Indicator, Section
from impact_report.exporters.structure import plain_text
from impact_report.language import listed, say, translated
from impact_report.numbers import HIDDEN, Number, Numbers, anchor
from impact_report.parts import differences
from impact_report.parts.differences import NO_BREAK
from impact_report.parts.labels import by_value, group_label, grouping_label, made_by, reads, whom
from impact_report.precision import METHODS
from impact_report.results import Results
from impact_report.tally import EVERYONE

MARKS = "#†‡§¶‖*"  # of the reliability flags, in their order
LEAST_WIDTH, WIDTH_OF_A_LETTER = 1.2, 0.08  # of a column, where that of the statements is 3 wide
LEAST_DRAWN = 2 / 3  # of the respondents: in groups that are shown, for a grouping to be drawn


def results_table(results: Results, section: Section) -> Block:
    """Return a section's table: statement, share, x of n, interval, largest share first."""
    numbers = Numbers(results)
    rows, flagged = [], set()
    for indicator in by_value(results, section):
        name = indicator.id
        if numbers.hidden(name):
            rows.append([cell(indicator.statement), *(cell(HIDDEN, "suppressed") for _ in range(3))])
            continue
        flags = results.row(name)["flags"].split()
        flagged |= set(flags)
        statement = quoted(indicator.statement) + _marks(flags)
        rows.append(
            [cell(statement), cell(numbers.share(name)), cell(numbers.x_of_n(name)), cell(numbers.interval(name))]
        )
    withheld = results.wave.withholds_counts
    notes = [*_weighting(results), *_not_counted(results, section), _interval_note(results, numbers)]
    notes += _legend(results, flagged)
    return table(
        f"table-{section.id}".replace("_", "-"),
        _caption(results, section),
        [
            column("Statement", 5),
            column("Share", 1, "right"),
            column("Base" if withheld else "x of n", 1.3, "right"),
            column("Interval", 1.4, "right"),
        ],
        rows,
        notes,
        made_by=made_by("estimates.csv"),
    )


def _not_counted(results: Results, section: Section) -> list[Inlines]:
    """Name the answers that are in the base of every share of a section, and do not count."""
    codebook = results.codebook
    items = [codebook.items[one.item] for one in section.indicators]
    if any(item.kind == "multiple" for item in items):
        return []
    others = [
        tuple(code.label for name, code in item.codes.items() if name not in codebook.counting(one))
        for item, one in zip(items, section.indicators, strict=True)
    ]
    if len(set(others)) > 1 or not others[0]:
        return []
    labels = listed(say("“{label}”", label=label) for label in others[0])
    return [words("In the base and not counted: {answers}.", answers=labels)]


def _caption(results: Results, section: Section) -> Inlines:
    if results.wave.withholds_counts:
        return words("{title}: share (weighted), unweighted base, and interval", title=section.title)
    if results.wave.weighted:
        return words("{title}: share (weighted), count and base, and interval", title=section.title)
    return words("{title}: share, count and base, and interval", title=section.title)


def _mark(flag: str) -> str:
    return dict(zip(reliability.FLAGS, MARKS, strict=True))[flag]


def _marks(flags: list[str]) -> Inlines:
    return quoted(NO_BREAK + "".join(_mark(flag) for flag in flags)) if flags else []


def _legend(results: Results, flagged: set[str], common: frozenset[str] | set[str] = frozenset()) -> list[Inlines]:
    """Return what each mark in a table means, in one line, after what is `common` to all groups and bears no mark."""
    designed = results.wave.designed
    meanings = {flag: reliability.meaning(flag, designed) for flag in reliability.FLAGS}
    of_all = [quoted(said) for flag, said in meanings.items() if flag in common]
    marked = [
        words("{mark} {meaning}", mark=_mark(flag), meaning=meanings[flag]) for flag in meanings if flag in flagged
    ]
    lines = [words("All shares of groups: {meaning}", meaning=prose(*of_all, between="; "))] if of_all else []
    return [*lines, *([prose(*marked, between="; ")] if marked else [])]


def _interval_note(results: Results, numbers: Numbers) -> Inlines:
    methods = list(dict.fromkeys(results.of_everyone["method"]))
    names = joined([quoted(translated(METHODS[method].name)) for method in methods])
    note = words("Interval: {names} at {level}; see the method.", names=names, level=numbers.confidence)
    if "hypergeometric" in methods:
        return prose(note, words("It takes those who did not answer to be like those who did."))
    return note


def _weighting(results: Results) -> list[Inlines]:
    """Say of weighted shares that the counts beside them are not weighted; nothing of others."""
    wave = results.wave
    return [prose(words("Shares are weighted."), unweighted(wave.withholds_counts))] if wave.weighted else []


def unweighted(withheld: bool) -> Inlines:
    """Say what stands beside weighted shares: counts and bases, or bases alone."""
    if withheld:
        return words(
            "The bases beside them are numbers of respondents, not weighted. How many of them the share counts is not "
            "shown: beside a weighted share, it would tell whose answers are in it."
        )
    return words(
        "The counts and bases beside them are numbers of respondents, not weighted, and need not give the share."
    )


def counted(weighted: bool, count: Number) -> Inlines:
    """Return x of n as it stands beside a share in a sentence: (38 of 46)."""
    return words("(weighted; unweighted {count})", count=count) if weighted else words("({count})", count=count)


def read_aloud(results: Results, section: Section) -> list[Block]:
    """Return the section's results as sentences, largest share first."""
    numbers = Numbers(results)
    lines = []
    for indicator in by_value(results, section):
        name = indicator.id
        if numbers.hidden(name):
            lines.append(
                words(
                    "It is not shown how many {reads}: too few answered, or a count is too small.",
                    reads=reads(section, indicator),
                )
            )
            continue
        lines.append(
            words(
                "**{share}** of {word} {base} {reads}.",
                share=numbers.share(name),
                word=whom(results, indicator),
                base=counted(results.wave.weighted, numbers.x_of_n(name)),
                reads=reads(section, indicator),
            )
        )
    return [bullets(lines)]


def groups_intro(results: Results) -> list[Block]:
    """Return what begins the chapter of the groups: what is compared, and what a mark says; nothing without groups."""
    if not results.groupings:
        return []
    return [
        heading(say("Do groups differ?"), level=1),
        sentence(
            "Groups are set side by side as they answered, and compared. A share is marked only where the difference "
            "is larger than chance would explain. The more comparisons are made, the more of them look large by "
            "chance alone; the tests take that into account. Where few answered, only large differences can be told "
            "from chance: a share without a mark is not shown to be the same. No mark says why groups differ."
        ),
    ]


def group_heading(results: Results, group_by: str) -> Block:
    """Return the heading above the figures and the table of one grouping."""
    return heading(say("By {grouping}", grouping=grouping_label(results, group_by)))


def crosstab(results: Results, group_by: str) -> Block:
    """Return the groups of one grouping side by side: share and count for each indicator, small groups left out.

    Shares that differ by more than chance would explain are marked: see `differences.marks`.
    """
    numbers = Numbers(results)
    shown, left_out = shown_groups(results, group_by)
    letters = differences.letters_of(results, group_by, shown)
    names = {code: group_label(results, group_by, code) for code in shown}
    labels = ["Everyone", *(differences.with_letter(name, letters.get(code)) for code, name in names.items())]
    marks = differences.marks(results, group_by, shown)
    rows = []
    flagged, common = _flags_of_groups(results, group_by, shown)
    for section in results.codebook.sections:
        for indicator in section.indicators:
            cells = [_crosstab_cell(numbers, indicator, EVERYONE, EVERYONE)]
            for code in shown:
                one = _crosstab_cell(numbers, indicator, group_by, code, unmarked=common)
                cells.append({**one, "c": one["c"] + marks.get((indicator.id, code), [])})
            rows.append([cell(indicator.statement), *cells])
    columns = [column("Share (count of base)", 3)]
    columns += [column(label, _width([row[k] for row in rows]), "right") for k, label in enumerate(labels, start=1)]
    notes = [*_weighting(results), *differences.notes(results, group_by)]
    notes += _legend(results, flagged - common, common)
    if left_out:
        names = ", ".join(group_label(results, group_by, code) for code in left_out)
        minimum = numbers.counted(
            results.wave.minimum_base, say("smallest base a group is shown with"), anchor("method")
        )
        notes.append(
            words(
                "Not shown, because fewer than {n} answered, a count is too small, or a small group must be protected: "
                "{names}.",
                n=minimum,
                names=names,
            )
        )
    return table(
        f"table-by-{group_by}".replace("_", "-"),
        words("Results by {grouping}", grouping=grouping_label(results, group_by)),
        columns,
        rows,
        notes,
        long=True,
        made_by=made_by("estimates.csv"),
    )


def shown_groups(results: Results, group_by: str) -> tuple[list[str], list[str]]:
    """Return the groups that may be shown for some indicator, and those that have respondents but are left out."""
    table_ = results.by_group(group_by)
    visible = table_[~table_["suppressed"] & (table_["base"].fillna(0) > 0)]
    shown = [code for code in results.codebook.items[group_by].codes if code in set(visible["group"])]
    hidden = set(table_.loc[table_["suppressed"], "group"])
    return shown, [code for code in results.codebook.items[group_by].codes if code in hidden and code not in shown]


def drawn_groupings(results: Results) -> list[str]:
    """Return the groupings that are drawn: two groups or more, and most of the respondents in groups that are shown."""
    found = []
    for group_by in results.groupings:
        shown, _ = shown_groups(results, group_by)
        mine = results.members[results.members["group_by"] == group_by]
        inside = int(mine.loc[mine["group"].isin(shown), "respondents"].sum())
        if 2 <= len(shown) <= MOST_PANELS and inside >= LEAST_DRAWN * len(results.responses):
            found.append(group_by)
    return found


def _width(cells: list[dict]) -> float:
    """Return the width of a column in which the longest of these cells stands on one line."""
    letters = max((len(plain_text(one["c"])) for one in cells), default=0)
    return max(LEAST_WIDTH, letters * WIDTH_OF_A_LETTER)


def _flags_of_groups(results: Results, group_by: str, shown: list[str]) -> tuple[set[str], set[str]]:
    """Return the reliability flags that some share of the groups carries, and those that all of them carry."""
    table_ = results.by_group(group_by)
    table_ = table_[table_["group"].isin(shown) & ~table_["suppressed"] & (table_["base"].fillna(0) > 0)]
    flags = [set(one.split()) for one in table_["flags"]]
    return set().union(*flags), set.intersection(*flags) if flags else set()


def _crosstab_cell(
    numbers: Numbers, indicator: Indicator, group_by: str, group: str, unmarked: set[str] | None = None
) -> dict:
    if numbers.hidden(indicator.id, group_by, group):
        return cell(HIDDEN, "suppressed")
    content = words("{share}", share=numbers.share_with_count(indicator.id, group_by, group))
    if unmarked is None:
        return cell(content)
    flags = numbers.results.row(indicator.id, group_by, group)["flags"].split()
    return cell(content + _marks([flag for flag in flags if flag not in unmarked]))


def figure(results: Results, name: str) -> Block:
    """Return a figure of 03_charts with its words, and where it lies beside the report as drawing and picture."""
    files = [f"figures/{name}.{kind}" for kind in ("svg", "png")]
    return Block(block="figure", id=f"figure-{name}".replace("_", "-"), files=files, **results.figure(name))
