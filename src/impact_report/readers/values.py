"""Typed values as text: how numbers, dates, times, yes and no are written when a file is not text to begin with."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Sequence

import numpy as np
import pandas as pd

_SECOND = dt.timedelta(seconds=1)
_MIDNIGHT = dt.time()
_LAST_SECOND = dt.datetime.max.replace(microsecond=0)


def number(value: float) -> str:
    """Return a number in its shortest form, never with an exponent; what is not a number is empty.

    >>> [number(value) for value in (5.0, 2.5, 1e-05, -0.0, 1e17, float("nan"))]
    ['5', '2.5', '0.00001', '0', '100000000000000000', '']
    """
    if value != value:
        return ""
    if isinstance(value, int | np.integer):
        return str(value)
    return np.format_float_positional(value + 0, trim="-")  # + 0: a zero has no sign


def texts(values: Sequence[object]) -> list[str]:
    """Return the values of one column as text.

    Dates and times are ISO, to the nearest second, as spreadsheets show them. A column in which all times are midnight
    holds dates; in any other, a date says its midnight too, so that the whole column is written in one way.

    >>> texts([True, 5.0, "Yes ", None, dt.timedelta(hours=30)])
    ['TRUE', '5', 'Yes ', '', '30:00:00']
    >>> texts([dt.date(2020, 11, 17)])
    ['2020-11-17']
    >>> texts([dt.date(2020, 11, 17), dt.datetime(2020, 11, 17, 18, 23, 57, 999000)])
    ['2020-11-17 00:00:00', '2020-11-17 18:23:58']
    """
    exact = [_to_the_second(value) for value in values]
    timed = any(isinstance(value, dt.datetime) and value.time() != _MIDNIGHT for value in exact)
    return [_text(value, timed) for value in exact]


def categories(places: np.ndarray, distinct: Sequence[str]) -> pd.Categorical:
    """Return a column of texts from the place of each cell among its distinct texts, where -1 is an empty cell.

    >>> categories(np.array([0, 1, -1, 2]), ["Yes", "No", "Yes"]).tolist()
    ['Yes', 'No', '', 'Yes']
    """
    once = {text: place for place, text in enumerate(dict.fromkeys([*distinct, ""]))}
    renumbered = np.array([once[text] for text in [*distinct, ""]])  # place -1 is the last one: empty
    labels = pd.Index(list(once), dtype="str")
    return pd.Categorical.from_codes(renumbered[places], categories=labels).remove_unused_categories()


def _to_the_second(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime(warn=False)
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None)  # the clock of the place that the file names
        exact = value.replace(microsecond=0)
        return exact + _SECOND if value.microsecond >= 500_000 and exact != _LAST_SECOND else exact
    return value


def _text(value: object, timed: bool) -> str:
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | np.number):
        return number(value)
    if isinstance(value, decimal.Decimal):
        return _decimal(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ") if timed else value.date().isoformat()
    if isinstance(value, dt.date):
        return f"{value.isoformat()} 00:00:00" if timed else value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("seconds")
    if isinstance(value, dt.timedelta):
        return _duration(value)
    return str(value)


def _decimal(value: decimal.Decimal) -> str:
    """Return a decimal with all of its digits: to normalise it would round it to 28.

    >>> [_decimal(decimal.Decimal(one)) for one in ("12.50", "1E+3", "-0.00")]
    ['12.5', '1000', '0']
    """
    text = f"{abs(value) if value.is_zero() else value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _duration(value: dt.timedelta) -> str:
    seconds = round(abs(value) / _SECOND)
    sign = "-" if value < dt.timedelta() else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
