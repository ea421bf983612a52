"""The report's own words and numbers in the language of the report.

Words stand in the code in English, as whole templates with named fields, so that a translation can put the fields where
its grammar wants them; other languages have a catalogue (`locales/es.po`). Numbers and dates are written by Babel.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from babel import Locale

SOURCE = "en"  # the language of the words in the code
FOLDER = "locales"  # of the catalogues, in the package


class _Current:
    """The language that is written in: one for the whole program, as a report has one."""

    code = SOURCE


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages there are, that of the code first.

    >>> languages()
    ('en', 'es')
    """
    folder = resources.files("impact_report") / FOLDER
    found = [path.name.removesuffix(".po") for path in folder.iterdir() if path.name.endswith(".po")]
    return (SOURCE, *sorted(found))


def known(code: str) -> bool:
    """Say whether there are words in a language, given as its code, with or without a country.

    >>> known("es"), known("es-US"), known("tlh")
    (True, True, False)
    """
    return of_words(code) in languages() and _locale(code) is not None


def use(code: str) -> None:
    """Write in this language from now on; raise ValueError for one without words.

    >>> use("xx")
    Traceback (most recent call last):
    ValueError: one of en, es
    """
    if not known(code):
        raise ValueError(f"one of {', '.join(languages())}")
    _Current.code = code


def current() -> str:
    """Return the code of the language that is written in.

    >>> current()
    'en'
    """
    return _Current.code


def of_words(code: str) -> str:
    """Return the code of a language without the country, by which words are looked up.

    >>> of_words("es-US")
    'es'
    """
    return code.replace("_", "-").partition("-")[0].lower()


def with_country(code: str, usual: str) -> str:
    """Return a language with the country of another one, unless it names its own: numbers are written as there.

    >>> with_country("es", "en-US"), with_country("es-MX", "en-US"), with_country("es", "en")
    ('es-US', 'es-MX', 'es')
    """
    country = usual.replace("_", "-").partition("-")[2]
    there = f"{code}-{country}"
    return there if country and of_words(code) == code.lower() and known(there) else code


@cache
def _locale(code: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


@cache
def _catalogue(code: str) -> dict:
    from babel.messages.pofile import read_po

    if code == SOURCE:
        return {}
    with (resources.files("impact_report") / FOLDER / f"{code}.po").open("rb") as file:
        return {one.id: one.string for one in read_po(file, locale=code) if one.id and one.string}


# --- Words ------------------------------------------------------------------------------------------------------------


def translated(template: str) -> str:
    """Return a template in the language of the report; as it stands where the catalogue does not have it.

    >>> translated("{n} answered.")
    '{n} answered.'
    """
    return _catalogue(of_words(_Current.code)).get(template, template)


def say(template: str, **fields: object) -> str:
    """Return plain text: a template in the language of the report, with the fields in their places.

    >>> say("{share} of {whom}", share="83%", whom="singers")
    '83% of singers'
    """
    return translated(template).format(**fields)


def spread(templates: dict[str, str]) -> dict[str, str]:
    """Return templates by name, each in the language of the report.

    >>> spread({"table": "Table"})
    {'table': 'Table'}
    """
    return {name: translated(template) for name, template in templates.items()}


def plural(one: str, many: str, number: float, **fields: object) -> str:
    """Return the template for as many as there are, in the language of the report, with the fields in their places.

    >>> plural("{n} row", "{n} rows", 1, n="one"), plural("{n} row", "{n} rows", 2, n="two")
    ('one row', 'two rows')
    """
    forms = _catalogue(of_words(_Current.code)).get((one, many), (one, many))
    return forms[0 if number == 1 else 1].format(**fields)


def listed(parts: Iterable[str], last: str = "standard") -> str:
    """Return texts as a list in words; `last` is standard (and) or or.

    >>> listed(["champions", "partners", "others"]), listed(["champions", "partners"], "or")
    ('champions, partners and others', 'champions or partners')
    """
    from babel.lists import format_list

    british = of_words(_Current.code) == SOURCE  # no comma before the last one
    return format_list(list(parts), last, _locale("en-GB" if british else _Current.code))


# --- Numbers and dates ------------------------------------------------------------------------------------------------


def number(value: float | Decimal, decimals: int = 0) -> str:
    """Return a number with its thousands separated, as it is: what has more decimals than asked for was not rounded.

    >>> number(1234), number(Decimal("1234.50"), 2)
    ('1,234', '1,234.50')
    """
    from babel.numbers import format_decimal

    return format_decimal(value, "#,##0" + "." * bool(decimals) + "0" * decimals, _locale(_Current.code))


def exact_number(value: float) -> str:
    """Return a number with all the decimals it has, up to twelve digits.

    >>> exact_number(1234.5), exact_number(0.000001)
    ('1,234.5', '0.000001')
    """
    digits = Decimal(f"{value:.12g}")
    return number(digits, max(0, -int(digits.normalize().as_tuple().exponent)))


def percent(text: str) -> str:
    """Return digits with the percent sign where the language puts it.

    >>> percent("83"), percent("69–91")
    ('83%', '69–91%')
    """
    pattern = _locale(_Current.code).percent_formats[None].pattern
    before, after = pattern.partition("#")[0], pattern.rpartition("0")[2]
    return f"{before}{text}{after}"


def long_date(day: dt.date) -> str:
    """Return a date in words.

    >>> long_date(dt.date(2019, 6, 3))
    '3 June 2019'
    """
    return _dated(day, "d MMMM y", "long")


def month_of(day: dt.date) -> str:
    """Return the month of a date in words, with the year.

    >>> month_of(dt.date(2019, 6, 1))
    'June 2019'
    """
    return _dated(day, "MMMM y", "yMMMM")


def known_date(date: str) -> str:
    """Return a date known to the year, the month or the day in words.

    >>> known_date("2019-06-03"), known_date("2019-06"), known_date("2019")
    ('3 June 2019', 'June 2019', '2019')
    """
    year, *rest = date.split("-")
    if len(rest) == 2:
        return long_date(dt.date.fromisoformat(date))
    return month_of(dt.date(int(year), int(rest[0]), 1)) if rest else year


def _dated(day: dt.date, english: str, other: str) -> str:
    """Return a date: in English the day before the month, as readers everywhere can read it."""
    from babel.dates import format_date, format_skeleton

    locale = _locale(_Current.code)
    if locale.language == SOURCE:
        return format_date(day, english, locale)
    return format_date(day, other, locale) if other == "long" else format_skeleton(other, day, locale=locale)
