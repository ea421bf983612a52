"""What has changed since an earlier wave: of whom, each change as a row and as a sentence, and its evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from impact_report.blocks import (
    Block,
    Inlines,
    bullets,
    cell,
    column,
    heading,
    joined,
    link,
    paragraph,
    prose,
    quoted,
    table,
    words,
)
from impact_report.change import COUNTS, FEW_OTHERS, INDEPENDENT, MATCHED, WEIGHTED
from impact_report.contrasts import level
from impact_report.language import long_date, plural, say, translated
from impact_report.numbers import (
    DIFFERENCE,
    HIDDEN,
    SHARE,
    Number,
    Numbers,
    anchor,
    base_alone,
    out_of,
    percent_of,
    points,
    whole,
)
from impact_report.parts.answers import counted, figure, unweighted
from impact_report.parts.differences import NEWCOMBE, OF_BOTH, p_number
from impact_report.parts.labels import dates, made_by, reads
from impact_report.precision import METHODS
from impact_report.results import Results

FIGURE, TABLE = "change", "table-change"
MOST_IN_A_FIGURE = 8  # changes: a figure of more would not fit on a printed page at its full width
REWORDED_MARK, ALL_MARK = "†", "‡"
EARLIER, NOW = "earlier_", ""  # before the name of a column of results.change
WHOM = {
    MATCHED: "those who answered both times",
    INDEPENDENT: "all respondents of both waves, as different ones",
    WEIGHTED: "all respondents of both waves, weighted or by their design, as different ones",
}
INTERVALS = {
    MATCHED: "Newcombe's interval for matched respondents",
    INDEPENDENT: NEWCOMBE,
    WEIGHTED: OF_BOTH,
}
FAMILIES = {
    "holm": "Holm",
    "benjamini-hochberg": "Benjamini and Hochberg",
}
SOURCES = (
    "Newcombe (1998), Statistics in Medicine 17, 873–890 and 2635–2650, for the intervals; McNemar (1947), "
    "Psychometrika 12, 153–157, and Campbell (2007), Statistics in Medicine 26, 3661–3675, for the tests; Zou and "
    "Donner (2008), Statistics in Medicine 27, 1693–1702, where shares are weighted; Holm (1979), Scandinavian Journal "
    "of Statistics 6, 65–70; Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289–300"
)


def changes(results: Results) -> list[Block]:
    """Return the part about change: whom it compares, the figure, a table, sentences; nothing without two waves."""
    if not results.compared:
        return []
    earlier, _ = titles(results)
    blocks = [heading(say("What has changed since {earlier}?", earlier=earlier), 1, "change"), _introduction(results)]
    if len(compared(results)):
        blocks += [figure(results, name) for name in in_figures(results)]
    return [*blocks, _table(results), *_beyond_chance(results), *_caution(results)]


def compared(results: Results) -> pd.DataFrame:
    """Return the rows of what is compared, the largest rise first; equal ones in the codebook's order."""
    found = results.change[results.change["compared"] != ""]
    return found.sort_values("change", ascending=False, kind="stable")


def in_figures(results: Results) -> dict[str, pd.DataFrame]:
    """Return the rows of each figure by its name: one of few changes, one a section of more."""
    found = compared(results)
    if len(found) <= MOST_IN_A_FIGURE:
        return {FIGURE: found}
    sections = {
        section.id: found[found["indicator"].isin([each.id for each in section.indicators])]
        for section in results.codebook.sections
    }
    return {f"{FIGURE}-{name}": rows for name, rows in sections.items() if len(rows)}


def titles(results: Results) -> tuple[str, str]:
    """Return what the earlier wave is called, and this one."""
    return results.change_facts["earlier"]["title"], results.wave.title


def weighted(results: Results) -> Inlines:
    """Say that shares are weighted, or those of which wave; nothing where neither wave's are."""
    waves = (results.change_facts["earlier"]["weighted"], results.wave.weighted)
    if all(waves):
        return words("Shares are weighted")
    names = [title for title, one in zip(titles(results), waves, strict=True) if one]
    return words("Shares of {title} are weighted", title=names[0]) if names else []


def share(results: Results, one: object, when: str) -> Number:
    """Return the share at one of the two times (`EARLIER`, `NOW`): 83%."""
    proportion = getattr(one, f"{when}proportion")
    exact = results.coarse(float(proportion), "proportion")
    number = _of(results, one, percent_of(proportion), "share", when, exact)
    return replace(number, **_ends_of_share(results, one, when))


def x_of_n(results: Results, one: object, when: str) -> Number:
    """Return numerator and base at one of the two times: 38 of 46; n = 46 where counts are withheld."""
    count, base = getattr(one, f"{when}count"), getattr(one, f"{when}base")
    if _withheld(results, when):
        return _of(results, one, base_alone(base), "base", when, float(base))
    return _of(results, one, out_of(count, base), "count and base", when, None)


def in_points(results: Results, one: object) -> Number:
    """Return a change in points, with its sign: +11."""
    return _moved(results, one, points(one.change))


def change_evidence(results: Results) -> list[Block]:
    """Return what was compared with what, and the figures behind each change; nothing without two waves."""
    if not results.compared:
        return []
    earlier, _ = titles(results)
    blocks = [heading(say("Change since {earlier}", earlier=earlier), 2, "evidence-of-change"), _rules(results)]
    return blocks + [_evidence(results, one) for one in _ordered(results).itertuples()]


# --- Numbers ----------------------------------------------------------------------------------------------------------


def _of(results: Results, one: object, text: str, kind: str, when: str, exact: float | None) -> Number:
    title = titles(results)[0 if when == EARLIER else 1]
    count, base = (int(getattr(one, f"{when}{name}")) for name in ("count", "base"))
    what = say("{kind}, {wave}: {statement}", kind=translated(kind), wave=title, statement=one.statement)
    numerator = None if _withheld(results, when) else count
    return Number(text, what, _anchor(one), exact=exact, numerator=numerator, base=base)


def _withheld(results: Results, when: str) -> bool:
    return results.change_facts["earlier"]["withholds_counts"] if when == EARLIER else results.wave.withholds_counts


def _about(one: object, text: str, what: str, exact: float | None = None, **ends: float | str) -> Number:
    said = say("{what}: {statement}", what=translated(what), statement=one.statement)
    return Number(text, said, _anchor(one), exact=exact, **ends)


def _moved(results: Results, one: object, text: str, what: str = "change in points") -> Number:
    """Return a change, however it is said, with its interval."""
    return _about(one, text, what, results.coarse(one.change, "change"), **_ends(results, one))


def _ends(results: Results, one: object) -> dict[str, float | str]:
    """Return the interval of a change with as many digits as are published."""
    ends = {name: results.coarse(getattr(one, name), name) for name in ("low", "high")}
    return {**ends, "method": Numbers(results).at_level(INTERVALS[one.compared]), "scale": DIFFERENCE}


def _ends_of_share(results: Results, one: object, when: str) -> dict[str, float | str]:
    """Return the interval of the share at one of the two times, likewise; nothing where there is none."""
    found = results.change_facts["intervals"][one.indicator].get("earlier" if when == EARLIER else "now")
    if found is None:
        return {}
    ends = {name: results.coarse(found[name], name) for name in ("low", "high")}
    return {**ends, "method": Numbers(results).at_level(METHODS[found["method"]].name), "scale": SHARE}


def _interval(results: Results, one: object) -> Number:
    ends = say("{low} to {high}", low=points(one.low), high=points(one.high))
    return _about(one, ends, "interval of the change, in points", **_ends(results, one))


def _p(results: Results, one: object, name: str, what: str) -> Number:
    said = say("{what}: {statement}", what=translated(what), statement=one.statement)
    return p_number(results, getattr(one, name), name, said, _anchor(one))


def _anchor(one: object) -> str:
    return anchor("change", one.indicator)


def _ordered(results: Results) -> pd.DataFrame:
    """Return every row: what is compared, the largest rise first, then the rest in the codebook's order."""
    rows = results.change
    return pd.concat([compared(results), rows[rows["compared"] == ""]])


# --- Words ------------------------------------------------------------------------------------------------------------


def _introduction(results: Results) -> Block:
    facts = results.change_facts
    earlier, now = titles(results)
    began, ended = (long_date(dt.date.fromisoformat(facts["earlier"][name])) for name in ("start", "end"))
    lines = [
        words(
            "{now} (answers from {dates}) is compared with {earlier} (answers from {began} to {ended}).",
            now=now,
            dates=dates(results),
            earlier=earlier,
            began=began,
            ended=ended,
        )
    ]
    if invented := _invented(results):
        lines.append(words("{waves}: nothing in this part says what has changed for anybody.", waves=invented))
    return paragraph(*lines, *_whom(results))


def _invented(results: Results) -> Inlines:
    invented = (results.change_facts["earlier"]["invented"], results.wave.invented)
    if all(invented):
        return words("The respondents of both waves are invented")
    names = [title for title, one in zip(titles(results), invented, strict=True) if one]
    return words("The respondents of {title} are invented", title=names[0]) if names else []


def _whom(results: Results) -> list[Inlines]:
    """Say which respondents are compared with which."""
    facts, numbers = results.change_facts, Numbers(results)

    def counted(name: str, what: str) -> Number:
        return numbers.counted(facts[name], what, anchor("change"))

    what = say("respondents of the earlier wave")
    before = numbers.counted(facts["earlier"]["respondents"], what, anchor("change"))
    now = counted("respondents", say("respondents of this wave"))
    if facts["matched"] is None:
        lines = [
            words(
                "The {before} respondents of then and the {now} of now are taken for different ones: cautious, if many "
                "are the same and answer alike twice.",
                before=before,
                now=now,
            )
        ]
        reason = next(iter(results.change.loc[results.change["compared"] != "", "reason"]), "")
        if results.wave.compare.match and reason:
            lines.append(words("They are not compared with themselves: {reason}.", reason=translated(reason)))
        return lines
    lines = [
        words(
            "{matched} respondents answered both times and are compared with themselves. {lost} of the {before} "
            "earlier ones did not answer again, and {new} of the present {now} are new: both are left out here, so the "
            "shares differ from those of the sections above.",
            matched=counted("matched", say("respondents who answered both times")),
            lost=counted("lost", say("respondents of the earlier wave alone")),
            new=counted("new", say("respondents of this wave alone")),
            before=before,
            now=now,
        )
    ]
    if facts["unnamed"]:
        lines.append(words("Whoever cannot be matched, for want of a name or number, counts as lost or new."))
    return lines


def _table(results: Results) -> Block:
    """Return the table of changes: each wave's share with x of n, the change in points, its interval, the verdict."""
    earlier, now = titles(results)
    rows, marks = [], set()
    for one in _ordered(results).itertuples():
        found = _marks_of(results, one)
        marks |= set(found)
        statement = cell(quoted(one.statement) + quoted("".join(f" {mark}" for mark in found)))
        sides = [_side_cell(results, one, when) for when in (EARLIER, NOW)]
        if not one.compared:
            dash = cell(HIDDEN, "suppressed")
            rows.append([statement, *sides, dash, dash, cell(_why_not(one))])
            continue
        verdict = cell(_verdict(one, "beyond chance", "within chance"))
        rows.append([statement, *sides, cell(in_points(results, one)), cell(_interval(results, one)), verdict])
    columns = [column("Statement", 2.6), column(earlier, 1.6, "right"), column(now, 1.6, "right")]
    columns += [column("Change (points)", 1, "right"), column("Interval", 1.2, "right"), column("Verdict", 1.6)]
    caption = words("Change since {earlier}: share (count of base) then and now", earlier=earlier)
    return table(TABLE, caption, columns, rows, _notes(results, marks), long=True, made_by=made_by("change.csv"))


def _side_cell(results: Results, one: object, when: str) -> dict:
    if pd.isna(getattr(one, f"{when}base")):
        return cell(HIDDEN, "suppressed")
    count = x_of_n(results, one, when)
    value = share(results, one, when)
    return cell(replace(value, text=say("{share} ({count})", share=value.text, count=count.text)))


def _marks_of(results: Results, one: object) -> list[str]:
    told = results.change_facts["matched"] is not None
    return [REWORDED_MARK] * bool(one.reworded) + [ALL_MARK] * bool(told and one.compared == INDEPENDENT)


def _notes(results: Results, marks: set[str]) -> list[Inlines]:
    notes = [
        words(
            "Points are percentage points, from shares before rounding. Interval: where the change may lie, at "
            "{level}. Beyond chance: larger than chance would explain; {how}.",
            level=Numbers(results).confidence,
            how=link(f"#{anchor('change')}", words("how this was tested")),
        )
    ]
    if said := weighted(results):
        withheld = any(_withheld(results, when) for when in (EARLIER, NOW))
        notes.append(prose(said + words("."), unweighted(withheld)))
    known = results.wave.population.size or results.change_facts["earlier"]["population"]
    if known and set(results.change["compared"]) & {MATCHED, INDEPENDENT}:
        notes.append(
            words(
                "Intervals and tests of changes take respondents for a draw from very many, although the size of the "
                "population is known. Where most of it answered they are too cautious: a difference may be larger than "
                "chance would explain and not be called so. If everybody answered both times, a change is what "
                "happened, and chance has no part in it."
            )
        )
    if REWORDED_MARK in marks:
        notes.append(
            words("{mark} The question was worded differently in the two waves; see its evidence.", mark=REWORDED_MARK)
        )
    if ALL_MARK in marks:
        notes.append(
            words(
                "{mark} Compared between all respondents of both waves, as if they were different ones: {reason}.",
                mark=ALL_MARK,
                reason=translated(FEW_OTHERS),
            )
        )
    return notes


def _why_not(one: object) -> Inlines:
    return words("not compared: {reason}", reason=translated(one.reason))


def _verdict(one: object, beyond: str, within: str) -> str:
    if one.larger_than_chance:
        return translated(beyond)
    return translated(within) if one.change else say("no change")


def _beyond_chance(results: Results) -> list[Block]:
    """Say how many changes are beyond chance, and read these aloud; where none is, the largest one, as within chance.

    The table above has every change: to stress one that chance could explain is to call it more than it is.
    """
    tested = compared(results)
    if tested.empty:
        return []
    beyond = tested[tested["larger_than_chance"].astype(bool)]
    numbers, what = Numbers(results), say("changes larger than chance would explain")
    said = words(
        "Larger than chance would explain: {beyond} of {all} changes.",
        beyond=numbers.counted(len(beyond), what, anchor("change"), numerator=len(beyond), base=len(tested)),
        all=numbers.counted(len(tested), say("comparisons of this wave with the earlier one"), anchor("change")),
    )
    if len(beyond):
        return [paragraph(said), bullets([_aloud(results, one) for one in beyond.itertuples()])]
    (largest,) = tested.loc[[tested["change"].abs().idxmax()]].itertuples()
    if largest.change == 0:
        return [paragraph(said)]
    change = in_points(results, largest)
    observed = words("The largest one observed is within chance: {change} points. ", change=change)
    return [paragraph(said, observed + _sides(results, largest))]


def _aloud(results: Results, one: object) -> Inlines:
    return words("**{change}**: ", change=_moved(results, one, _in_words(one.change))) + _sides(results, one)


def _sides(results: Results, one: object) -> Inlines:
    """Return a change as a sentence: the share now, whose it is, and the share then."""
    section = next(each for each in results.codebook.sections if one.indicator in {i.id for i in each.indicators})
    return words(
        "{share} {base} {reads}, after {before} {earlier_base} in {earlier}.",
        share=share(results, one, NOW),
        base=counted(results.wave.weighted, x_of_n(results, one, NOW)),
        reads=reads(section, results.indicator(one.indicator)),
        before=share(results, one, EARLIER),
        earlier_base=counted(results.change_facts["earlier"]["weighted"], x_of_n(results, one, EARLIER)),
        earlier=titles(results)[0],
    )


def _in_words(change: float) -> str:
    """Return a change as the beginning of a sentence.

    >>> _in_words(0.108), _in_words(-0.01), _in_words(0.004)
    ('11 points more', '1 point less', 'Less than 1 point more')
    """
    size = points(abs(change)).removeprefix("+")
    if size == "0":
        return say("Less than 1 point more") if change > 0 else say("Less than 1 point less")
    several = 1 + (size != "1")
    if change > 0:
        return plural("{size} point more", "{size} points more", several, size=size)
    return plural("{size} point less", "{size} points less", several, size=size)


def _caution(results: Results) -> list[Block]:
    """Say what takes account of the many comparisons, and what a verdict does not say."""
    tested = compared(results)
    if not len(tested):
        return []
    count = Numbers(results).counted(
        len(tested), say("comparisons of this wave with the earlier one"), anchor("change")
    )
    chance = Number(percent_of(level(results.wave)), say("chance of a false alarm"), anchor("method"))
    many = {
        "holm": words(
            "if nothing had changed at all, the chance that even one is called larger than chance would explain is at "
            "most {chance}.",
            chance=chance,
        ),
        "benjamini-hochberg": words(
            "of the changes called larger than chance would explain, at most {chance} are expected to be false alarms "
            "(if the tests are independent or go together).",
            chance=chance,
        ),
    }[results.wave.compare.adjust]
    return [
        paragraph(
            words(
                "{count} statements are compared, and the more one compares, the more looks like change by chance. The "
                "verdicts take account of that (the method of {name}): {many}",
                count=count,
                name=translated(FAMILIES[results.wave.compare.adjust]),
                many=many,
            ),
            words(
                "The intervals do not: one may leave out zero where the verdict does not. A change that chance could "
                "explain may still be real: with few respondents, only large changes can be told from chance. And a "
                "change is not an effect: nothing here says what caused it."
            ),
        )
    ]


# --- Evidence ---------------------------------------------------------------------------------------------------------


def _rules(results: Results) -> Block:
    numbers = Numbers(results)
    tested = int(results.change["p_value"].notna().sum())
    count = numbers.counted(tested, say("changes tested"), anchor("change"))
    chance = Number(
        percent_of(level(results.wave)), say("adjusted p-value under which chance is ruled out"), anchor("change")
    )
    facts = [
        [
            say("Compared"),
            joined([quoted(translated(WHOM[kind])) for kind in dict.fromkeys(compared(results)["compared"])], "; "),
        ],
        [say("Formulas"), quoted("; ".join(map(translated, dict.fromkeys(compared(results)["method"]))))],
        [
            say("Rule"),
            words(
                "larger than chance would explain: the p-value, adjusted for all {count} tests of this part by the "
                "method of {name}, is below {chance}",
                count=count,
                name=translated(FAMILIES[results.wave.compare.adjust]),
                chance=chance,
            ),
        ],
        [say("Kept in"), link("change.csv", "change.csv")],
        [say("Sources"), quoted(translated(SOURCES))],
    ]
    if match := results.wave.compare.match:
        item = results.codebook.items[match]
        said = words("by “{wording}”, read in both raw files and kept in neither result", wording=item.wording)
        facts.insert(1, [say("Matched"), said])
    title = words("Change since {earlier}", earlier=titles(results)[0])
    facts = [[name, content] for name, content in facts if content]
    return Block(block="evidence", id=anchor("change"), title=title, facts=facts, table=None)


def _evidence(results: Results, one: object) -> Block:
    whom = quoted(translated(WHOM[one.compared])) if one.compared else _why_not(one)
    facts = [[say("Compared"), whom]]
    if one.compared and one.reason:
        facts.append([say("Not compared with themselves"), quoted(translated(one.reason))])
    for title, when in zip(titles(results), (EARLIER, NOW), strict=True):
        if not pd.isna(getattr(one, f"{when}base")):
            said = words("{count}, {share}", count=x_of_n(results, one, when), share=share(results, one, when))
            facts.append([title, said])
    if one.compared == MATCHED:
        both, earlier, later, neither = (int(getattr(one, name)) for name in COUNTS[-4:])
        said = [
            words("both times {n}", n=_about(one, whole(both), "counted both times", both)),
            words("only then {n}", n=_about(one, whole(earlier), "counted only then", earlier)),
            words("only now {n}", n=_about(one, whole(later), "counted only now", later)),
            words("neither time {n}", n=_about(one, whole(neither), "counted neither time", neither)),
        ]
        facts.append([say("Counted"), joined(said, ", ")])
    if one.compared:
        exact = points(results.coarse(one.change, "change"), 2)
        said = words(
            "{exact} points, {interval}",
            exact=_moved(results, one, exact, "change in points, two decimals"),
            interval=_interval(results, one),
        )
        facts += [[say("Change"), said], [say("Formulas"), quoted(translated(one.method))]]
        p = _p(results, one, "p_value", "p-value")
        adjusted = _p(results, one, "adjusted_p", "adjusted p-value")
        facts.append([say("p-value"), words("{p}; adjusted {adjusted}", p=p, adjusted=adjusted)])
        verdict = _verdict(one, "larger than chance would explain", "chance could explain it")
        facts.append([say("Verdict"), quoted(verdict)])
    if one.reworded:
        facts += _wordings(results, one)
    title = words("Change: {statement}", statement=one.statement)
    return Block(block="evidence", id=_anchor(one), title=title, facts=facts, table=None)


def _wordings(results: Results, one: object) -> list[list]:
    """Return both wordings of what the two waves asked differently."""
    return [
        [say("Worded in {wave}", wave=title), quoted(wording)]
        for item, worded in results.change_facts["wording"].items()
        if item in one.reworded.split()
        for title, wording in zip(titles(results), worded, strict=True)
    ]
