"""What the earlier notebooks of an edition left, read back from their files."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from impact_report import (
    change,
    cleaning,
    contrasts,
    disclosure,
    facts,
    formulas,
    plausibility,
    readers,
    response,
    translations,
    wave,
)
from impact_report import estimates as estimates_module
from impact_report import language as language_module
from impact_report import tally as tally_module
from impact_report.brand import Brand
from impact_report.codebook import Codebook, Indicator, Item
from impact_report.edition import Edition
from impact_report.errors import EstimationError, ParameterError, Problem, WaveError, near
from impact_report.readers import delimited
from impact_report.tally import EVERYONE
from impact_report.wave import Wave

PUBLISHED = "published.csv"
_PERCENT = r"(0|[1-9]\d?)(\.\d{1,2})?|100(\.0{1,2})?"
PUBLISHED_TEXTS = ("section", "statement", "phrase", "by_construction", "source", "note")  # which readers see
PUBLISHED_COLUMNS = ["set", "section", "indicator", "statement", "percent", "count", "source", "note"]
PUBLISHED_IF_WANTED = ["phrase", "by_construction"]


@dataclass(frozen=True)
class Results:
    """An edition and the folder with what has been computed for it."""

    edition: Edition
    folder: Path
    codebook: Codebook
    wave: Wave

    @classmethod
    def of(
        cls, study: str, wave: str, group: str = "", processed: str = "data/processed", language: str = ""
    ) -> Results:
        """Return the results of an edition, by the parameters every notebook has, to be told in its language."""
        edition = Edition.of(study, wave, group, language)
        language_module.use(edition.words_in)
        told = language_module.of_words(edition.told_in)
        folder = edition.processed(processed)
        folder.mkdir(parents=True, exist_ok=True)
        return cls(edition, folder, edition.codebook(told), edition.wave_facts(told))

    @cached_property
    def brand(self) -> Brand:
        """How the publisher wants the report to look."""
        return self.edition.brand(language_module.of_words(self.edition.told_in))

    @property
    def as_asked(self) -> bool:
        """Whether the report gives questions in the language they were asked in, and not a translation."""
        return language_module.of_words(self.edition.told_in) == language_module.of_words(
            self.edition.codebook().survey.language
        )

    # 01_clean

    def clean(self) -> cleaning.Cleaned:
        """Read and clean the raw export; keep responses, ledger and summary.

        Raises what `cleaning.clean` raises, and WaveError where there are more respondents than the population has.
        """
        cleaned = _cleaned(self.edition.wave_folder, self._wave_to_read_by, self._codebook_to_read_by)
        size = self.wave.population.size
        if size and len(cleaned.responses) > size:
            found = f"{size}, but {len(cleaned.responses)} rows were kept"
            where = "wave.yml, population.size"
            raise WaveError(
                Problem("a population no smaller than its respondents", found, where, "correct one of them")
            )
        if self.wave.response:
            response.dispositions(self.wave, cleaned.summary)
        cleaned.responses.to_parquet(self.folder / "responses.parquet", index=False)
        cleaned.ledger.to_csv(self.folder / "ledger.csv", index=False, lineterminator="\n")
        self._write("cleaning.json", {**cleaned.summary, "item_columns": cleaned.columns})
        return cleaned

    def coarse(self, value: float, name: str) -> float:
        """Return a figure, named as its column in a table, with as many digits as may be published of it."""
        return estimates_module.coarse(value, name, *self._waves)

    @property
    def withholds_counts(self) -> bool:
        """Whether this wave, or the one that it is compared with, withholds its counts: see `coarse`."""
        return any(one.withholds_counts for one in self._waves)

    @cached_property
    def _waves(self) -> list[Wave]:
        """The wave, and the one that it is compared with."""
        before = [self.edition.study / self.wave.compare.wave] if self.compared else []
        return [self.wave, *(wave.load(folder, self.codebook) for folder in before)]

    @cached_property
    def cleaning(self) -> dict:
        """The sums of the cleaning, and the raw columns of each item."""
        return self._read("cleaning.json", "01_clean")

    @cached_property
    def response_cases(self) -> response.Dispositions:
        """What became of everybody in the wave's sample, where wave.yml states it."""
        return response.dispositions(self.wave, self.cleaning)

    @cached_property
    def responses_of_wave(self) -> pd.DataFrame:
        """One row a respondent of the whole wave."""
        return pd.read_parquet(self._file("responses.parquet", "01_clean"))

    @cached_property
    def responses(self) -> pd.DataFrame:
        """One row a respondent of this edition. Raises EstimationError where a group is too small to report on."""
        responses, group = self.responses_of_wave, self.edition.group_of
        if group:
            responses = responses[responses[group[0]] == group[1]].reset_index(drop=True)
            if len(responses) < self.wave.minimum_base:
                do = "choose a larger group; smaller ones are not published"
                found = "fewer"
                where = f"GROUP={self.edition.group}"
                raise EstimationError(Problem(f"{self.wave.minimum_base} respondents or more", found, where, do))
        return responses

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """One row a thing done to a raw row or answer."""
        return pd.read_csv(self._file("ledger.csv", "01_clean"), dtype=str, keep_default_na=False)

    # 02_indicators

    def estimate(self) -> pd.DataFrame:
        """Compute and keep the table of estimates."""
        everybody, group = self.responses_of_wave, self.edition.group_of
        suppression = disclosure.suppression(everybody, self.codebook, self.wave, crossed=bool(group))
        if group and len(self.responses) and suppression.size(group):
            found = "one that is hidden, so that a smaller one cannot be deduced"
            do = "choose another group; this one is not published"
            raise EstimationError(Problem("a group that may be shown", found, f"GROUP={self.edition.group}", do))
        table = _estimated(everybody, self.wave, self.edition.wave, self.codebook, suppression, group)
        if not self.wave.weighted:
            plausibility.check_own(table)
        table.to_parquet(self.folder / "estimates.parquet", index=False)
        shown = estimates_module.published(table, self.wave)
        formulas.defused(shown).to_csv(self.folder / "estimates.csv", index=False, lineterminator="\n")
        self._members(suppression).to_parquet(self.folder / "members.parquet", index=False)
        return table

    def _members(self, suppression: disclosure.Suppression) -> pd.DataFrame:
        """Return each grouping's groups with their respondents; blank where that must be hidden."""
        own = [self.edition.group_of] if self.edition.group else []
        rows = [
            (group_by, code, int((self.responses[group_by] == code).sum()), suppression.size((group_by, code), *own))
            for group_by in self.groupings
            for code in self.codebook.items[group_by].codes
        ]
        table = pd.DataFrame(rows, columns=["group_by", "group", "respondents", "suppressed"])
        table["respondents"] = table["respondents"].astype("Int64").mask(table["suppressed"])
        return table

    @cached_property
    def members(self) -> pd.DataFrame:
        """One row a group of each grouping: its respondents, missing where `suppressed`."""
        return pd.read_parquet(self._file("members.parquet", "02_indicators"))

    @property
    def compared(self) -> bool:
        """Whether this edition is compared with another wave; one of a group is not."""
        return self.wave.compare is not None and not self.edition.group

    def compare(self) -> pd.DataFrame | None:
        """Compute and keep what has changed since the wave that this one is compared with; None if there is none.

        Both exports are read and cleaned again, so that respondents are matched in memory and leave only counts.
        Raises WaveError where the waves cannot be compared, and what reading and cleaning raise.
        """
        if not self.compared:
            return None
        match = self.wave.compare.match
        before = self.edition.study / self.wave.compare.wave
        codebook, facts_now = self._codebook_to_read_by, self._wave_to_read_by
        facts_before = wave.load(before, codebook).at_confidence(facts_now.interval.confidence)
        cleaned = _cleaned(before, facts_before, codebook, match)
        suppression = disclosure.suppression(cleaned.responses, codebook, facts_before)
        estimates = _estimated(cleaned.responses, facts_before, before.name, codebook, suppression)
        earlier = change.Side(before.name, facts_before, codebook, cleaned, estimates)
        cleaned = _cleaned(self.edition.wave_folder, facts_now, codebook, match)
        later = change.Side(self.edition.wave, facts_now, codebook, cleaned, self.estimates)
        found = change.compare(earlier, later)
        statements = {indicator.id: indicator.statement for indicator in self.codebook.indicators}
        found.table["statement"] = found.table["indicator"].map(statements)
        found.table.to_parquet(self.folder / "change.parquet", index=False)
        shown = estimates_module.published(found.table, facts_before, self.wave)
        formulas.defused(shown).to_csv(self.folder / "change.csv", index=False, lineterminator="\n")
        self._write("change.json", self._told(found.facts))
        self.earlier.folder.mkdir(exist_ok=True)
        self.earlier._write("cleaning.json", {**earlier.cleaned.summary, "item_columns": earlier.cleaned.columns})
        return found.table

    def _told(self, facts_of_change: dict) -> dict:
        """Return what is said of all comparisons together in the language of the report, as far as it has words."""
        told = {**facts_of_change, "earlier": {**facts_of_change["earlier"], "title": self.earlier.wave.title}}
        told["wording"] = {
            item: [side._wording_told(item, wording) for side, wording in zip((self.earlier, self), asked, strict=True)]
            for item, asked in facts_of_change["wording"].items()
        }
        return told

    def _wording_told(self, item: str, asked: str) -> str:
        """Return a wording of this wave in the language of the report; one known from the export alone as it stands."""
        known = {self._codebook_to_read_by.items[item].wording: self.codebook.items[item].wording}
        if item in self.wave.wording:
            known[self._wave_to_read_by.wording[item]] = self.wave.wording[item]
        return known.get(asked, asked)

    @cached_property
    def earlier(self) -> Results:
        """The wave that this one is compared with, of which only the sums of the cleaning are kept."""
        edition = self.edition.model_copy(update={"wave": self.wave.compare.wave})
        told = language_module.of_words(edition.told_in)
        return Results(edition, self.folder / "earlier", self.codebook, edition.wave_facts(told))

    @cached_property
    def change(self) -> pd.DataFrame:
        """What has changed since the wave that this one is compared with: one row an indicator."""
        return pd.read_parquet(self._file("change.parquet", "02_indicators"))

    @cached_property
    def change_facts(self) -> dict:
        """The earlier wave, how many respondents answered both times, and what was worded otherwise."""
        return self._read("change.json", "02_indicators")

    def compute_facts(self) -> list[dict]:
        """Compute and keep the headline facts; of a group there are none, since they speak of the whole."""
        found = []
        if not self.edition.group:
            told = language_module.of_words(self.edition.told_in)
            study = self.edition.study
            found = facts.headline_facts(self.responses, self.codebook, self.wave, study, self.cleaning, told)
        self._write("facts.json", found)
        return found

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """The tidy table: one row an indicator and group."""
        return pd.read_parquet(self._file("estimates.parquet", "02_indicators"))

    @cached_property
    def facts(self) -> list[dict]:
        """The headline facts."""
        return self._read("facts.json", "02_indicators")

    @cached_property
    def of_everyone(self) -> pd.DataFrame:
        """The estimates of all respondents together."""
        return self.estimates[self.estimates["group_by"] == EVERYONE]

    @property
    def groupings(self) -> list[str]:
        """The items by which results are shown side by side; not the one this edition is a group of."""
        own = self.edition.group_of
        return [item for item in self.codebook.groups if not own or item != own[0]]

    @cached_property
    def contrasts(self) -> pd.DataFrame:
        """The groups compared with each other and with all others: one row a comparison."""
        return contrasts.compare(self.estimates, self.wave)

    def by_group(self, group_by: str) -> pd.DataFrame:
        """Return the estimates of the groups of one grouping."""
        return self.estimates[self.estimates["group_by"] == group_by]

    def row(self, indicator: str, group_by: str = EVERYONE, group: str = EVERYONE) -> dict:
        """Return one estimate, by the columns of the table; hidden figures are missing."""
        key = (indicator, group_by, group)
        if key not in self._rows:
            do = near(indicator, [one.id for one in self.codebook.indicators])
            raise ParameterError(Problem("an estimate", "none", f"{indicator} {group_by}/{group}", do))
        return self._rows[key]

    def groups_of(self, indicator: str, group_by: str) -> dict[str, dict]:
        """Return the estimates of an indicator in the groups of one grouping, each by the columns of the table."""
        return self._rows_of_groups.get((indicator, group_by), {})

    @cached_property
    def _rows_of_groups(self) -> dict[tuple[str, str], dict[str, dict]]:
        found: dict[tuple[str, str], dict[str, dict]] = {}
        for (indicator, group_by, group), row in self._rows.items():
            found.setdefault((indicator, group_by), {})[group] = row
        return found

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], dict]:
        table = self.estimates
        keys = zip(table["indicator"], table["group_by"], table["group"], strict=True)
        return dict(zip(keys, table.to_dict("records"), strict=True))

    def asked(self, name: str) -> Item:
        """Return an item as this wave worded it, in the language of the report."""
        return _worded(self.codebook.items[name], self.wave.wording.get(name))

    def as_read(self, name: str) -> Item:
        """Return an item as this wave worded it, in the language of the raw export."""
        return _worded(self._codebook_to_read_by.items[name], self._wave_to_read_by.wording.get(name))

    @cached_property
    def _codebook_to_read_by(self) -> Codebook:
        return self.edition.codebook()

    @cached_property
    def _wave_to_read_by(self) -> Wave:
        return self.edition.wave_facts()

    def indicator(self, name: str) -> Indicator:
        """Return an indicator of the codebook."""
        return next(one for one in self.codebook.indicators if one.id == name)

    @cached_property
    def published(self) -> pd.DataFrame:
        """The published figures, of all sets. Raises WaveError where the file is not as it should be."""
        path = self.edition.study / PUBLISHED
        if not path.is_file():
            if self.wave.published:
                do = "put it into the study folder, or remove `published:` from wave.yml"
                raise WaveError(Problem(f"the published figures ({PUBLISHED})", "no such file", str(path.name), do))
            return pd.DataFrame(columns=[*PUBLISHED_COLUMNS, *PUBLISHED_IF_WANTED])
        table = delimited.read_with_header(path, WaveError)
        table = table.assign(**{column: "" for column in PUBLISHED_IF_WANTED if column not in table})
        problems = [
            Problem(f"a column {column!r}", ", ".join(table.columns), PUBLISHED, near(column, list(table.columns)))
            for column in PUBLISHED_COLUMNS
            if column not in table
        ]
        if not problems:
            known = [one.id for one in self.codebook.indicators] + [one.id for one in self.codebook.facts]
            columns = zip(table["indicator"], table["percent"], table["count"], strict=True)
            for row, (name, percent, count) in enumerate(columns, start=2):
                if name and name not in known:
                    problems.append(Problem("an indicator", repr(name), f"{PUBLISHED}, row {row}", near(name, known)))
                if percent and not re.fullmatch(_PERCENT, percent):
                    do = "write it as it was published, without a percent sign; a decimal dot, at most two decimals"
                    problems.append(Problem("a percentage as 83 or 83.5", repr(percent), f"{PUBLISHED}, row {row}", do))
                if count and not re.fullmatch(r"\d+(\.\d+)?", count):
                    do = "write it in digits alone; words as 'more than' go into the phrase"
                    problems.append(Problem("a number as 750 or 18.97", repr(count), f"{PUBLISHED}, row {row}", do))
            problems += self._phrases_without_value(table)
            percents = [float(one) for one in table["percent"] if re.fullmatch(_PERCENT, one)]
            if percents and 0 < max(percents) < 1:
                do = "multiply them by a hundred, and round them as they were published"
                problems.append(Problem("percentages, as 83", f"{max(percents)} at most", f"{PUBLISHED}, percent", do))
            sets = sorted(set(table["set"]))
            if self.wave.published and self.wave.published not in sets:
                where = f"wave.yml, published, and {PUBLISHED}"
                problems.append(
                    Problem(
                        "a set of published figures", repr(self.wave.published), where, near(self.wave.published, sets)
                    )
                )
        if problems:
            raise WaveError(problems)
        return self._published_told(table)

    def _phrases_without_value(self, table: pd.DataFrame) -> list[Problem]:
        """Return what is wrong with how published numbers were printed: "more than {value}", in each language."""
        phrases = [column for column in table if column == "phrase" or column.startswith("phrase_")]
        return [
            Problem(
                "{value}, once", repr(phrase), f"{PUBLISHED}, row {row}, {column}", "write it as 'more than {value}'"
            )
            for column in phrases
            for row, phrase in enumerate(table[column], start=2)
            if phrase and phrase.count("{value}") != 1
        ]

    def _published_told(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the published figures in the language of the report.

        What they have no translation of, and the codebook has in the same words, is told in the codebook's.
        """
        read = self._codebook_to_read_by
        wanted, own = map(language_module.of_words, (self.edition.told_in, read.survey.language))
        told = translations.told(table, PUBLISHED_TEXTS, wanted, PUBLISHED, WaveError, own)
        statements = {(one.id, one.statement): self.indicator(one.id).statement for one in read.indicators}
        sections = {one.title: there.title for one, there in zip(read.sections, self.codebook.sections, strict=True)}
        named = zip(table["indicator"], table["statement"], strict=True)
        worded = {
            "statement": [statements.get((name, statement), statement) for name, statement in named],
            "section": [sections.get(section, section) for section in table["section"]],
        }
        untold = {column: told[column] == table[column] for column in worded}
        return told.assign(**{column: told[column].mask(untold[column], said) for column, said in worded.items()})

    # 03_charts

    def keep_figure(self, name: str, wide: str, narrow: str | None, words: dict) -> None:
        """Keep a drawing (SVG) and the words that belong to it."""
        folder = self.folder / "figures"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.svg").write_text(wide, encoding="utf-8")
        if narrow:
            (folder / f"{name}-narrow.svg").write_text(narrow, encoding="utf-8")
        kept = self.folder / "figures.json"
        figures = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
        self._write("figures.json", {**figures, name: words}, indent=None)  # written again with each figure

    def figure(self, name: str) -> dict:
        """Return a figure's words, with `svg` and `svg_narrow`."""
        words = self._read("figures.json", "03_charts")
        if name not in words:
            raise ParameterError(Problem("a figure of 03_charts", repr(name), "04_report", near(name, list(words))))
        folder = self.folder / "figures"
        narrow = folder / f"{name}-narrow.svg"
        return {
            **words[name],
            "svg": (folder / f"{name}.svg").read_text(encoding="utf-8"),
            "svg_narrow": narrow.read_text(encoding="utf-8") if narrow.is_file() else None,
        }

    # files

    def _file(self, name: str, notebook: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            where = f"{self.folder.parent.name}/{self.folder.name}"
            raise ParameterError(
                Problem(f"{name}, which {notebook} leaves", "no such file", where, f"run {notebook} first")
            )
        return path

    def _read(self, name: str, notebook: str) -> dict:
        return json.loads(self._file(name, notebook).read_text(encoding="utf-8"))

    def _write(self, name: str, content: object, indent: int | None = 1) -> None:
        text = json.dumps(content, indent=indent, ensure_ascii=False, sort_keys=True) + "\n"
        (self.folder / name).write_text(text, encoding="utf-8")


def _worded(item: Item, wording: str | None) -> Item:
    """Return an item with the wording of a wave, where it has one of its own."""
    return item.model_copy(update={"question": wording, "row": None}) if wording else item


def _cleaned(folder: Path, facts_: Wave, codebook: Codebook, named_by: str | None = None) -> cleaning.Cleaned:
    """Return what cleaning leaves of a wave's export."""
    path = wave.export_file(folder, facts_)
    export = readers.read(path, facts_.format, facts_.sheet, facts_.encoding)
    file = f"{folder.name}/{path.name}" if named_by else path.name
    return cleaning.clean(export, codebook, facts_, file, named_by)


def _estimated(
    responses: pd.DataFrame,
    facts_: Wave,
    name: str,
    codebook: Codebook,
    suppression: disclosure.Suppression,
    group: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Return the table of estimates of a wave, from all its responses; of one group of it, if given."""
    inside = (responses[group[0]] == group[1]).to_numpy(dtype=bool) if group else None
    tally = tally_module.tally(responses, codebook, inside)
    return estimates_module.estimate(tally, codebook, facts_, name, suppression, group)
