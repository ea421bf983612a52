"""What the types of a codebook cannot see: unknown names, texts with two meanings, routing in a circle."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from impact_report import yamlfile
from impact_report.codebook.model import CODED, EXCEL, Codebook, Condition, Fact, Indicator, Item
from impact_report.errors import near
from impact_report.wording import normalise

# Anchors of the report's own: what is called so, or begins so, would be there twice.
RESERVED = {
    *("method", "rows", "grim", "comparison", "ledger", "half", "grim_table"),
    *("grim_own", "response", "response_table"),
}
RESERVED_ITEMS = ("respondent", "source_row", "design")  # columns of the responses
RESERVED_BEGIN = ("fact_", "answers_", "of_", "members_", "rule_", "published_")
RESERVED_SECTIONS = {"grim", "comparison", "set_aside", "facts", "respondents", "published"}
RESERVED_SECTIONS_BEGIN = ("by_", "members_")
_ONLY_OF = {"separator": "multiple", "decimal": "quantity", "ranges": "quantity", "numbers": "quantity"}
_OF_ONE_QUANTITY = ("total", "mean", "median")
_ONLY_OF_MEASURE = {
    "item": _OF_ONE_QUANTITY,
    "numerator": ("ratio",),
    "denominator": ("ratio",),
    "weighted": ("total",),
    "round_down_to": ("total",),
    "unit": (*_OF_ONE_QUANTITY, "ratio"),
    "decimals": (*_OF_ONE_QUANTITY, "ratio", "response_rate"),
    "rate": ("response_rate",),
    "where": ("roster",),
    "names": ("roster",),
    "since": ("years_since",),
}
_NEEDED_BY_MEASURE = {
    **dict.fromkeys(_OF_ONE_QUANTITY, ("item",)),
    "ratio": ("numerator", "denominator", "definition"),
    "response_rate": ("rate",),
    "years_since": ("since",),
}
_NEEDED_WORDS = {
    "item": "name the quantity",
    "numerator": "name the quantities to be added up",
    "denominator": "name the quantities to be added up",
    "definition": "say what is divided by what, and what is left out",
    "rate": "choose one of AAPOR's, rr1 to rr6",
    "since": "name one of wave.yml's facts",
}
_NO_EMPTY_TEXT = "remove it: an empty cell is no answer, without being told"
Finding = tuple[yamlfile.Place, str, str, str]


def of_translation(codebook: Codebook) -> Iterator[Finding]:
    """Yield what is wrong with a codebook as it is told in another language: place, expected, found, what to do."""
    yield from _unfilled(codebook)
    for name, item in codebook.items.items():
        first: dict[str, str] = {}
        for code, one in item.codes.items():
            same = first.setdefault(normalise(one.label), code)
            if same != code:
                found = f"{one.label!r}, as {same!r} is called"
                yield ("items", name, "codes", code), "a label of its own", found, "tell the two answers apart"


def _unfilled(codebook: Codebook) -> Iterator[Finding]:
    """Yield the wordings with a place for something, and without that place."""
    for s, section in enumerate(codebook.sections):
        if "{statement}" not in section.reads:
            found = repr(section.reads)
            yield ("sections", s, "reads"), "a sentence with {statement}", found, "put {statement} in it"
    for k, fact in enumerate(codebook.facts):
        place, found = ("facts", k, "phrase"), repr(fact.phrase)
        if fact.phrase.count("{value}") != 1:
            yield place, "a phrase with {value}, once", found, "put {value} in it, once"
        if any(character.isdigit() for character in fact.phrase):
            yield place, "a phrase without digits: every number is computed", found, "remove them"


def contradictions(codebook: Codebook) -> Iterator[Finding]:
    """Yield what the types cannot see: place, expected, found, what to do."""
    for kind, texts in codebook.missing.items():
        if not all(map(normalise, texts)):
            yield ("missing", kind), "texts with letters or digits", "an empty one", _NO_EMPTY_TEXT
    for name, item in codebook.items.items():
        yield from _item(name, item, codebook)
    yield from _columns(codebook)
    yield from _circles(codebook)
    seen: dict[str, yamlfile.Place] = {}
    yield from _unfilled(codebook)
    for s, section in enumerate(codebook.sections):
        for k, indicator in enumerate(section.indicators):
            place: yamlfile.Place = ("sections", s, "indicators", k)
            if indicator.id in seen:
                yield (
                    (*place, "id"),
                    "an id of its own",
                    f"{indicator.id!r} a second time",
                    "rename one of the two",
                )
            seen[indicator.id] = place
            yield from _indicator(indicator, place, codebook)
    yield from _reserved(codebook)
    ids = [section.id for section in codebook.sections]
    for s, name in enumerate(ids):
        if name in ids[:s]:
            yield ("sections", s, "id"), "an id of its own", f"{name!r} a second time", "rename one of the two"
    for k, name in enumerate(codebook.groups):
        if name in codebook.groups[:k]:
            yield ("groups", k), "each grouping once", f"{name!r} a second time", "remove it"
        if name not in codebook.items:
            yield ("groups", k), "an item", repr(name), near(name, list(codebook.items))
        elif codebook.items[name].kind not in ("single", "scale"):
            yield (
                ("groups", k),
                "an item of kind single or scale",
                f"{name!r} is {codebook.items[name].kind}",
                "choose another",
            )
        elif codebook.items[name].personal:
            yield ("groups", k), "an item without personal data", f"{name!r} is personal", "choose another"
    for k, fact in enumerate(codebook.facts):
        if fact.id in [one.id for one in codebook.facts[:k]]:
            yield ("facts", k, "id"), "an id of its own", f"{fact.id!r} a second time", "rename one of the two"
        yield from _fact(fact, ("facts", k), codebook)


def _item(name: str, item: Item, codebook: Codebook) -> Iterator[Finding]:
    place: yamlfile.Place = ("items", name)
    if item.kind in CODED and not item.codes:
        yield (*place, "codes"), f"codes, since {name!r} is {item.kind}", "none", "list the answers"
    if item.kind not in CODED and item.codes:
        yield (
            (*place, "codes"),
            f"no codes, since {name!r} is {item.kind}",
            f"{len(item.codes)}",
            "remove them or change the kind",
        )
    for key, kind in _ONLY_OF.items():
        if key in item.model_fields_set and item.kind != kind:
            yield (*place, key), f"an item of kind {kind} for `{key}`", f"{name!r} is {item.kind}", "remove it"
    if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
        yield (
            (*place, "minimum"),
            "a minimum below the maximum",
            f"{item.minimum:g} > {item.maximum:g}",
            "swap them",
        )
    meaning: dict[str, str] = {}
    if name in RESERVED_ITEMS:
        yield place, "a name that the responses do not use themselves", repr(name), "rename the item"
    if item.kind == "multiple" and "missing" in item.codes:
        yield (*place, "codes", "missing"), "a code that the responses do not use themselves", "'missing'", "rename it"
    for kind, texts in [*((code, [one.label, *one.texts]) for code, one in item.codes.items()), *item.missing.items()]:
        if not all(map(normalise, texts)):
            yield (
                (*place, "codes" if kind in item.codes else "missing", kind),
                "texts with letters or digits",
                "an empty one",
                _NO_EMPTY_TEXT,
            )
    for pattern in item.formats:
        if pattern != EXCEL and (fault := _wrong_format(pattern)):
            yield (
                (*place, "formats"),
                "a date format as %m/%d/%Y",
                f"{pattern!r}: {fault}",
                "see Python's strptime for the letters",
            )
    for text in item.numbers:
        if kind := codebook.missing_texts(item).get(normalise(text)):
            found = f"{text!r} is also missing: {kind}"
            yield (*place, "numbers"), "a text with one meaning", found, "keep it in one"
    opened = [code for code, one in item.codes.items() if one.open]
    if len(opened) > 1 and item.kind != "multiple":
        found = " and ".join(map(repr, opened))
        yield (*place, "codes", opened[1]), "one code for any other text", found, "remove `open` from one of them"
    for code, one in item.codes.items():
        for text in dict.fromkeys(map(normalise, (one.label, *one.texts))):
            if text in meaning:
                yield (
                    (*place, "codes", code),
                    "a text with one meaning",
                    f"{text!r} means {meaning[text]!r} and {code!r}",
                    "keep it in one",
                )
            meaning[text] = code
    for kind, texts in item.missing.items():
        for text in texts:
            if normalise(text) in meaning:
                yield (
                    (*place, "missing", kind),
                    "a text with one meaning",
                    f"{text!r} is also the code {meaning[normalise(text)]!r}",
                    "keep it in one",
                )
    if item.ask_if:
        yield from of_condition(item.ask_if, (*place, "ask_if"), codebook)
    yield from _tiles(name, item)


def _tiles(name: str, item: Item) -> Iterator[Finding]:
    """Yield what is wrong with the places of an item's answers on a map."""
    place: yamlfile.Place = ("items", name, "tiles")
    if item.tiles and item.kind not in ("single", "scale"):
        yield place, "an item of kind single or scale for `tiles`", f"{name!r} is {item.kind}", "remove it"
        return
    taken: dict[tuple[int, int], str] = {}
    for code, spot in item.tiles.items():
        if code not in item.codes:
            yield (*place, code), f"a code of {name!r}", repr(code), near(code, list(item.codes))
        if spot in taken:
            found = f"{code!r} on the place of {taken[spot]!r}, column {spot[0]}, row {spot[1]}"
            yield (*place, code), "a tile of its own", found, "move one of the two"
        taken.setdefault(spot, code)
    if missing := [code for code in item.codes if code not in item.tiles] if item.tiles else []:
        yield place, "a tile for each code", f"none for {', '.join(map(repr, missing))}", "add them"


def _wrong_format(pattern: str) -> str:
    """Return what is wrong with a date format, or nothing."""
    try:
        dt.datetime.strptime("", pattern)
    except ValueError as fault:
        return str(fault) if "directive" in str(fault) or "stray" in str(fault) else ""
    except re.error:
        return "the same letter twice"
    return ""


def _reserved(codebook: Codebook) -> Iterator[Finding]:
    """Yield each id that would give two things in the report the same anchor."""
    groups = [
        f"_{item}_{code}" for item in codebook.groups if item in codebook.items for code in codebook.items[item].codes
    ]
    of_groups = {indicator.id + more for indicator in codebook.indicators for more in (*groups, "_table")}
    for s, section in enumerate(codebook.sections):
        if section.id in RESERVED_SECTIONS or section.id.startswith(RESERVED_SECTIONS_BEGIN):
            yield ("sections", s, "id"), "an id the report does not use itself", repr(section.id), "rename it"
        for k, one in enumerate(section.indicators):
            if one.id in RESERVED | of_groups or one.id.startswith(RESERVED_BEGIN):
                place = ("sections", s, "indicators", k, "id")
                yield place, "an id the report does not use itself", repr(one.id), "rename it"


def _columns(codebook: Codebook) -> Iterator[Finding]:
    owner: dict[tuple[str, str], str] = {}
    for name, item in codebook.items.items():
        for column in dict.fromkeys(map(normalise, item.columns or [item.question])):
            key = (column, normalise(item.row or ""))
            if key in owner:
                yield (
                    ("items", name),
                    "a column of its own",
                    f"{name!r} and {owner[key]!r} on the column {column!r}",
                    "give one of them another column, or a row",
                )
                break
            owner[key] = name


def _circles(codebook: Codebook) -> Iterator[Finding]:
    """Yield each item whose routing leads back to itself."""
    asks = {
        name: [one for one in item.ask_if.tests if one in codebook.items] if item.ask_if else []
        for name, item in codebook.items.items()
    }
    for name in asks:
        path = _path_back(name, name, asks, set())
        if path:
            yield (
                ("items", name, "ask_if"),
                "routing that ends",
                " → ".join([name, *path]),
                "remove one of these conditions",
            )


def _path_back(start: str, name: str, asks: dict[str, list[str]], seen: set[str]) -> list[str] | None:
    """Return the items from `name` back to `start`, or None."""
    for before in asks[name]:
        if before == start:
            return [start]
        if before not in seen:
            seen.add(before)
            if (rest := _path_back(start, before, asks, seen)) is not None:
                return [before, *rest]
    return None


def of_condition(condition: Condition, place: yamlfile.Place, codebook: Codebook) -> Iterator[Finding]:
    """Yield what is wrong with a condition on answers, wherever it stands."""
    for name, chosen in condition.tests.items():
        item = codebook.items.get(name)
        if item is None:
            yield (*place, name), "an item", repr(name), near(name, list(codebook.items))
            continue
        for code in (*chosen.any, *chosen.all, *chosen.none):
            if item.kind in CODED and code not in item.codes:
                yield (*place, name), f"a code of {name!r}", repr(code), near(code, list(item.codes))
            if item.kind == "date":
                found = f"{code!r}, though {name!r} is a date"
                yield (*place, name), "`answered`", found, "dates have no codes; rows.window in wave.yml sets days"
            if item.kind == "quantity" and not _is_number(code):
                found = f"{code!r}, though {name!r} is a quantity"
                yield (*place, name), "a number", found, "write a number, or use `below` and `at_least`"
        limits = [limit for limit in (chosen.below, chosen.at_least) if limit is not None]
        if limits and item.kind != "quantity":
            found = f"{name!r} is {item.kind}"
            yield (*place, name), "an item of kind quantity for `below` and `at_least`", found, "name its codes"
        if not (chosen.any or chosen.all or chosen.none or chosen.answered or limits):
            yield (
                (*place, name),
                "any, all, none, answered, below or at_least",
                "nothing",
                f"say which answers to {name!r} are meant",
            )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _indicator(indicator: Indicator, place: yamlfile.Place, codebook: Codebook) -> Iterator[Finding]:
    item = codebook.items.get(indicator.item)
    if item is None:
        yield (*place, "item"), "an item", repr(indicator.item), near(indicator.item, list(codebook.items))
        return
    if item.kind not in CODED:
        yield (*place, "item"), "an item with codes", f"{indicator.item!r} is {item.kind}", "choose another"
        return
    said = [key for key in ("counts", "top", "none_of") if getattr(indicator, key)]
    if len(said) != 1:
        found = " and ".join(said) or "none of them"
        yield place, "one of `counts`, `top` and `none_of`", found, "say which answers count"
    for key in ("counts", "none_of"):
        for code in getattr(indicator, key):
            if code not in item.codes:
                yield (*place, key), f"a code of {indicator.item!r}", repr(code), near(code, list(item.codes))
    if indicator.top is not None and (item.kind != "scale" or indicator.top >= len(item.codes)):
        yield (
            (*place, "top"),
            "fewer than all codes of a scale",
            f"{indicator.top} of {len(item.codes)} ({item.kind})",
            "lower it, or use `counts`",
        )
    if indicator.top is not None and indicator.base != "answered":
        do = "remove `base`, or name the answers under `counts`"
        yield (*place, "base"), "base `answered` beside `top`: a top box is of valid answers", indicator.base, do
    if item.personal:
        yield (
            (*place, "item"),
            "an item without personal data",
            f"{indicator.item!r} is personal",
            "choose another",
        )
    if indicator.among:
        yield from of_condition(indicator.among, (*place, "among"), codebook)
        for name in indicator.among.tests:
            if name in codebook.items and codebook.items[name].stays_raw:
                found = f"{name!r} is personal, a text or an id"
                yield (*place, "among", name), "an item whose answers leave the raw file", found, "choose another"


def _fact(fact: Fact, place: yamlfile.Place, codebook: Codebook) -> Iterator[Finding]:
    for key, measures in _ONLY_OF_MEASURE.items():
        if key in fact.model_fields_set and fact.measure not in measures:
            expected = f"`{key}` with the measure {' or '.join(measures)} only"
            yield (*place, key), expected, fact.measure, "remove it, or change the measure"
    for key in _NEEDED_BY_MEASURE.get(fact.measure, ()):
        if not getattr(fact, key):
            yield (*place, key), f"`{key}`, which the measure {fact.measure} needs", "nothing", _NEEDED_WORDS[key]
    for key, names in (("item", [fact.item]), ("numerator", fact.numerator), ("denominator", fact.denominator)):
        for k, name in enumerate(names):
            if name in names[:k]:
                yield (*place, key), "each quantity once", f"{name!r} a second time", "remove it"
            elif name:
                yield from _quantity(name, (*place, key), codebook)
    if fact.measure == "total" and fact.round_down_to and fact.decimals:
        yield (*place, "decimals"), "no decimals beside `round_down_to`", str(fact.decimals), "remove one of them"
    if fact.measure == "roster" and codebook.roster is None:
        yield place, "a roster", "none", "add `roster:` with its file to the codebook"


def _quantity(name: str, place: yamlfile.Place, codebook: Codebook) -> Iterator[Finding]:
    """Yield what is wrong with an item that is to be added up."""
    item = codebook.items.get(name)
    if item is None:
        yield place, "an item", repr(name), near(name, list(codebook.items))
    elif item.kind != "quantity":
        yield place, "an item of kind quantity", f"{name!r} is {item.kind}", "choose another"
    elif item.personal:
        yield place, "an item without personal data", f"{name!r} is personal", "choose another"
