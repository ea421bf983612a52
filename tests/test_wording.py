"""Two texts are the same when a reader would call them the same: spelling counts, typography does not."""

from __future__ import annotations

import pytest

from impact_report.wording import normalise, tidy

SAME = {
    "letter case": ("YES", "yes"),
    "spaces around": ("  Yes ", "Yes"),
    "several spaces": ("Star Wars: Episode I  The Phantom Menace", "Star Wars: Episode I The Phantom Menace"),
    "a line break": ("shared\r\ndata", "shared data"),
    "a non-breaking space": ("shared\u00a0data", "shared data"),
    "a thin space": ("1\u2009000", "1 000"),
    "a byte order mark": ("\ufeffRole", "Role"),
    "curly quotes": ("Don’t “know”", 'Don\'t "know"'),
    "dashes": ("2–5", "2-5"),
    "a long dash": ("K—12", "K-12"),
    "a minus sign": ("−1", "-1"),
    "an ellipsis": ("They …", "They ..."),
    "a soft hyphen": ("partner\u00adship", "partnership"),
    "Unicode forms": ("Universite\u0301", "Université"),
    "a ligature": ("ﬁrm", "firm"),
    "letters of full width": ("Ｙｅｓ", "Yes"),
    "a sharp s": ("Straße", "STRASSE"),
    "HTML around": (
        "<p><strong>How much do you agree?</strong>&nbsp;Businesses …</p>",
        "How much do you agree? Businesses …",
    ),
    "HTML within a word": ("m<sub>2</sub>", "m2"),
    "a line break in HTML": ("first<br>second", "first second"),
    "an entity": ("Research &amp; development", "Research & development"),
    "a zero-width space at the end": ("shared data\u200b", "shared data"),
    "a zero-width space after a slash, where a line may break": ("student/\u200bjobseeker", "student/jobseeker"),
}
DIFFERENT = {
    "No and None": ("No", "None"),
    "a number and another": ("1", "10"),
    "with and without a question mark": ("Role?", "Role"),
    "two words and one": ("set up", "setup"),
    "with and without a hyphen": ("co-chair", "cochair"),
    "an accent": ("resume", "résumé"),
    "a minus": ("-1", "1"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_the_same_to_a_reader(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_not_the_same(one, other):
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize("text", [*[one for one, _ in SAME.values()], "x < 5 & y > 3", "a<b", ""])
def test_normalising_again_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


def test_what_is_no_tag_stays():
    assert tidy("fewer than < 5 or > 3") == "fewer than < 5 or > 3"
    assert tidy("<3 years") == "<3 years"


def test_tidy_keeps_case_and_quotes():
    assert tidy("  Don’t  <b>know</b> ") == "Don’t know"


@pytest.mark.parametrize("blank", ["", " ", "\t", "\n", "\u00a0", "\u200b", "\ufeff", "<br>", "&nbsp;"])
def test_nothing_but_space_is_nothing(blank):
    assert normalise(blank) == tidy(blank) == ""
