"""Who is in the base of a share without counting in it, and who is not in it, and why; as far as it may be told."""

from __future__ import annotations

from impact_report import sampling
from impact_report.blocks import Inlines, joined, words
from impact_report.codebook import MISSING_LABELS, Indicator
from impact_report.language import say, translated
from impact_report.numbers import Numbers, anchor
from impact_report.parts.distribution import may_be_listed
from impact_report.results import Results
from impact_report.tally import outcomes


def other_answers(results: Results, indicator: Indicator) -> Inlines:
    """Say which answers are in the base and do not count, and how many gave each."""
    if results.wave.withholds_counts:
        return words("not shown: beside a weighted share, counts would tell whose answers are in it")
    flags = outcomes(results.responses, results.codebook, indicator)
    inside = results.responses[flags["base"] & ~flags["count"]]
    item = results.codebook.items[indicator.item]
    if item.kind == "multiple":
        count = Numbers(results).counted(
            len(inside), say("not ticked: {statement}", statement=indicator.statement), anchor(indicator.id)
        )
        return words("{n} did not tick it", n=count)
    answers = {code.label: int((inside[indicator.item] == name).sum()) for name, code in item.codes.items()}
    missing = inside[f"{indicator.item}.missing"].value_counts()
    answers |= {translated(MISSING_LABELS[kind]): int(count) for kind, count in missing.items()}
    return _counts_by_reason(results, indicator, answers, say("other answers")) or words("none")


def not_in_base(results: Results, indicator: Indicator) -> Inlines:
    """Say how many of the eligible are not in the base, and why."""
    flags = outcomes(results.responses, results.codebook, indicator)
    outside = flags["eligible"] & ~flags["base"]
    reasons = results.responses.loc[outside, f"{indicator.item}.missing"].value_counts()
    counts = {translated(MISSING_LABELS[kind]): int(count) for kind, count in reasons.items()}
    if left_out := int(outside.sum()) - sum(counts.values()):
        counts[translated(sampling.NO_WEIGHT)] = left_out
    reasons = _counts_by_reason(results, indicator, counts, say("not asked, or no valid answer"))
    return reasons or words("nobody: everyone who is eligible is in it")


def _counts_by_reason(results: Results, indicator: Indicator, counts: dict[str, int], together: str) -> Inlines:
    """Return each reason with its count; where one is too small to show, only their sum, or not even that."""
    counts = {reason: count for reason, count in counts.items() if count}
    least = results.wave.smallest_count or 1
    if counts and not may_be_listed(results, indicator.item):
        counts = {together: sum(counts.values())}
    elif counts and min(counts.values()) < least:
        counts = {", ".join(counts): sum(counts.values())}
    if counts and sum(counts.values()) < least:
        return words("too few to show")
    numbers, evidence = Numbers(results), anchor(indicator.id)
    parts = [
        words("{why}: {n}", why=reason, n=numbers.counted(count, f"{reason}: {indicator.statement}", evidence))
        for reason, count in counts.items()
    ]
    return joined(parts, last=", ")
