"""The few words the exporters add to a report themselves, by language."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "contents": "Contents",
        "skip": "Skip to the report",
        "figure": "Figure",
        "table": "Table",
        "cover": "Cover",
        "text_of": "text of “{heading}”",
        "notes": "Notes",
        "note": "Note",
        "back_to_text": "Back to the text",
        "back_to": "Back to: {place}",
        "source": "Source",
        "made_by": "Made by",
        "data": "Data",
        "numbers": "Numbers",
        "numbers_in_figure": "Numbers in this figure",
        "printed_in": "Printed in",
        "page_of": "Page {page} of {pages}",
        "page": "page {page}",
        "evidence": "evidence",
        "evidence_on": "evidence on page {page}",
        "document_date": "Document date",
    }
}


def words(language: str) -> dict[str, str]:
    """Return the exporters' own words in a language, in English where they have not been translated.

    >>> words("en")["figure"], words("en-GB")["table"]
    ('Figure', 'Table')
    """
    return WORDS["en"] | WORDS.get(language.split("-")[0].lower(), {})
