"""What lies beside the report to be taken away: figures, a workbook, a citation, what describes tables and run."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from impact_report import citation, language, manifest, packaging, provenance
from impact_report.columns import CHANGE, ESTIMATES
from impact_report.edition import Edition
from impact_report.estimates import COARSE, WITHHELD
from impact_report.exporters.standing import described, pictures, standing
from impact_report.exporters.structure import plain_text
from impact_report.language import say
from impact_report.palette import LIGHT, painted
from impact_report.parts.workbook import kept_for_workbook
from impact_report.tables import Content, write_workbook

FIGURES, WORDS = "figures", "figures.json"
WORKBOOK = "estimates.xlsx"
CITATION = "citation.json"


@dataclass
class Downloads:
    """The files beside one edition's report; `source` is the folder that the notebooks left, `cover` the report's."""

    edition: Edition
    source: Path
    cover: Mapping[str, Any]

    def write_what_describes(self, folder: Path, inputs: Mapping[str, str], notebooks: Mapping[str, str]) -> None:
        """Write workbook, citation, data package and record into the edition's folder, which has all else by then.

        `inputs` and `notebooks` are the SHA-256 of the files that the edition is made from, by path.
        """
        write_workbook(folder / WORKBOOK, self.workbook)
        self.write_json(folder / CITATION, self.cited.csl)
        licence, about = self.codebook.survey.licence, self.codebook.survey.subject
        package = packaging.data_package(folder, self.cited, about, self.notice, licence, inputs)
        self.write_json(folder / packaging.NAME, package)
        crate = provenance.crate(folder, self.cited, about, licence, self.date, inputs, notebooks)
        self.write_json(folder / provenance.NAME, crate)

    def write_json(self, path: Path, content: Any) -> None:
        """Write plain facts as JSON."""
        path.write_text(manifest.as_text(content), encoding="utf-8", newline="\n")

    def write_figures(self, folder: Path) -> None:
        """Write each figure with its words around it into the edition's folder: as a drawing, and as a picture."""
        folder = folder / FIGURES
        words = json.loads((self.source / WORDS).read_text(encoding="utf-8"))
        folder.mkdir()
        told, drawings = self.cover.get("language", language.SOURCE), {}
        palette = LIGHT | self.cover.get("colours", {}).get("light", {})
        drawn = {name: (self.source / FIGURES / f"{name}.svg").read_text(encoding="utf-8") for name in words}
        said = {
            name: {key: plain_text(figure[key]) for key in ("title", "subtitle", "source")}
            for name, figure in words.items()
        }
        texts = [*drawn.values(), *(text for one in said.values() for text in one.values())]
        letters = "".join(sorted({letter for text in texts for letter in text if letter.isprintable()}))
        for name, figure in sorted(words.items()):
            svg = painted(drawn[name], palette)
            drawings[name] = standing(svg, **said[name], alt=figure["alt"], language=told, letters=letters)
            (folder / f"{name}.svg").write_text(drawings[name], encoding="utf-8", newline="\n")
        for (name, figure), picture in zip(sorted(words.items()), pictures(list(drawings.values())), strict=True):
            title, source = plain_text(figure["title"]), plain_text(figure["source"])
            (folder / f"{name}.png").write_bytes(described(picture, title, figure["alt"], source, told))

    @cached_property
    def codebook(self) -> Any:
        """The codebook, told in the language of the report."""
        return self.edition.codebook(language.of_words(self.edition.told_in))

    @cached_property
    def wave(self) -> Any:
        """The facts of the wave, told in the language of the report."""
        return self.edition.wave_facts(language.of_words(self.edition.told_in))

    @cached_property
    def cited(self) -> citation.Citation:
        """How the edition is cited."""
        return citation.citation(self.edition, self.codebook, self.wave, self.name)

    @property
    def name(self) -> str:
        """What the edition is called."""
        return self.cover.get("edition") or self.wave.title

    @property
    def notice(self) -> str:
        """What is said of invented respondents; "" where there are none."""
        return plain_text(self.cover.get("notice") or [])

    @property
    def date(self) -> dt.date:
        """The date that the report bears."""
        return dt.date.fromisoformat(self.cover["date"])

    @property
    def workbook(self) -> Content:
        """What the workbook is made of."""
        licence = self.codebook.survey.licence
        return Content(
            codebook=self.codebook,
            estimates=self.rows("estimates", tuple(ESTIMATES)),
            changes=self.rows("change", tuple(CHANGE)),
            date=self.date,
            title=self.cover["title"],
            edition=self.name,
            notes=[
                *((label, plain_text(words)) for label, words in self.cover.get("facts") or []),
                (say("How to cite it"), self.cited.text),
                *([(say("Licence"), licence)] if licence else []),
            ],
            notice=(self.cover.get("notice_title") or say("Notice"), self.notice) if self.notice else None,
            publisher=self.cited.publisher,
            language=self.cover.get("language", language.SOURCE),
            paper=self.cover.get("paper", "a4"),
            withholds_counts=self.wave.withholds_counts,
            **kept_for_workbook(self.source),
        )

    def rows(self, name: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
        """Return the rows of a published table; [] where there is none.

        Numbers have as many digits as the published text has, where that matters; types are those of the table.
        """
        import pyarrow.csv
        import pyarrow.parquet

        if not (self.source / f"{name}.csv").is_file():
            return []
        table = pyarrow.parquet.read_table(self.source / f"{name}.parquet")
        shown = pyarrow.csv.read_csv(self.source / f"{name}.csv")
        found = {
            column: (shown if column in (*COARSE, *WITHHELD) else table).column(column).to_pylist()
            for column in columns
        }
        return [dict(zip(found, values, strict=True)) for values in zip(*found.values(), strict=True)]
