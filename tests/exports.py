"""One survey as each platform would have exported it: the same answers in the shape that its files really have."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyreadstat
import xlsxwriter

from impact_report.binding import Bound
from impact_report.codebook import Codebook
from impact_report.readers import Export
from impact_report.wording import normalise, tidy

Records = list[list[object]]
_OF_SURVEYMONKEY = ("Respondent ID", "Collector ID", "Email Address", "IP Address", "First Name", "Last Name")


@dataclass(frozen=True)
class Question:
    """One item of the survey: its short name (Q4_1), its wording, and its answers by row.

    `answers` are texts; of a select-all question the codes that are ticked, each with what was written in beside it.
    """

    item: str
    name: str
    wording: str
    row: str
    labels: Mapping[str, str]  # code → label
    texts: Mapping[str, str]  # normalised text → code
    answers: Sequence[str] | Sequence[Mapping[str, str]]
    several: bool = False
    open: str = ""  # the code beside which something is written
    number: bool = False

    @property
    def heading(self) -> str:
        """The wording, but for what another platform has added under a name of its own."""
        return self.item if self.wording in _OF_SURVEYMONKEY else self.wording

    @property
    def title(self) -> str:
        return f"{self.wording} - {self.row}" if self.row else self.wording

    def code(self, text: str) -> str:
        """Return the code of an answer, or the text of one that has none."""
        return self.texts.get(normalise(text), tidy(text))

    def place(self, code: str) -> str:
        """Return the number of a code, from 1; a text that is no code stays."""
        return str(list(self.labels).index(code) + 1) if code in self.labels else code


@dataclass(frozen=True)
class Survey:
    """The questions; when each respondent began and was done, and whether it was the survey's owner who tried it."""

    questions: Sequence[Question]
    started: Sequence[str]
    ended: Sequence[str]
    previews: Sequence[bool]

    @property
    def rows(self) -> range:
        return range(len(self.ended))

    def question(self, item: str) -> Question:
        return next(one for one in self.questions if one.item == item)


@dataclass(frozen=True)
class Written:
    """A file, the format it is in, and what a codebook must know to read it.

    `columns`: item → header; `options`: item and code → header; `texts`: item and code → another text of that answer.
    """

    content: bytes
    format: str
    columns: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[tuple[str, str], str] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    absent: Sequence[str] = ()  # items that this file cannot hold
    ignore: Sequence[str] = ()


def survey_of(
    export: Export, codebook: Codebook, bound: Mapping[str, Bound], started: str, ended: str, preview: tuple[str, str]
) -> Survey:
    """Return the survey that an export holds; `started` and `ended` name the items that say when.

    `preview` is the item that tells previews, and its code.
    """
    filled = ~(export.text.astype(str) == "").all(axis=1)

    def cells(position: int) -> list[str]:
        return export.text.loc[filled, position].astype(str).tolist()

    numbers: dict[str, int] = {}
    rows: dict[str, int] = {}
    questions = []
    for item, found in bound.items():
        one = codebook.items[item]
        number = numbers.setdefault(one.question, len(numbers) + 1)
        rows[one.question] = rows.get(one.question, 0) + 1
        if one.kind == "multiple":
            by_code = {code: cells(column.position) for code, column in found.columns.items()}
            answers = [{code: text for code in by_code if (text := by_code[code][k])} for k in range(filled.sum())]
        else:
            answers = cells(found.columns[""].position)
        questions.append(
            Question(
                item,
                f"Q{number}_{rows[one.question]}" if one.row else f"Q{number}",
                tidy(one.question),
                tidy(one.row or ""),
                {code: tidy(said.label) for code, said in one.codes.items()},
                one.texts,
                answers,
                one.kind == "multiple",
                next((code for code, said in one.codes.items() if said.open), ""),
                one.kind == "quantity",
            )
        )
    moments = [
        [_moment(text) for text in next(one.answers for one in questions if one.item == item)]
        for item in (started, ended)
    ]
    item, code = preview
    tried = [one.code(text) == code for one in questions if one.item == item for text in one.answers]
    return Survey([one for one in questions if one.item not in (started, ended)], *moments, tried)


def _moment(text: str) -> str:
    return str(dt.datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p"))


# --- Files ------------------------------------------------------------------------------------------------------------


def delimited(records: Records, separator: str = ",", encoding: str = "utf-8", quoting: int = csv.QUOTE_MINIMAL,
              end: str = "\r\n") -> bytes:  # fmt: skip
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, quoting=quoting, lineterminator=end).writerows(records)
    return stream.getvalue().encode(encoding)


def with_gaps(records: Sequence[Sequence[str | None]], separator: str) -> bytes:
    """Return records all quoted, where None is written as nothing."""
    lines = [
        separator.join("" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in record)
        for record in records
    ]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8")


def workbook(records: Records) -> bytes:
    """Return a workbook with one sheet: texts, numbers, and moments as a spreadsheet's dates."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("Form responses 1")
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for row, record in enumerate(records):
            for column, cell in enumerate(record):
                if isinstance(cell, dt.datetime):
                    page.write_datetime(row, column, cell, moment)
                elif isinstance(cell, int | float):
                    page.write_number(row, column, cell)
                elif cell:
                    page.write_string(row, column, cell)
    return stream.getvalue()


def with_moments(records: Records, columns: Iterable[int], start: int) -> Records:
    """Return records in which texts of these columns are moments."""
    places = set(columns)
    return [
        [dt.datetime.fromisoformat(cell) if k in places and cell else cell for k, cell in enumerate(record)]
        if row >= start
        else record
        for row, record in enumerate(records)
    ]


# --- SurveyMonkey -----------------------------------------------------------------------------------------------------


def _surveymonkey(survey: Survey) -> Records:
    """Return two headers; a tick repeats its option, and what is written in stands in the place of its tick."""
    first = [one for name in _OF_SURVEYMONKEY for one in survey.questions if one.wording == name]
    asked = [one for one in survey.questions if one not in first]
    above, below = [*(one.wording for one in first), "Start Date", "End Date"], [""] * (len(first) + 2)
    before = ""
    for one in asked:
        options = list(one.labels.values()) if one.several else [one.row or ("Response" if one.labels else
                                                                            "Open-Ended Response")]  # fmt: skip
        above += [one.wording if one.wording != before else "", *[""] * (len(options) - 1)]
        below += options
        before = one.wording
    records: Records = [above, below]
    for k in survey.rows:
        cells = [*(one.answers[k] for one in first), survey.started[k], survey.ended[k]]
        for one in asked:
            cells += [one.answers[k].get(code, "") for code in one.labels] if one.several else [one.answers[k]]
        records.append(cells)
    return records


def surveymonkey_csv(survey: Survey) -> Written:
    return Written(delimited(_surveymonkey(survey)), "surveymonkey")


def surveymonkey_workbook(survey: Survey) -> Written:
    records = _surveymonkey(survey)
    moments = [k for k, header in enumerate(records[0]) if header in ("Start Date", "End Date")]
    return Written(workbook(with_moments(records, moments, start=2)), "surveymonkey")


# --- Qualtrics --------------------------------------------------------------------------------------------------------

_QUALTRICS = ("StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished",
              "RecordedDate", "ResponseId", "DistributionChannel", "UserLanguage")  # fmt: skip


def _qualtrics(survey: Survey, items: Mapping[str, str], tick: bool) -> list[tuple[str, str, str, list[str]]]:
    """Return name, label, import id and cells of each column; `items` names the platform's columns that items are."""
    columns = []
    for one in survey.questions:
        if header := items.get(one.item):
            columns.append((header, header, header[0].lower() + header[1:], list(one.answers)))
        elif one.several:
            for place, (code, label) in enumerate(one.labels.items(), start=1):
                ticks = [("1" if tick else label) if code in answer else "" for answer in one.answers]
                columns.append((f"{one.name}_{place}", f"{one.wording} - Selected Choice - {label}", one.name, ticks))
            place = list(one.labels).index(one.open) + 1
            texts = [answer.get(one.open, "") for answer in one.answers]
            label = f"{one.wording} - {one.labels[one.open]} - Text"
            columns.append((f"{one.name}_{place}_TEXT", label, f"{one.name}_{place}_TEXT", texts))
        else:
            columns.append((one.name, one.title, one.name, list(one.answers)))
    return columns


def qualtrics(survey: Survey) -> Written:
    """Return three headers: names, labels, import ids."""
    items = {"respondent_id": "ResponseId", "ip_address": "IPAddress"}
    columns = _qualtrics(survey, items, tick=False)
    count = len(survey.rows)
    own = {
        "StartDate": survey.started, "EndDate": survey.ended,
        "Status": ["Survey Preview" if one else "IP Address" for one in survey.previews],
        "Progress": ["100"] * count, "Duration (in seconds)": ["300"] * count, "Finished": ["True"] * count,
        "RecordedDate": survey.ended, "DistributionChannel": ["anonymous"] * count, "UserLanguage": ["EN"] * count,
    }  # fmt: skip
    columns = [*((name, name, name[0].lower() + name[1:], list(texts)) for name, texts in own.items()), *columns]
    ids = [json.dumps({"ImportId": _import_id(one, name)}) for name, _, one, _ in columns]
    choices = [
        json.dumps({"ImportId": f"QID{one[1:]}", "choiceId": name.rpartition("_")[2]})
        if name.startswith(f"{one}_")
        else told
        for (name, _, one, _), told in zip(columns, ids, strict=True)
    ]
    records = [[name for name, *_ in columns], [label for _, label, *_ in columns], choices, *zip(
        *(cells for *_, cells in columns), strict=True)]  # fmt: skip
    names = {one.item: items.get(one.item, one.name) for one in survey.questions if not one.several}
    options = {(one.item, code): f"{one.name}_{place}" for one in survey.questions if one.several
               for place, code in enumerate(one.labels, start=1)}  # fmt: skip
    return Written(delimited(records, encoding="utf-8-sig", end="\n"), "qualtrics", names, options,
                   ignore=["Status", "Finished", *_texts_of(survey)])  # fmt: skip


def _import_id(one: str, name: str) -> str:
    return f"QID{one[1:]}" if one == name or one.endswith("_TEXT") else one


def _texts_of(survey: Survey) -> list[str]:
    """Return the columns in which something is written in beside a choice."""
    return [f"{one.name}_{list(one.labels).index(one.open) + 1}_TEXT" for one in survey.questions if one.open]


def qualtrics_legacy(survey: Survey) -> Written:
    """Return two headers, as before 2016: V1 … above the platform's names, a hyphen before options, a last comma."""
    count = len(survey.rows)
    items = {"respondent_id": "ResponseID", "ip_address": "IPAddress"}
    own = {"ResponseID": survey.question("respondent_id").answers, "ResponseSet": ["Default"] * count,
           "Name": [""] * count, "ExternalDataReference": [""] * count, "IPAddress":
           survey.question("ip_address").answers,
           "Status": ["1" if one else "0" for one in survey.previews],
           "StartDate": survey.started,
           "EndDate": survey.ended, "Finished": ["1"] * count}  # fmt: skip
    columns = [(f"V{k}", name, "", list(texts)) for k, (name, texts) in enumerate(own.items(), start=1)]
    for name, label, one, cells in _qualtrics(survey, items, tick=True):
        if name not in own:
            columns.append((name, label.replace(" - Selected Choice - ", "-").replace(" - ", "-"), one, cells))
    records = [[*head, ""] for head in ([name for name, *_ in columns], [label for _, label, *_ in columns])]
    records += [[*cells, ""] for cells in zip(*(cells for *_, cells in columns), strict=True)]
    names = {one.item: items.get(one.item, one.name) for one in survey.questions if not one.several}
    options = {(one.item, code): f"{one.name}_{place}" for one in survey.questions if one.several
               for place, code in enumerate(one.labels, start=1)}  # fmt: skip
    return Written(delimited(records, encoding="utf-8-sig"), "qualtrics", names, options,
                   ignore=["ResponseSet", "Name", "ExternalDataReference", "Status", "Finished",
                           *_texts_of(survey)])  # fmt: skip


# --- Google Forms -----------------------------------------------------------------------------------------------------


def _google(survey: Survey, mark: str) -> tuple[Records, dict[str, str]]:
    """Return one header; the answers to select-all share a cell, and what is written in stands among them."""
    headers = {one.item: f"{one.heading} [{one.row}]" if one.row else one.heading for one in survey.questions}
    records: Records = [["Timestamp", "Began", *headers.values()]]
    for k in survey.rows:
        cells = [survey.ended[k], survey.started[k]]
        for one in survey.questions:
            if one.several:
                cells.append(mark.join(text if code == one.open else one.labels[code] for code, text in
                                       one.answers[k].items()))  # fmt: skip
            else:
                cells.append(one.answers[k])
        records.append(cells)
    columns = {one.item: headers[one.item] for one in survey.questions if one.heading != one.wording}
    return records, columns | {"ended": "Timestamp", "started": "Began"}


def google_csv(survey: Survey) -> Written:
    records, columns = _google(survey, ";")
    return Written(delimited(records), "google", columns)


def google_workbook(survey: Survey) -> Written:
    records, columns = _google(survey, ", ")
    return Written(workbook(with_moments(records, [0, 1], start=1)), "google", columns)


# --- LimeSurvey -------------------------------------------------------------------------------------------------------


def _limesurvey(survey: Survey, long: bool) -> Written:
    """Return codes (`Q6[SQ001]`, A1, Y) or codes with texts and full answers (Yes); what is written in is `other`."""
    own = {"id": "Response ID", "submitdate": "Date submitted", "lastpage": "Last page",
           "startlanguage": "Start language",
           "startdate": "Date started"}  # fmt: skip
    headers = [f"{code}. {text}" if long else code for code, text in own.items()]
    columns, options, texts = {"ended": "submitdate", "started": "startdate"}, {}, {}
    for one in survey.questions:
        stem, _, row = one.name.partition("_")
        subs = (
            [f"SQ{k:03}" for k, _ in enumerate(one.labels, start=1)]
            if one.several
            else [f"SQ{int(row):03}"]
            if row
            else [""]
        )
        for sub, code in zip(subs, one.labels if one.several else subs, strict=True):
            sub = "other" if one.several and code == one.open else sub
            bare = f"{stem}[{sub}]" if sub else stem
            label = one.labels[code] if one.several else one.row
            header = f"{bare}. {one.wording}" + (f" [{label}]" if label else "") if long else bare
            headers.append(header)
            if one.several:
                options[one.item, code] = bare
            else:
                columns[one.item] = bare
        if one.labels and not one.several and not long:
            texts |= {(one.item, code): f"A{one.place(code)}" for code in one.labels}
    yes, no = ("Yes", "No") if long else ("Y", "")
    records: list[list[str | None]] = [headers]
    for k in survey.rows:
        cells: list[str | None] = [str(k + 1), survey.ended[k], "3", "en", survey.started[k]]
        for one in survey.questions:
            if one.several:
                cells += [one.answers[k].get(code, "") if code == one.open else yes if code in one.answers[k] else
                          no if one.answers[k] or not long else "N/A" for code in one.labels]  # fmt: skip
            elif one.labels and not long:
                code = one.code(one.answers[k])
                cells.append(f"A{one.place(code)}" if code in one.labels else code)
            else:
                cells.append(one.answers[k])
        records.append(cells)
    return Written(with_gaps(records, ";"), "limesurvey", columns, options, texts,
                   ignore=["id", "lastpage", "startlanguage"])  # fmt: skip


def limesurvey_codes(survey: Survey) -> Written:
    return _limesurvey(survey, long=False)


def limesurvey_long(survey: Survey) -> Written:
    return _limesurvey(survey, long=True)


# --- REDCap -----------------------------------------------------------------------------------------------------------


def _redcap(survey: Survey, labels: bool) -> Written:
    """Return names and codes, or labels; checkboxes are 0 and 1, or Unchecked and Checked, for everybody."""
    headers = ["Record ID", "Survey Timestamp"] if labels else ["record_id", "survey_timestamp"]
    columns, options, texts = {"ended": headers[1]}, {}, {}
    headers.append("Began" if labels else "began")
    columns["started"] = headers[2]
    for one in survey.questions:
        if one.several:
            for place, (code, label) in enumerate(one.labels.items(), start=1):
                header = f"{one.wording} (choice={label})" if labels else f"{one.item}___{place}"
                options[one.item, code] = header
                headers.append(header)
            headers.append("Which other?" if labels else f"{one.item}_text")
        else:
            headers.append((one.row or one.heading) if labels else one.item)
            columns[one.item] = headers[-1]
            if one.labels and not labels:
                texts |= {(one.item, code): one.place(code) for code in one.labels}
    headers.append("Complete?" if labels else "survey_complete")
    yes, no = ("Checked", "Unchecked") if labels else ("1", "0")
    records: Records = [headers]
    for k in survey.rows:
        cells = [str(k + 1), survey.ended[k], survey.started[k]]
        for one in survey.questions:
            if one.several:
                cells += [yes if code in one.answers[k] else no for code in one.labels]
                cells.append(one.answers[k].get(one.open, ""))
            elif one.labels:
                code = one.code(one.answers[k])
                cells.append(one.labels.get(code, code) if labels else one.place(code))
            else:
                cells.append(one.answers[k])
        records.append([*cells, "Complete" if labels else "2"])
    return Written(delimited(records), "redcap", columns, options, texts,
                   ignore=[headers[0], headers[-1], "Which other?", *(f"{one.item}_text" for one in
                           survey.questions if one.several)])  # fmt: skip


def redcap_names(survey: Survey) -> Written:
    return _redcap(survey, labels=False)


def redcap_labels(survey: Survey) -> Written:
    return _redcap(survey, labels=True)


# --- KoboToolbox ------------------------------------------------------------------------------------------------------


def kobo(survey: Survey) -> Written:
    """Return names in groups; a select-all question as a parent of names and a column a choice; all quoted."""
    headers = ["start", "end"]
    columns, options, texts = {"started": "start", "ended": "end"}, {}, {}
    for one in survey.questions:
        header = f"page/{one.item}"
        columns[one.item] = header
        headers.append(header)
        if one.several:
            options |= {(one.item, code): f"{header}/{code}" for code in one.labels}
            headers += [f"{header}/{code}" for code in one.labels] + [f"{header}_text"]
        else:
            texts |= {(one.item, code): code for code in one.labels}
    headers += ["_id", "_uuid", "_submission_time", "_validation_status", "_index"]
    records: Records = [headers]
    for k in survey.rows:
        cells = [survey.started[k], survey.ended[k]]
        for one in survey.questions:
            if one.several:
                answer = one.answers[k]
                shown = ["1" if code in answer else "0" for code in one.labels] if answer else [""] * len(one.labels)
                cells += [" ".join(answer), *shown, answer.get(one.open, "")]
            else:
                cells.append(one.code(one.answers[k]) if one.labels else one.answers[k])
        records.append([*cells, str(900 + k), f"uuid-{k}", survey.ended[k], "", str(k + 1)])
    several = {one.item for one in survey.questions if one.several}
    columns = {item: header for item, header in columns.items() if item not in several}
    return Written(delimited(records, ";", quoting=csv.QUOTE_ALL, end="\n"), "kobo", columns, options, texts,
                   ignore=["_id", "_uuid", "_submission_time", "_validation_status", "_index",
                           *(f"page/{item}_text" for item in several)])  # fmt: skip


# --- SPSS -------------------------------------------------------------------------------------------------------------

_NO_NUMBER = 998.0  # declared to be missing


def spss(survey: Survey) -> Written:
    """Return numbers with value labels; a number that is no number is a user-missing code; ticks are 0 and 1."""
    data: dict[str, list] = {}
    labels: dict[str, str] = {}
    values: dict[str, dict[float, str]] = {}
    missing: dict[str, list] = {}
    columns, options = {}, {}
    for one in survey.questions:
        if one.several:
            for place, (code, label) in enumerate(one.labels.items(), start=1):
                name = f"{one.name}_{place}"
                data[name] = [float(code in answer) if answer else None for answer in one.answers]
                labels[name], values[name] = label, {0.0: "Not selected", 1.0: "Selected"}
                options[one.item, code] = name
            continue
        columns[one.item], labels[one.name] = one.name, one.title[:250]
        if one.labels:
            places = {code: float(k) for k, code in enumerate(one.labels, start=1)}
            data[one.name] = [places.get(one.code(text)) for text in one.answers]
            values[one.name] = {places[code]: label for code, label in one.labels.items()}
        elif one.number:
            data[one.name] = [None if not tidy(text) else _as_number(text) for text in one.answers]
            values[one.name], missing[one.name] = {_NO_NUMBER: "not known"}, [{"lo": _NO_NUMBER, "hi": _NO_NUMBER}]
        else:
            data[one.name] = list(one.answers)
    for name, moments in (("started", survey.started), ("ended", survey.ended)):
        data[name], columns[name], labels[name] = [dt.datetime.fromisoformat(one) for one in moments], name, name
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "responses.sav"
        pyreadstat.write_sav(pd.DataFrame(data), path, column_labels=labels, variable_value_labels=values,
                             missing_ranges=missing)  # fmt: skip
        return Written(path.read_bytes(), "spss", columns, options)


def _as_number(text: str) -> float:
    try:
        return float(tidy(text))
    except ValueError:
        return _NO_NUMBER


# --- Plain ------------------------------------------------------------------------------------------------------------


def _plain(survey: Survey) -> tuple[Records, dict[str, str], dict[tuple[str, str], str]]:
    """Return one header of short names; a tick is an x."""
    columns = {one.item: one.name for one in survey.questions if not one.several}
    options = {(one.item, code): f"{one.name}_{place}" for one in survey.questions if one.several
               for place, code in enumerate(one.labels, start=1)}  # fmt: skip
    records: Records = [["began", "done", *columns.values(), *options.values()]]
    for k in survey.rows:
        single = [survey.question(item).answers[k] for item in columns]
        ticks = ["x" if code in survey.question(item).answers[k] else "" for item, code in options]
        records.append([survey.started[k], survey.ended[k], *single, *ticks])
    return records, columns | {"started": "began", "ended": "done"}, options


def _of_plain(write: Callable[[Records], bytes]) -> Callable[[Survey], Written]:
    def written(survey: Survey) -> Written:
        records, columns, options = _plain(survey)
        return Written(write(records), "plain", columns, options)

    return written


def _zip(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export/answers.csv", content)
    return stream.getvalue()


def parquet(records: Records) -> bytes:
    header, *body = records
    stream = io.BytesIO()
    pd.DataFrame(body, columns=header).replace("", None).to_parquet(stream)
    return stream.getvalue()


EXPORTS: dict[str, Callable[[Survey], Written]] = {
    "SurveyMonkey CSV": surveymonkey_csv,
    "SurveyMonkey XLSX": surveymonkey_workbook,
    "Qualtrics": qualtrics,
    "Qualtrics, two headers": qualtrics_legacy,
    "Google Forms CSV": google_csv,
    "Google Forms XLSX": google_workbook,
    "LimeSurvey, codes": limesurvey_codes,
    "LimeSurvey, full": limesurvey_long,
    "REDCap, names": redcap_names,
    "REDCap, labels": redcap_labels,
    "KoboToolbox": kobo,
    "SPSS": spss,
    "plain CSV": _of_plain(delimited),
    "plain TSV in UTF-16": _of_plain(lambda records: delimited(records, "\t", "utf-16")),
    "plain XLSX": _of_plain(workbook),
    "Parquet": _of_plain(parquet),
    "gzip": _of_plain(lambda records: gzip.compress(delimited(records), mtime=0)),
    "zip": _of_plain(lambda records: _zip(delimited(records))),
}
