"""The proof of a draft: every text of the export, once, goes through the cleaning that the report will use."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from impact_report import codebook as codebook_module
from impact_report import wave as wave_module
from impact_report.binding import bind
from impact_report.decoding import Decoder
from impact_report.readers import Export

_MOST_TEXTS = 20_000  # of one column; numbers and dates with more were looked at all together


def unexplained(codebook: str, wave: str, export: Export, file: str) -> list[str]:
    """Return the items of a drafted codebook with an answer that it does not explain.

    Raises CodebookError, WaveError or ExportError where the draft contradicts itself or does not fit the columns.

    >>> from impact_report.readers import Column
    >>> codebook = '''
    ... survey: {id: choir, title: Choir, subject: Singers.}
    ... items: {sings: {question: Sings, kind: single, codes: {"yes": "Yes"}}}
    ... sections: [{id: all, title: All, indicators: [{id: sing, statement: They sing, item: sings, counts: "yes"}]}]'''
    >>> wave = '''
    ... {title: "2024", fielded: {start: 2024-05-01, end: 2024-05-03}, reference_date: {date: 2024, source: a page},
    ... respondents: persons, smallest_count: 5, population: {universe: singers},
    ... method: {strategy: survey, sponsor: us, recruitment: mail, mode: web, limitations: few}}'''
    >>> text = pd.DataFrame({0: pd.Categorical(["Yes", "Seldom"])}, index=[2, 3])
    >>> unexplained(codebook, wave, Export("plain", (Column(0, "Sings", "Sings"),), text), "choir.csv")
    ['sings']
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "codebook.yml").write_text(codebook, encoding="utf-8")
        (Path(folder) / "wave.yml").write_text(wave, encoding="utf-8")
        items = codebook_module.load(Path(folder) / "codebook.yml")
        facts = wave_module.load(Path(folder), items)
    small = _each_text_once(export)
    bound = bind(small, items, facts, file)
    decoder = Decoder(small, items, small.text.index)
    return [name for name in items.items if decoder.item(name, bound.get(name)).unknown]


def _each_text_once(export: Export) -> Export:
    """Return the export with as many rows as its columns have texts at most, so that each text stands there."""
    count = min(_MOST_TEXTS, max(len(export.text[position].cat.categories) for position in export.text))
    text, declared = {}, {}
    for position in export.text:
        cells = export.text[position].cat
        places = np.arange(count) % max(1, len(cells.categories))
        if not len(cells.categories):
            places = np.full(count, -1)
        text[position] = pd.Categorical.from_codes(places, cells.categories)
        if position in export.user_missing:
            marked = np.unique(cells.codes.to_numpy()[export.user_missing[position]])
            declared[position] = np.isin(places, marked)
    frame = pd.DataFrame(text, pd.RangeIndex(1, count + 1))
    return replace(export, text=frame, user_missing=declared, not_shown={}, previews=None, unfinished=None)
