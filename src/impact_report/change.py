"""What has changed between two waves: the same indicators, of the same respondents or of different ones.

An indicator is compared where both waves asked it in the same words and both may show it. Respondents who are named in
both waves are compared with themselves; else the two waves are taken for independent, which is cautious where many are
the same people and answer alike twice. Counts are taken for those of a draw from very many, which is cautious where
most of a known population answered. All comparisons of a report are one family, and what is said of each takes account
of how many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from impact_report import difference, precision
from impact_report.cleaning import Cleaned
from impact_report.codebook import Codebook, Indicator
from impact_report.contrasts import level
from impact_report.errors import Problem, WaveError
from impact_report.rounding import significant
from impact_report.tally import EVERYONE, outcomes
from impact_report.wave import Wave
from impact_report.wording import normalise

COLUMNS = [
    "wave",
    "earlier_wave",
    "section",
    "indicator",
    "statement",
    "compared",  # one of KINDS; empty where it is not
    "reason",  # why it is not compared, or not by respondents who answered both times
    "reworded",  # the items behind it that the two waves worded differently
    "earlier_count",
    "earlier_base",
    "earlier_proportion",
    "count",
    "base",
    "proportion",
    "change",  # the later share minus the earlier one, −1 to 1
    "low",
    "high",
    "method",
    "p_value",
    "adjusted_p",
    "larger_than_chance",
    "both",
    "only_earlier",
    "only_later",
    "neither",
    "invented",
]
COUNTS = ["earlier_count", "earlier_base", "count", "base", "both", "only_earlier", "only_later", "neither"]
SHARES = ["earlier_proportion", "proportion", "change", "low", "high", "p_value", "adjusted_p"]
MATCHED, INDEPENDENT, WEIGHTED = "matched", "independent", "weighted"
KINDS = (MATCHED, INDEPENDENT, WEIGHTED)
METHODS = {
    MATCHED: "Newcombe's interval for matched respondents; McNemar's exact test",
    INDEPENDENT: "Newcombe's interval (method 10); chi-squared test (N − 1), or Fisher's exact one",
    WEIGHTED: "from the interval of each wave (MOVER); t-test from both variances",
}
# Why an indicator is not compared.
NOT_ASKED = "not asked in both waves"
REWORDED = "the question was worded otherwise"
HIDDEN = "too few answers to show it in both waves"
NO_ANSWERS = "nobody answered in one of the waves"
NO_INTERVAL = "it cannot be estimated in one of the waves"
# Why respondents are not compared with themselves.
FEW_MATCHED = "too few respondents answered both times"
FEW_OTHERS = "so few respondents answered only one of the two times that their answers would show"
OF_WEIGHTS = "the shares are weighted, or the respondents were drawn in groups"
# What a respondent gives an indicator: nothing, an answer that does not count, one that does.
_NONE, _NO, _YES = range(3)


@dataclass(frozen=True)
class Side:
    """One of the two waves: its facts, what cleaning left of it (with names, to match), its estimates of everyone.

    `estimates` is the table of `estimates.estimate`, in which what must stay hidden is blank.
    """

    name: str
    wave: Wave
    codebook: Codebook
    cleaned: Cleaned
    estimates: pd.DataFrame

    @cached_property
    def rows(self) -> dict[str, dict]:
        """The estimates of everyone by indicator."""
        everyone = self.estimates[self.estimates["group_by"] == EVERYONE]
        return dict(zip(everyone["indicator"], everyone.to_dict("records"), strict=True))

    @cached_property
    def states(self) -> dict[str, np.ndarray]:
        """What each respondent gives each indicator: nothing, an answer that does not count, one that does."""
        found = {}
        for indicator in self.codebook.indicators:
            flags = outcomes(self.cleaned.responses, self.codebook, indicator)
            found[indicator.id] = (flags["base"].astype(int) + flags["count"].astype(int)).to_numpy()
        return found


@dataclass(frozen=True)
class Change:
    """What has changed: one row an indicator (`COLUMNS`), and what is said of all of them together."""

    table: pd.DataFrame
    facts: dict


def compare(earlier: Side, later: Side) -> Change:
    """Return what has changed from the earlier wave to the later one, by the settings of the later one (`compare`).

    Raises WaveError where the waves are in the wrong order, share no indicator, or one of them did not ask for what
    is to match their respondents.
    """
    codebook = later.codebook
    _check(earlier, later, codebook)
    matching = _match(earlier, later, codebook) if later.wave.compare.match else None
    rows = [_row(section.id, indicator, earlier, later, codebook) for section, indicator in _indicators(codebook)]
    table = pd.DataFrame(rows).reindex(columns=COLUMNS)
    table = _with_kinds(table, matching, earlier.wave.designed or later.wave.designed)
    table = _with_tests(table, earlier, later)
    table[COUNTS] = table[COUNTS].astype("Int64")
    table[SHARES] = table[SHARES].astype(float).map(significant)
    facts = {**_facts(table, matching, earlier, later), "intervals": _intervals(table, earlier, later)}
    return Change(table, facts)


def _indicators(codebook: Codebook) -> Iterator[tuple]:
    return ((section, indicator) for section in codebook.sections for indicator in section.indicators)


# --- Which indicators -------------------------------------------------------------------------------------------------


def _check(earlier: Side, later: Side, codebook: Codebook) -> None:
    problems = []
    if earlier.wave.fielded.start > later.wave.fielded.start:
        found = f"{earlier.name!r}, fielded from {earlier.wave.fielded.start}"
        expected = f"a wave fielded before this one ({later.wave.fielded.start})"
        problems.append(Problem(expected, found, "wave.yml, compare.wave", "let the later wave name the earlier one"))
    match = later.wave.compare.match
    if match and match in earlier.wave.not_asked:
        do = "choose an item that both waves have, or remove `match`"
        found = f"{match!r}, which {earlier.name!r} did not ask"
        problems.append(Problem("an item that names respondents in both waves", found, "wave.yml, compare.match", do))
    if not any(_asked_in(one, codebook, earlier) and _asked_in(one, codebook, later) for one in codebook.indicators):
        do = "compare with another wave, or remove `compare`"
        where = f"wave.yml, compare.wave: {earlier.name}"
        problems.append(Problem("an indicator that both waves asked", "none", where, do))
    if problems:
        raise WaveError(problems)


def items_of(indicator: Indicator, codebook: Codebook) -> list[str]:
    """Return the items that decide about an indicator: its own, and those that say whom it is about.

    >>> from impact_report.codebook import Codebook, Item, Section, Condition
    >>> items = {name: Item(question=f"{name}?", kind="single") for name in ("role", "trained")}
    >>> one = Indicator(id="trained", statement="trained", item="trained", among=Condition(role="firm"))
    >>> section = Section(id="s", title="S", indicators=[one])
    >>> items_of(one, Codebook(survey={"id": "x", "title": "X", "subject": "X."}, items=items, sections=[section]))
    ['trained', 'role']
    """
    conditions = [codebook.items[indicator.item].ask_if, indicator.among]
    return list(dict.fromkeys([indicator.item, *(name for one in conditions if one for name in one.tests)]))


def _asked_in(indicator: Indicator, codebook: Codebook, side: Side) -> bool:
    return not set(items_of(indicator, codebook)) & set(side.wave.not_asked)


def asked_as(item: str, codebook: Codebook, wave: Wave, cleaned: Cleaned) -> str:
    """Return how a wave worded an item: as wave.yml says, else as its raw column is headed, else as the codebook does.

    The heading counts only where it is a wording, of several words, that the codebook does not list as one of the
    item's names: a short name says nothing of the wording, and a name that is listed stands for the same question.
    """
    if item in wave.wording:
        return wave.wording[item]
    one = codebook.items[item]
    repaired = {letter for letter, *_ in cleaned.summary["headers_repaired"]}
    known = tuple(normalise(text) for text in one.wordings)
    for _, letter, title in cleaned.columns.get(item, []):
        said = normalise(title)
        explained = said in known or said.startswith(tuple(f"{text} - " for text in known))
        if " " in said and not explained and letter not in repaired:
            return title.rpartition(" – ")[0] if one.kind == "multiple" and " – " in title else title
    return one.wording


def _reworded(indicator: Indicator, codebook: Codebook, earlier: Side, later: Side) -> list[str]:
    """Return the items behind an indicator that the two waves worded differently."""
    found = []
    for item in items_of(indicator, codebook):
        said = {normalise(asked_as(item, codebook, side.wave, side.cleaned)) for side in (earlier, later)}
        found += [item] if len(said) > 1 else []
    return found


def _row(section: str, indicator: Indicator, earlier: Side, later: Side, codebook: Codebook) -> dict:
    """Return what the two waves say of an indicator, and why it cannot be compared, if it cannot."""
    row = {
        "wave": later.name,
        "earlier_wave": earlier.name,
        "section": section,
        "indicator": indicator.id,
        "statement": indicator.statement,
        "reason": "",
        "reworded": "",
        "invented": earlier.wave.invented or later.wave.invented,
    }
    asked = [_asked_in(indicator, codebook, side) for side in (earlier, later)]
    shown = []
    for prefix, side, was_asked in (("earlier_", earlier, asked[0]), ("", later, asked[1])):
        estimate = side.rows[indicator.id]
        shown.append(was_asked and not estimate["suppressed"])
        for name in ("count", "base", "proportion"):
            row[prefix + name] = estimate[name] if shown[-1] and estimate["base"] > 0 else np.nan
    if not all(asked):
        return row | {"reason": NOT_ASKED}
    reworded = _reworded(indicator, codebook, earlier, later)
    row["reworded"] = " ".join(reworded)
    least = max(earlier.wave.minimum_base, later.wave.minimum_base)
    if set(reworded) - set(later.wave.compare.despite):
        return row | {"reason": REWORDED}
    if not all(shown):
        return row | {"reason": HIDDEN}
    if np.isnan(row["earlier_base"]) or np.isnan(row["base"]):
        return row | {"reason": NO_ANSWERS}
    return row | {"reason": HIDDEN if min(row["earlier_base"], row["base"]) < least else ""}


# --- Which respondents ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Matching:
    """The respondents of two waves: how many answered both times, and the table of their answers to each indicator.

    `tables` has for an indicator how many gave which state (nothing, no, yes) at the earlier time (rows) and at the
    later time (columns); `why_not` says why a table must not be shown, or nothing.
    """

    matched: int
    lost: int
    new: int
    unnamed: bool  # whether the names of some respondents are not known
    tables: Mapping[str, np.ndarray]
    why_not: Mapping[str, str]


def _match(earlier: Side, later: Side, codebook: Codebook) -> _Matching:
    """Return how respondents match by their names; those without one cannot."""
    least = max(earlier.wave.minimum_base, later.wave.minimum_base)
    fewest = max(side.wave.smallest_count or 1 for side in (earlier, later))
    names = [np.asarray(side.cleaned.names, dtype=object) for side in (earlier, later)]
    place = pd.Index(names[1]).get_indexer_for(np.where(names[0] == "", None, names[0]))
    matched, lost = np.flatnonzero(place >= 0), np.flatnonzero(place < 0)
    new = np.setdiff1d(np.arange(len(names[1])), place[matched])
    few = len(matched) < least, any(0 < len(others) < least for others in (lost, new))
    tables, why_not = {}, {}
    for family in _families(codebook):
        before, after = [], []
        for indicator in family:
            first, second = earlier.states[indicator.id], later.states[indicator.id]
            before.append(np.concatenate([first[matched], first[lost], np.zeros(len(new), int)]))
            after.append(np.concatenate([second[place[matched]], np.zeros(len(lost), int), second[new]]))
            tables[indicator.id] = np.bincount(3 * before[-1] + after[-1], minlength=9).reshape(3, 3)
        few_alike = _few_alike(np.stack([*before, *after], axis=1), fewest)
        for indicator in family:
            both, others = _sizes(tables[indicator.id])
            few_others = few[1] or few_alike or any(0 < other < least for other in others)
            why_not[indicator.id] = FEW_MATCHED if few[0] or both < least else FEW_OTHERS if few_others else ""
    unnamed = any((one == "").any() for one in names)
    return _Matching(len(matched), len(lost), len(new), unnamed, tables, why_not)


def _families(codebook: Codebook) -> list[list[Indicator]]:
    """Return the indicators whose counts together tell how one question was answered."""
    found: dict[tuple[str, str], list[Indicator]] = defaultdict(list)
    for indicator in codebook.indicators:
        several = codebook.items[indicator.item].kind == "multiple"
        found[indicator.item, indicator.id if several else ""].append(indicator)
    return list(found.values())


def _few_alike(states: np.ndarray, fewest: int) -> bool:
    """Say whether some way of answering, over both times, is that of a few respondents.

    `states` has one row a respondent and one column an indicator and time. The counts of those who answered both times
    stand beside those of everyone, so that the counts of those who answered once follow: they are cells as well.

    >>> _few_alike(np.array([[2, 2]] * 5 + [[1, 1]] * 5 + [[2, 0]] * 2), 5), _few_alike(np.array([[2, 2], [0, 0]]), 1)
    (True, False)
    """
    way = np.zeros(len(states), int)
    for state in states.T:
        way = pd.factorize(3 * way + state)[0]
    counts = np.bincount(way[states.any(axis=1)])
    return bool(((counts > 0) & (counts < fewest)).any())


def _sizes(table: np.ndarray) -> tuple[int, tuple[int, int]]:
    """Return how many answered both times, and how many only the earlier and only the later time.

    >>> _sizes(np.array([[9, 0, 7], [2, 3, 4], [1, 5, 6]]))  # 3 + 4 + 5 + 6; 2 + 1; 0 + 7
    (18, (3, 7))
    """
    return int(table[_NO:, _NO:].sum()), (int(table[_NO:, _NONE].sum()), int(table[_NONE, _NO:].sum()))


# --- How much, and whether by chance ----------------------------------------------------------------------------------


def _with_kinds(table: pd.DataFrame, matching: _Matching | None, design_based: bool) -> pd.DataFrame:
    """Return the table with how each indicator is compared; matched counts take the place of everyone's."""
    comparable = table["reason"] == ""
    table = table.assign(compared=np.where(comparable, WEIGHTED if design_based else INDEPENDENT, ""))
    if matching is None:
        return table
    for place in table.index[comparable]:
        name = table.at[place, "indicator"]
        reason = OF_WEIGHTS if design_based else matching.why_not[name]
        table.at[place, "reason"] = reason
        if reason:
            continue
        counts = matching.tables[name]
        found = {
            "both": counts[_YES, _YES],
            "only_earlier": counts[_YES, _NO],
            "only_later": counts[_NO, _YES],
            "neither": counts[_NO, _NO],
        }
        base = sum(found.values())
        for prefix, only in (("earlier_", "only_earlier"), ("", "only_later")):
            count = found["both"] + found[only]
            found |= {f"{prefix}count": count, f"{prefix}base": base, f"{prefix}proportion": count / base}
        table.loc[place, list(found)] = [float(one) for one in found.values()]
        table.at[place, "compared"] = MATCHED
    return table


def _with_tests(table: pd.DataFrame, earlier: Side, later: Side) -> pd.DataFrame:
    """Return the table with each change, its interval, its p-value, and whether chance would explain it."""
    settings, confidence = later.wave.compare, later.wave.interval.confidence
    found = table.astype(dict.fromkeys([*COUNTS, *SHARES], float)).astype({"method": object})
    for kind, compute in ((MATCHED, _matched), (INDEPENDENT, _independent), (WEIGHTED, _weighted)):
        rows = found.index[found["compared"] == kind]
        if len(rows):
            apart, p = compute(found.loc[rows], earlier, later, confidence)
            found.loc[rows, ["change", "low", "high", "p_value"]] = np.column_stack([*apart, p])
            found.loc[rows, "method"] = METHODS[kind]
    unknown = (found["compared"] != "") & found[["low", "p_value"]].isna().any(axis=1)
    found.loc[unknown, ["change", "low", "high", "p_value"]] = np.nan
    found.loc[unknown, ["compared", "method", "reason"]] = "", "", NO_INTERVAL
    found["method"] = found["method"].fillna("")
    found["adjusted_p"] = difference.adjust(found["p_value"].to_numpy(), settings.adjust)
    larger = pd.array(found["adjusted_p"] < level(later.wave), dtype="boolean")
    found["larger_than_chance"] = pd.Series(larger, found.index).mask(found["adjusted_p"].isna())
    return found


Tested = tuple[difference.Difference, np.ndarray]


def _matched(rows: pd.DataFrame, earlier: Side, later: Side, confidence: float) -> Tested:
    counts = [rows[name].to_numpy() for name in ("both", "only_later", "only_earlier", "neither")]
    return difference.paired(*counts, confidence), difference.mcnemar(counts[1], counts[2])


def _independent(rows: pd.DataFrame, earlier: Side, later: Side, confidence: float) -> Tested:
    counts = [rows[name].to_numpy() for name in ("count", "base", "earlier_count", "earlier_base")]
    return difference.independent(*counts, confidence), difference.independent_p(*counts)


def _weighted(rows: pd.DataFrame, earlier: Side, later: Side, confidence: float) -> Tested:
    limits, moments = [], []
    for side in (later, earlier):
        known = pd.DataFrame([side.rows[name] for name in rows["indicator"]])
        share, base = known["proportion"].to_numpy(float), known["base"].to_numpy(float)
        if side.wave.designed:
            low, high = known["low"].to_numpy(float), known["high"].to_numpy(float)
            degrees, effect = (known[name].to_numpy(float) for name in ("degrees_of_freedom", "design_effect"))
        else:
            low, high = precision.wilson(known["count"].to_numpy(float), base, confidence)
            degrees, effect = base - 1, 1
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = effect * share * (1 - share) / (base - 1)
        spread = difference.recovered_variance(share, low, high, degrees, confidence)
        limits += [share, low, high]
        moments += [share, np.where(variance > 0, variance, spread), degrees]
    return difference.from_intervals(*limits), difference.design_p(*moments)


def _intervals(table: pd.DataFrame, earlier: Side, later: Side) -> dict[str, dict[str, dict]]:
    """Return by indicator the interval of each wave's share, `earlier` and `now`, where there is one."""
    sides = (("earlier", "earlier_", earlier), ("now", "", later))
    return {
        row["indicator"]: {name: ends for name, prefix, side in sides if (ends := _interval(row, prefix, side))}
        for row in table.to_dict("records")
    }


def _interval(row: dict, prefix: str, side: Side) -> dict | None:
    """Return low, high, method: of matched respondents Wilson's, which Newcombe's is made of; else the estimate's."""
    count, base = row[f"{prefix}count"], row[f"{prefix}base"]
    if pd.isna(base):
        return None
    if row["compared"] == MATCHED:
        ends = precision.wilson(float(count), float(base), side.wave.interval.confidence)
        return {
            **dict(zip(("low", "high"), (significant(float(end)) for end in ends), strict=True)),
            "method": "wilson",
        }
    estimate = side.rows[row["indicator"]]
    return None if pd.isna(estimate["low"]) else {name: estimate[name] for name in ("low", "high", "method")}


def _facts(table: pd.DataFrame, matching: _Matching | None, earlier: Side, later: Side) -> dict:
    """Return what is said of all comparisons together; how many respondents match only where it may be told."""
    wave = earlier.wave
    told = matching is not None and (table["compared"] == MATCHED).any()
    return {
        "earlier": {
            "name": earlier.name,
            "title": wave.title,
            "start": wave.fielded.start.isoformat(),
            "end": wave.fielded.end.isoformat(),
            "invented": wave.invented,
            "respondents": len(earlier.cleaned.responses),
            "weighted": wave.weighted,
            "withholds_counts": wave.withholds_counts,
            "population": wave.population.size,
        },
        "respondents": len(later.cleaned.responses),
        "matched": matching.matched if told else None,
        "lost": matching.lost if told else None,
        "new": matching.new if told else None,
        "unnamed": bool(told and matching.unnamed),
        "wording": {
            item: [asked_as(item, later.codebook, side.wave, side.cleaned) for side in (earlier, later)]
            for item in dict.fromkeys(" ".join(table["reworded"]).split())
        },
    }
