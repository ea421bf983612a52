"""Conditions on answers: who was asked, who is eligible, which rows a rule is about."""

from __future__ import annotations

import pandas as pd

from impact_report.codebook import Codebook, Condition
from impact_report.wording import normalise, normalise_all


def holds(condition: Condition | None, responses: pd.DataFrame, codebook: Codebook) -> pd.Series:
    """Return, for each response, whether every test of the condition is met (no condition: always).

    >>> from impact_report.codebook import Item
    >>> codebook = Codebook.model_construct(items={
    ...     "role": Item(question="Role?", kind="single", codes={"firm": "Firm", "school": "School"})})
    >>> responses = pd.DataFrame({"role": ["firm", "school", None]})
    >>> holds(Condition(role="firm"), responses, codebook).tolist()
    [True, False, False]
    """
    met = pd.Series(True, index=responses.index)
    for name, chosen in condition.tests.items() if condition else ():
        if chosen.any:
            met &= _any_of(name, chosen.any, responses, codebook)
        for code in chosen.all:
            met &= _any_of(name, [code], responses, codebook)
        if chosen.none:
            met &= answered(name, responses) & ~_any_of(name, chosen.none, responses, codebook)
        if chosen.answered:
            met &= answered(name, responses)
        if chosen.below is not None:
            met &= (responses[name] < chosen.below).fillna(False).astype(bool)
        if chosen.at_least is not None:
            met &= (responses[name] >= chosen.at_least).fillna(False).astype(bool)
    return met


def answered(name: str, responses: pd.DataFrame) -> pd.Series:
    """Return, for each response, whether the item has a substantive answer."""
    return responses[f"{name}.missing"].isna()


def _any_of(name: str, codes: list[str], responses: pd.DataFrame, codebook: Codebook) -> pd.Series:
    if codebook.items[name].kind == "multiple":
        return responses[[f"{name}.{code}" for code in codes]].fillna(False).astype(bool).any(axis=1)
    if codebook.items[name].codes:
        return responses[name].isin(codes)
    if codebook.items[name].kind == "quantity":
        return responses[name].isin([float(code) for code in codes])
    if codebook.items[name].stays_raw:
        said = dict(zip(responses[name].cat.categories, normalise_all(responses[name].cat.categories), strict=True))
        return responses[name].map(said).isin(list(map(normalise, codes)))
    return responses[name].astype(str).isin(codes)
