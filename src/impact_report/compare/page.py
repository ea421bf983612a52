"""What differs between two editions, as the blocks of a page: in ten seconds first, then one by one."""

from __future__ import annotations

import math

import pandas as pd

from impact_report.blocks import (
    Block,
    Inlines,
    bullets,
    callout,
    cell,
    column,
    heading,
    link,
    paragraph,
    quoted,
    table,
    words,
)
from impact_report.change import MATCHED
from impact_report.compare import estimates
from impact_report.compare.areas import Area, areas
from impact_report.compare.editions import Published
from impact_report.compare.estimates import APPEARED, CHANGED, DISAPPEARED, HIDDEN, NEITHER, NOW, SHOWN, THEN
from impact_report.compare.rows import Difference, Differences
from impact_report.compare.wording import marked
from impact_report.language import say
from impact_report.numbers import base_alone, out_of, percent_of, points, span, whole
from impact_report.tally import EVERYONE

NUMBERS, FACTS, GROUPS = "numbers", "facts", "groups"
DECIMALS = 1  # of a difference in points, so that one smaller than a point can be seen


def blocks(then: Published, now: Published) -> list[Block]:
    """Return the page: what was compared, a summary, and for each part that differs what it said then and says now."""
    shares = estimates.compared(then.estimates, now.estimates)
    parts = areas(then, now)
    page = [_cover(then, now), heading(say("In short"), 1, "in-short")]
    page += [*_tested(then, now), *_summary(then, now, shares, parts)]
    facts = next(part.differences for part in parts if part.id == FACTS)
    everyone = estimates.of_everyone(shares)
    if len(estimates.differing(everyone)) or facts.found:
        page += _numbers(then, now, everyone, facts)
    for part in parts:
        if part.differences.found and part.id != FACTS:
            page += [heading(part.title, 1, part.id), _rows(part.id, part.title, part.differences)]
    return page + _groups(then, now, shares[shares["group_by"] != EVERYONE])


def in_words(page: list[Block]) -> list[Inlines]:
    """Return the lines of the summary."""
    return next(list(block["items"]) for block in page if block["block"] == "list")


# --- Cover and summary ------------------------------------------------------------------------------------------------


def _cover(then: Published, now: Published) -> Block:
    record = now.record
    notice = _notice(then, now)
    title = say("What changed between two editions")
    return Block(
        block="cover",
        title=title,
        subtitle=record["title"],
        edition=say("{then} → {now}", then=then.record["edition"], now=record["edition"]),
        facts=[[say("Then"), _named(then)], [say("Now"), _named(now)]],
        notice=notice or None,
        notice_title=say("Invented respondents") if notice else "",
        language=record["language"],
        date=record["date"],
        description=say("{title}: {then} and {now}.", title=title, then=then.record["edition"], now=record["edition"]),
        running=title,
        **record["look"],
    )


def _notice(then: Published, now: Published) -> Inlines:
    """Return what is invented in which edition; nothing where nothing is."""
    if then.record["notice"] == now.record["notice"]:
        return quoted(now.record["notice"])
    notices = [
        words("{edition}: {notice}", edition=one.record["edition"], notice=one.record["notice"])
        for one in (then, now)
        if one.record["notice"]
    ]
    return notices[0] + [node for notice in notices[1:] for node in [{"t": "break"}, *notice]]


def _named(edition: Published) -> Inlines:
    return words("{title}, in the folder {name}", title=edition.record["edition"], name=edition.name)


def _tested(then: Published, now: Published) -> list[Block]:
    """Return what the report of the later wave says has changed since the earlier; nothing between editions of one."""
    if then.wave == now.wave:
        return []
    for later, earlier in ((now, then), (then, now)):
        if len(changes := later.tested_against(earlier)):
            return [_verdicts(later, earlier, changes)]
    return [
        callout(
            say("Not tested"),
            words(
                "Neither report compares these two waves. This page sets the figures that each edition prints side by "
                "side; whether a difference is larger than chance would explain was not tested, and none is a finding."
            ),
        )
    ]


def _verdicts(later: Published, earlier: Published, changes: pd.DataFrame) -> Block:
    beyond = changes[changes["larger_than_chance"].astype(bool)]
    names = {"now": later.record["edition"], "earlier": earlier.record["edition"], "n": whole(len(changes))}
    if len(beyond):
        said = words(
            "The report of {now} compares {n} statements with {earlier}. Changed more than chance would explain: "
            "**{k}**.",
            k=whole(len(beyond)),
            **names,
        )
    else:
        said = words(
            "The report of {now} compares {n} statements with {earlier}: none has changed more than chance would "
            "explain.",
            **names,
        )
    matched = words(
        "The report compares those who answered both times with themselves; this page sets side by side what each "
        "edition prints of all who answered it. So the same statement can have other figures there."
    )
    otherwise = words("This page sets side by side what each edition prints.")
    part = say("What has changed since {earlier}?", earlier=names["earlier"])
    return callout(
        say("What is tested"),
        said,
        *[_beyond(one) for one in beyond.to_dict("records")],
        matched if MATCHED in set(changes["compared"]) else otherwise,
        words("A difference on this page is not tested, and is no finding: see *{part}* in the report.", part=part),
    )


def _beyond(one: dict) -> Inlines:
    """Return a change larger than chance would explain, with the figures of its test."""
    return words(
        "*{statement}*: {then} → {now} of those compared ({points} points)",
        statement=one["statement"],
        then=percent_of(one["earlier_proportion"]),
        now=percent_of(one["proportion"]),
        points=points(one["change"]),
    )


def _summary(then: Published, now: Published, shares: pd.DataFrame, parts: list[Area]) -> list[Block]:
    """Return in a few lines how much differs, and where; or that nothing does."""
    everyone = estimates.of_everyone(shares)
    lines = [_line_of_shares(say("Shares of everyone"), everyone, NUMBERS)]
    if len(shares) > len(everyone):
        groups = shares[shares["group_by"] != EVERYONE]
        lines.append(_line_of_shares(say("Shares of groups"), groups, GROUPS))
    for part in parts:
        found = part.differences
        if not found.compared:
            continue
        anchor = (NUMBERS if part.id == FACTS else part.id) if found.found else ""
        lines.append(_line(part.title, anchor, len(found.found), found.compared))
    if not len(estimates.differing(shares)) and not any(part.differences.found for part in parts):
        nothing = words("Both editions say the same, were computed in the same way, from the same files and code.")
        return [callout(say("Nothing differs"), nothing), bullets(lines)]
    return [bullets(lines), *(_largest(now, everyone) if then.wave == now.wave else [])]


def _counts(shares: pd.DataFrame) -> tuple[int, int]:
    return len(estimates.differing(shares)), estimates.visible(shares)


def _line_of_shares(title: str, shares: pd.DataFrame, anchor: str) -> Inlines:
    """Return how many shares differ; and of how many only what stands beside the share, as the interval."""
    different, compared = _counts(shares)
    line = _line(title, anchor if different else "", different, compared)
    beside = int(((shares["state"] == CHANGED) & (shares["difference"].abs() < estimates.SMALLEST)).sum())
    return (
        line + words(", {n} of them not in the share, but in its base or interval", n=whole(beside)) if beside else line
    )


def _line(title: str, anchor: str, different: int, compared: int) -> Inlines:
    name = link(f"#{anchor}", title) if anchor else quoted(title)
    if not different:
        return words("{name}: unchanged ({n} compared)", name=name, n=whole(compared))
    return words("{name}: **{k} of {n} differ**", name=name, k=whole(different), n=whole(compared))


def _largest(now: Published, everyone: pd.DataFrame) -> list[Block]:
    """Return the sentence about the largest difference of a share of everyone, if any share differs."""
    changed = everyone[everyone["difference"].abs() >= estimates.SMALLEST]
    if not len(changed):
        return []
    one = changed.loc[changed["difference"].abs().idxmax()]
    return [
        paragraph(
            words(
                "Of everyone, the largest difference of a share: *{statement}*, {then} → {now} ({points} points).",
                statement=_statements(now)[one["indicator"]],
                then=_share(one, THEN),
                now=_share(one, NOW),
                points=points(one["difference"], DECIMALS),
            )
        )
    ]


# --- Numbers ----------------------------------------------------------------------------------------------------------


def _numbers(then: Published, now: Published, everyone: pd.DataFrame, facts: Differences) -> list[Block]:
    statements = _statements(then) | _statements(now)
    page = [heading(say("Numbers"), 1, NUMBERS)]
    if len(estimates.differing(everyone)):
        rows = [_share_row(quoted(statements[one["indicator"]]), one) for one in _records(everyone)]
        page += [heading(say("Shares of everyone"), 2, "everyone"), _how_to_read()]
        page.append(_shares_table("everyone", everyone, rows))
    if facts.found:
        page += [heading(say("Headline facts"), 2, FACTS), _rows(FACTS, say("Headline facts"), facts)]
    return page


def _how_to_read() -> Block:
    return paragraph(
        words(
            "A difference is of the shares as each edition has them, before rounding, in percentage points; it is not "
            "tested. Intervals by different methods are not of one kind; see “Method”."
        )
    )


def _groups(then: Published, now: Published, shares: pd.DataFrame) -> list[Block]:
    """Return the shares of groups that differ, which are many: a folded table a grouping."""
    if not len(estimates.differing(shares)):
        return []
    statements = _statements(then) | _statements(now)
    page = [heading(say("Shares of groups"), 1, GROUPS), _how_to_read()]
    for name in dict.fromkeys(shares["group_by"]):
        groups = shares[shares["group_by"] == name]
        if len(estimates.differing(groups)):
            label = now.record["groupings"].get(name) or then.record["groupings"][name]
            rows = _group_rows(
                groups, statements, then.record["groups"].get(name, {}), now.record["groups"].get(name, {})
            )
            title = say("By {grouping}", grouping=label)
            different, visible = (whole(count) for count in _counts(groups))
            shown = say("{n} of {all} differ: show them", n=different, all=visible)
            page += [heading(title, 2), _shares_table(f"by-{name}", groups, rows, shown)]
    return page


def _statements(edition: Published) -> dict[str, str]:
    return dict(zip(edition.estimates["indicator"], edition.estimates["statement"], strict=True))


def _records(shares: pd.DataFrame) -> list[dict]:
    return estimates.differing(shares).to_dict("records")


def _group_rows(shares: pd.DataFrame, statements: dict, then: dict, now: dict) -> list:
    """Return the rows of a grouping: each statement over its groups."""
    labels, rows, above = then | now, [], None
    for one in _records(shares):
        if one["indicator"] != above:
            above = one["indicator"]
            rows.append([cell(quoted(statements[above]))])
        rows.append(_share_row(quoted(labels.get(one["group"], one["group"])), one))
    return rows


def _shares_table(id: str, shares: pd.DataFrame, rows: list, folded: str = "") -> Block:
    columns = [column(say("Statement"), 2.6), column(say("Then"), 1.4, "right"), column(say("Now"), 1.4, "right")]
    columns.append(column(say("Difference (points)"), 1, "right"))
    different, compared = _counts(shares)
    caption = words("Shares that differ: share (count of base), with the interval")
    notes = [_unchanged(compared - different)]
    if withheld := int((shares["state"] == NEITHER).sum()):
        notes.append(words("{n} are shown in neither edition.", n=whole(withheld)))
    named = f"table-{id}".replace("_", "-")
    shown = table(named, caption, columns, rows, [note for note in notes if note], long=True)
    return Block(**shown, folded=folded) if folded else shown


def _share_row(label: Inlines, one: dict) -> list:
    difference = one["difference"]
    shown = cell(points(difference, DECIMALS)) if not math.isnan(difference) else cell("–", "suppressed")
    return [cell(label), _side(one, THEN), _side(one, NOW), shown]


def _side(one: dict, side: str) -> dict:
    """Return the cell of then or now: the share, count of base, and the interval below; or that it is not shown."""
    state = one["state"]
    if (state, side) in ((APPEARED, THEN), (DISAPPEARED, NOW)):
        return cell(say("not there"), "suppressed")
    if (state, side) in ((SHOWN, THEN), (HIDDEN, NOW)):
        return cell(say("not shown"), "suppressed")
    said = quoted(say("{share} ({count})", share=_share(one, side), count=_count(one, side)))
    if not math.isnan(one[f"low{side}"]):
        said += [{"t": "break"}, *quoted(span(one[f"low{side}"], one[f"high{side}"]))]
    return cell(said)


def _share(one: dict, side: str) -> str:
    return percent_of(one[f"proportion{side}"])


def _count(one: dict, side: str) -> str:
    count, base = one[f"count{side}"], one[f"base{side}"]
    return base_alone(base) if math.isnan(count) else out_of(count, base)


# --- Rows of words ----------------------------------------------------------------------------------------------------


def _rows(id: str, title: str, differences: Differences) -> Block:
    columns = [column(say("What"), 1.4), column(say("Then"), 2), column(say("Now"), 2)]
    rows = [[cell(one.what), *sides(one)] for one in differences.found]
    caption = words("{title}: what differs", title=title)
    notes = [_unchanged(differences.compared - len(differences.found))]
    return table(f"table-{id}", caption, columns, rows, [note for note in notes if note], long=True)


def _unchanged(count: int) -> Inlines:
    return words("Unchanged and not listed: {n}.", n=whole(count)) if count else []


def sides(one: Difference) -> list[dict]:
    """Return the cells of then and now, with the words marked that only one of them has."""
    if one.then and one.now:
        return [cell(said) for said in marked(one.then.text, one.now.text)]
    return [cell(quoted(said.text)) if said else cell(say("none"), "suppressed") for said in (one.then, one.now)]
