"""What the types of a wave cannot see: names that the codebook does not have, settings that contradict each other."""

from __future__ import annotations

from math import inf
from pathlib import Path

from impact_report import yamlfile
from impact_report.codebook import Codebook, of_condition
from impact_report.errors import Problem, near
from impact_report.wave.model import COUNT_METHODS, OWN_RULES, Compare, Wave
from impact_report.wording import normalise

MARGIN_TOLERANCE = 1e-6  # margins that add up to the same population but for rounding


def contradictions(wave: Wave, codebook: Codebook, path: Path, lines: yamlfile.Lines) -> list[Problem]:
    """Return every problem of a wave read from `path`, each with its line and the near name."""
    problems: list[Problem] = []

    def item_at(place: yamlfile.Place, name: str, kinds: tuple[str, ...] = ()) -> None:
        """Note a problem unless `name` is an item (of one of the kinds)."""
        where = yamlfile.where(path.name, place, lines)
        if name not in codebook.items:
            problems.append(Problem("an item of the codebook", repr(name), where, near(name, list(codebook.items))))
        elif kinds and codebook.items[name].kind not in kinds:
            found = f"{name!r} is {codebook.items[name].kind}"
            problems.append(Problem(f"an item of kind {' or '.join(kinds)}", found, where, "choose another"))

    for name in wave.columns:
        item_at(("columns", name), name)
    for name, wording in wave.wording.items():
        item_at(("wording", name), name)
        if name in codebook.items and normalise(wording) == normalise(codebook.items[name].wording):
            where = yamlfile.where(path.name, ("wording", name), lines)
            found = "the codebook's own"
            problems.append(Problem("a wording that differs from the codebook's", found, where, "remove it"))
    for k, name in enumerate(wave.not_asked):
        item_at(("not_asked", k), name)
    if wave.compare:
        problems += _comparison_problems(path, wave.compare, lines)
        if wave.compare.match:
            item_at(("compare", "match"), wave.compare.match, ("id", "text"))
        for k, name in enumerate(wave.compare.despite):
            item_at(("compare", "despite", k), name)
    for key, rules in (("drop", wave.rows.drop), ("keep", wave.rows.keep)):
        for rule, condition in rules.items():
            if rule in OWN_RULES or (key == "keep" and rule in wave.rows.drop):
                where = yamlfile.where(path.name, ("rows", key, rule), lines)
                problems.append(Problem("a name that no other rule has", repr(rule), where, "rename the rule"))
            for place, expected, found, do in of_condition(condition, ("rows", key, rule), codebook):
                problems.append(Problem(expected, found, yamlfile.where(path.name, place, lines), do))
    own = [*wave.rows.drop, *wave.rows.keep]
    for rule in wave.rows.labels:
        if rule not in own:
            where = yamlfile.where(path.name, ("rows", "labels", rule), lines)
            problems.append(Problem("a rule of drop or keep", repr(rule), where, near(rule, own)))
    for where_used, names in _uses(wave, codebook):
        for name in sorted(set(names) & set(wave.not_asked)):
            where = yamlfile.where(path.name, ("not_asked", wave.not_asked.index(name)), lines)
            found = f"{name!r}, which {where_used} needs"
            problems.append(
                Problem("items that nothing of this wave needs", found, where, "ask it, or remove that use")
            )
    if wave.rows.duplicates:
        item_at(("rows", "duplicates", "by"), wave.rows.duplicates.by, ("id", "text"))
        item_at(("rows", "duplicates", "latest"), wave.rows.duplicates.latest, ("date",))
    if wave.rows.window:
        item_at(("rows", "window", "by"), wave.rows.window.by, ("date",))
    if wave.rows.speeders:
        item_at(("rows", "speeders", "start"), wave.rows.speeders.start, ("date",))
        item_at(("rows", "speeders", "end"), wave.rows.speeders.end, ("date",))
    if wave.weights:
        item_at(("weights",), wave.weights, ("quantity",))
        if wave.weights in codebook.items and codebook.items[wave.weights].personal:
            where = yamlfile.where(path.name, ("weights",), lines)
            found = f"{wave.weights!r} is personal"
            problems.append(Problem("an item without personal data", found, where, "choose another"))
    for name in wave.rake:
        item_at(("rake", name), name, ("single", "scale"))
    if wave.design and wave.design.strata:
        item_at(("design", "strata"), wave.design.strata, ("single", "scale", "id", "text"))
    if wave.design and wave.design.clusters:
        kinds = ("single", "scale", "quantity", "date", "id", "text")
        item_at(("design", "clusters"), wave.design.clusters, kinds)
    problems += _sampling_problems(path, wave, codebook, lines)
    needed = {fact.since for fact in codebook.facts if fact.since}
    for name in sorted(needed - set(wave.facts)):
        where = yamlfile.where(path.name, ("facts",), lines)
        problems.append(
            Problem(
                f"the dated fact {name!r}",
                ", ".join(wave.facts) or "none",
                where,
                f"add {name!r} with date and source",
            )
        )
    if wave.designed and wave.interval.method in COUNT_METHODS:
        where = yamlfile.where(path.name, ("interval", "method"), lines)
        expected = "an interval for weighted shares" if wave.weighted else "an interval that knows of the design"
        do = "use auto or korn-graubard: this one takes each answer for one drawn alone from all"
        problems.append(Problem(expected, repr(wave.interval.method), where, do))
    items = {one.item for one in codebook.indicators if one.item not in wave.not_asked}
    if wave.rows.minimum_answered > len(items):
        where = yamlfile.where(path.name, ("rows", "minimum_answered"), lines)
        expected = f"at most {len(items)}, the number of questions behind the results"
        problems.append(
            Problem(expected, str(wave.rows.minimum_answered), where, "lower it: every row would be dropped")
        )
    if wave.interval.method == "hypergeometric" and not wave.population.size:
        where = yamlfile.where(path.name, ("interval", "method"), lines)
        problems.append(Problem("population.size, which this interval needs", "none", where, "add it, or use wilson"))
    return problems


def _comparison_problems(path: Path, compare: Compare, lines: yamlfile.Lines) -> list[Problem]:
    """Return what is wrong with the wave that another is to be compared with."""
    folder = path.parent.resolve()
    others = sorted(one.parent.name for one in folder.parent.glob("*/wave.yml") if one.parent.name != folder.name)
    if compare.wave in others:
        return []
    found = "this wave itself" if compare.wave == folder.name else repr(compare.wave)
    where = yamlfile.where(path.name, ("compare", "wave"), lines)
    return [Problem("another wave of this study", found, where, near(compare.wave, others))]


def _sampling_problems(path: Path, wave: Wave, codebook: Codebook, lines: yamlfile.Lines) -> list[Problem]:
    """Return what is wrong with the margins to rake to, and with the codes of the strata."""
    problems: list[Problem] = []

    def problem(place: yamlfile.Place, expected: str, found: str, do: str) -> None:
        problems.append(Problem(expected, found, yamlfile.where(path.name, place, lines), do))

    def codes(place: yamlfile.Place, name: str, given: dict) -> None:
        known = list(codebook.items[name].codes) if name in codebook.items else []
        for code in given if known else ():
            if code not in known:
                problem((*place, code), f"a code of {name!r}", repr(code), near(code, known))

    for name, totals in wave.rake.items():
        codes(("rake", name), name, totals)
        for code, total in totals.items():
            if not 0 <= total < inf:
                problem(("rake", name, code), "a population total, 0 or more", f"{total:g}", "write how many there are")
        if not totals:
            problem(("rake", name), "a population total for each code", "none", "write how many there are of each")
    sums = {name: sum(totals.values()) for name, totals in wave.rake.items()}
    if sums and not problems and max(sums.values()) - min(sums.values()) > MARGIN_TOLERANCE * max(sums.values()):
        said = ", ".join(f"{name}: {total:g}" for name, total in sums.items())
        problem(("rake",), "margins that add up to the same population", said, "correct the totals")
    size, units = wave.population.size, wave.design.units if wave.design else None
    for name, total in sums.items() if size and not problems else ():
        if abs(total - size) > MARGIN_TOLERANCE * size:
            expected, do = f"totals that add up to population.size, {size}", "correct the totals or population.size"
            problem(("rake", name), expected, f"{total:g}", do)
    if size and isinstance(units, int) and not wave.design.clusters and units != size:
        expected, do = f"population.size, {size}: without clusters each member is a unit", "correct one of the two"
        problem(("design", "units"), expected, str(units), do)
    if wave.rake_source and not wave.rake:
        problem(("rake_source",), "margins that this is the source of", "no `rake`", "remove it, or add `rake`")
    if wave.design and isinstance(wave.design.units, dict):
        codes(("design", "units"), wave.design.strata, wave.design.units)
    return problems


def _uses(wave: Wave, codebook: Codebook) -> list[tuple[str, list[str]]]:
    """Return what needs the answers to which items: if this wave did not ask them, it would silently do nothing."""
    uses = [(f"the rule rows.drop.{rule}", list(condition.tests)) for rule, condition in wave.rows.drop.items()]
    uses += [(f"the rule rows.keep.{rule}", list(condition.tests)) for rule, condition in wave.rows.keep.items()]
    if wave.rows.window:
        uses.append(("rows.window", [wave.rows.window.by]))
    if wave.rows.speeders:
        uses.append(("rows.speeders", [wave.rows.speeders.start, wave.rows.speeders.end]))
    if wave.rows.duplicates:
        uses.append(("rows.duplicates", [wave.rows.duplicates.by, wave.rows.duplicates.latest]))
    if wave.weights:
        uses.append(("weights", [wave.weights]))
    uses += [(f"rake.{name}", [name]) for name in wave.rake]
    if wave.design:
        uses += [(f"design.{use}", [name]) for use in ("strata", "clusters") if (name := getattr(wave.design, use))]
    if wave.wording:
        uses.append(("wording", list(wave.wording)))
    if wave.compare and wave.compare.match:
        uses.append(("compare.match", [wave.compare.match]))
    asked = {name: item for name, item in codebook.items.items() if name not in wave.not_asked}
    uses += [(f"ask_if of {name!r}", list(item.ask_if.tests)) for name, item in asked.items() if item.ask_if]
    uses += [
        (f"the indicator {one.id!r}", list(one.among.tests))
        for one in codebook.indicators
        if one.among and one.item in asked
    ]
    return uses
