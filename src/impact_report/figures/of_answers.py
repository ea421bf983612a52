"""All answers to a question: a scale's, centred on neutral; a select-all question's, and what was ticked together."""

from __future__ import annotations

from impact_report import charts
from impact_report.blocks import Inlines, words
from impact_report.charts import Spot
from impact_report.figures import keeping
from impact_report.language import say
from impact_report.numbers import Number, percent_of, whole
from impact_report.parts.distribution import Battery, Distribution, batteries, select_all
from impact_report.results import Results

_DISTRIBUTION = "responses.parquet"


def draw_answers(results: Results) -> list[str]:
    """Draw and keep the figures of all answers, where these may be told; return their names."""
    drawn = []
    for section in results.codebook.sections:
        drawn += [_scale(results, battery) for battery in batteries(results, section)]
        drawn += [_select_all(results, battery) for battery in select_all(results, section)]
    return drawn


# --- Scales -----------------------------------------------------------------------------------------------------------


def _scale(results: Results, battery: Battery) -> str:
    questions, labels = battery.questions, list(battery.questions[0].codes.values())
    shares = [[one.share(code, battery.row(one.item)) for code in one.codes] for one in questions]
    bases = [one.of_those_who_answered(battery.row(one.item)) for one in questions]
    asides = [[one.unsure_of_those_asked(battery.row(one.item))] if one.unsure else [] for one in questions]
    rows = [
        charts.Answers(
            one.statement,
            tuple(charts.Part(number.exact, number.text) for number in shares[k]),
            bases[k].text,
            "".join(number.text for number in asides[k]),
        )
        for k, one in enumerate(questions)
    ]
    drawn = keeping.drawings(lambda width: charts.stacked(rows, labels, width, keeping.remark(results)))
    by_row = [[*one, bases[k], *asides[k]] for k, one in enumerate(shares)]
    numbers = [number for row in by_row for number in row]
    said = {
        "title": _extremes(battery, shares),
        "subtitle": _asked(battery)
        + words(
            "Shares of those who answered, the bars centred on the middle of the scale; {base}",
            base=keeping.base_of(bases, battery.section.title),
        ),
        "alt": _alt_of_scale(battery, rows),
    }

    def place(spot: Spot) -> int:
        return sum(map(len, by_row[: spot.row]))

    keeping.keep(results, battery.name, drawn, numbers, place, said, f"{battery.evidence}-table", _DISTRIBUTION)
    return battery.name


def _asked(battery: Battery) -> Inlines:
    """Return the question that the rows of a battery share; one that is asked alone stands in the drawing."""
    asked = [one.results.asked(one.item) for one in battery.questions]
    shared = len({one.question for one in asked}) == 1 and asked[0].row
    return words("{question} ", question=asked[0].question) if shared else []


def _extremes(battery: Battery, shares: list[list[Number]]) -> Inlines:
    """Return the finding: between which shares the highest and the lowest answer lie."""
    labels = list(battery.questions[0].codes.values())
    fields = {"title": battery.section.title, "high": labels[-1], "low": labels[0]}
    if len(shares) == 1:
        return words("{title}: {most} said “{high}”, {least} “{low}”", most=shares[0][-1], least=shares[0][0], **fields)
    highest, lowest = (sorted((row[k] for row in shares), key=lambda one: one.exact) for k in (-1, 0))
    return words(
        "{title}, answer by answer: {a} to {b} said “{high}”, {c} to {d} “{low}”",
        a=highest[0], b=highest[-1], c=lowest[0], d=lowest[-1], **fields,
    )  # fmt: skip


def _alt_of_scale(battery: Battery, rows: list[charts.Answers]) -> str:
    labels = battery.questions[0].codes.values()
    said = []
    for row in rows:
        parts = ", ".join(
            say("{answer} {share}", answer=label, share=part.percent)
            for label, part in zip(labels, row.parts, strict=True)
        )
        base = ", ".join(filter(None, [row.base, row.aside]))
        said.append(say("{statement}: {answers} ({base})", statement=row.statement, answers=parts, base=base))
    return say("Stacked bars of all answers, centred on the middle of the scale. {rows}.", rows="; ".join(said))


# --- Select all -------------------------------------------------------------------------------------------------------


def _select_all(results: Results, battery: Battery) -> str:
    (one,) = battery.questions
    options = one.by_share
    shares = [(one.share_of_option(code, row), one.x_of_n(code, row)) for code, row in _rows(battery, options)]
    shown, rest = one.shown_together
    together = [
        one.combination(codes, count, battery.row("together", str(place)))
        for place, (codes, count) in enumerate(shown, start=1)
    ]
    others = [one.other_combinations(rest, battery.row("together", "others"))] if rest else []
    rows = [
        charts.Option(one.codes[code], share.exact, share.text, count.text)
        for code, (share, count) in zip(options, shares, strict=True)
    ]
    columns = [
        charts.Together(tuple(one.places_of(codes)), count, text)
        for (codes, count), text in zip(shown, _with_the_title(battery, together), strict=True)
    ]
    foot = say("in other combinations: {n}", n=others[0].text) if others else ""
    drawn = keeping.drawings(lambda width: charts.together(rows, columns, foot, width, keeping.remark(results)))
    numbers = [number for pair in shares for number in pair] + together + others

    def place(spot: Spot) -> int:
        return 2 * len(rows) + spot.column if spot.row == charts.OF_COMBINATION else 2 * spot.row

    said = {
        "title": _most_often(battery, together),
        "subtitle": words(
            "{question} Share with x of n, and how many ticked just the same answers; {base}",
            question=results.asked(one.item).question,
            base=keeping.base_of(numbers, battery.section.title),
        ),
        "alt": _alt_of_select_all(one, rows, shown, together, foot),
    }
    keeping.keep(results, battery.name, drawn, numbers, place, said, f"{battery.evidence}-table", _DISTRIBUTION)
    return battery.name


def _rows(battery: Battery, options: list[str]) -> list[tuple[str, str]]:
    return [(code, battery.row("option", code)) for code in options]


def _most_frequent(battery: Battery, together: list[Number]) -> Number | None:
    """Return the share of the most frequent combination; None where two are equally frequent, or there is none."""
    (one,) = battery.questions
    shown, _ = one.shown_together
    if not shown or (len(shown) > 1 and shown[1][1] == shown[0][1]):
        return None
    count = shown[0][1]
    what = say("gave the most frequent combination of answers")
    return Number(percent_of(count / one.base), what, together[0].evidence, count / one.base, count, one.base)


def _with_the_title(battery: Battery, together: list[Number]) -> list[str]:
    """Return what stands at each combination: its count, and at the most frequent one the share that the title says."""
    texts = [number.text for number in together]
    share = _most_frequent(battery, together)
    return [say("{count} ({share})", count=texts[0], share=share.text), *texts[1:]] if share else texts


def _most_often(battery: Battery, together: list[Number]) -> Inlines:
    """Return the finding: which combination of answers was given most often."""
    (one,) = battery.questions
    shown, _ = one.shown_together
    fields = {"title": battery.section.title}
    share = _most_frequent(battery, together)
    if share is None:
        return words("{title}: which answers were given together", **fields)
    codes, evidence = shown[0][0], share.evidence
    if len(codes) == 1:
        return words(
            "{title}: {share} ticked “{answer}” and nothing else, the most frequent combination",
            share=share,
            answer=one.codes[codes[0]],
            **fields,
        )
    many = Number(whole(len(codes)), say("answers in the most frequent combination"), evidence, exact=len(codes))
    return words(
        "{title}: {share} ticked the same {many} answers and nothing else, the most frequent combination",
        share=share, many=many, **fields,
    )  # fmt: skip


def _alt_of_select_all(one: Distribution, rows: list, shown: list, together: list[Number], foot: str) -> str:
    options = [
        say("{statement}: {share}, {count}", statement=row.statement, share=row.percent, count=row.count)
        for row in rows
    ]
    columns = [
        say("{rows}: {count}", rows=one.rows_of(codes), count=number.text)
        for (codes, _), number in zip(shown, together, strict=True)
    ]
    return say(
        "Options of a select-all question, largest share first, and how many ticked just these of them. {options}. "
        "{combinations}.",
        options="; ".join(options),
        combinations="; ".join(filter(None, [*columns, foot])),
    )
