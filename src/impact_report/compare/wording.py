"""Which words of two texts differ: those only then are struck out, those only now underlined."""

from __future__ import annotations

import difflib
import re

Inlines = list[dict]
WORD = re.compile(r"\s*\S+|\s+")
SURROUNDED = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
LEAST_ALIKE = 0.4  # of two texts that have less in common than this, marks would only hide the words


def marked(then: str, now: str) -> tuple[Inlines, Inlines]:
    """Return both texts as inline nodes, in which the words that only one of them has are marked.

    >>> marked("shared some data", "shared data")[0]
    [{'t': 'verbatim', 'text': 'shared '}, {'t': 'del', 'c': [{'t': 'verbatim', 'text': 'some'}]}, \
{'t': 'verbatim', 'text': ' data'}]
    >>> marked("web", "paper")
    ([{'t': 'verbatim', 'text': 'web'}], [{'t': 'verbatim', 'text': 'paper'}])
    """
    words = [WORD.findall(text) for text in (then, now)]
    matcher = difflib.SequenceMatcher(a=words[0], b=words[1], autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return [_verbatim(then)], [_verbatim(now)]
    before, after = [], []
    for kind, a, b, c, d in matcher.get_opcodes():
        gone, come = "".join(words[0][a:b]), "".join(words[1][c:d])
        if kind == "equal":
            before.append(_verbatim(gone))
            after.append(_verbatim(come))
            continue
        before += _mark("del", gone)
        after += _mark("ins", come)
    return _joined(before), _joined(after)


def _mark(kind: str, text: str) -> Inlines:
    """Return a text with its words marked, and the spaces around them not."""
    before, words, after = SURROUNDED.fullmatch(text).groups()
    marked_words = {"t": kind, "c": [_verbatim(words)]} if words else _verbatim("")
    return [_verbatim(before), marked_words, _verbatim(after)]


def _joined(nodes: Inlines) -> Inlines:
    """Return the nodes with plain texts that follow each other as one, and none empty."""
    joined: Inlines = []
    for node in nodes:
        if joined and node["t"] == joined[-1]["t"] == "verbatim":
            joined[-1] = _verbatim(joined[-1]["text"] + node["text"])
        elif node != _verbatim(""):
            joined.append(node)
    return joined


def _verbatim(text: str) -> dict:
    return {"t": "verbatim", "text": text}
