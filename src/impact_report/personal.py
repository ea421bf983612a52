"""What gives a person away by its very form: addresses, telephone numbers, places on the map."""

from __future__ import annotations

import re

_FORMS = [
    re.compile(r"[^\s@,;]+@[^\s@,;]+\.[a-zA-Z]{2,}"),
    re.compile(r"^(\d{1,3}\.){3}\d{1,3}$|^[0-9a-f]{0,4}(:[0-9a-f]{0,4}){4,7}$", re.IGNORECASE),
    re.compile(r"^(\+|00|\()\d[\d\s()./-]{6,}\d$|^0\d{2,5}[\s/-]\d[\d\s-]{4,}$|^\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}$"),
    re.compile(r"^-?\d{1,3}\.\d{3,}[\s,;]+-?\d{1,3}\.\d{3,}"),
    re.compile(r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$", re.IGNORECASE),
]


def looks_personal(text: str) -> bool:
    """Say whether a text is an e-mail address, a telephone number, an IP address, a place on the map or a token.

    >>> [looks_personal(text) for text in ("a@b.org", "192.168.0.1", "+49 30 1234567", "42.4019, -71.1193", "3.7, 3.8")]
    [True, True, True, True, False]
    """
    return any(form.search(text.strip()) for form in _FORMS)
