"""Personal data in texts, where the person asked for it: email addresses, telephone, card and bank account numbers.

Numbers that have a checksum must pass it: cards Luhn's, IBANs their remainder of 97. Where more follows behind a blank (the month of a
card), each end at a blank is tried. What is told is masked; only how many is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?(?!\w)")
CARD = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w-])(?!\.\d)")
PHONE = re.compile(r"(?:(?<![\w.,/:-])|(?<=[^\W\d_]:))(?:\+|00)?\(?\d{1,4}\)?(?:[ ./-]?\(?\d{1,4}\)?){2,6}(?![\w-])(?![.,/:]\d)")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,3}(?:\.\d{1,3}){3}")  # or an address of the internet
_ISBN = re.compile(r"\bISBN(?:-?1[03])?:?\s*(?:97[89][ -]?)?\d(?:[ -]?\d){8}[ -]?[\dXx](?!\w)", re.I)
_VERSION = re.compile(r"(?!1\.\d{3}\.\d{3}\.\d{4}$)[1-9]\d*(?:\.\d+){3}|[1-9]\d*(?:\.\d+)*\.\d(?:\.\d+)*")
"""Of a program: four numbers between dots (1.800.555.1234 is called), or one of them a single digit."""
_THOUSANDS = re.compile(r"[1-9]\d?([ .])\d{3}(?:\1\d{3})+")
"""One number in groups of three. Where three digits come first too it may be called: 612 345 678."""
_YEAR = re.compile(r"\((?:19|20)\d\d\).*")
_FEW = re.compile(r"\d{1,2}(?:[ ./-]\d{1,2}){4,}")
"""Five and more numbers of one or two digits: a list, or a score. What begins with 0 may be called."""
_CALLED = re.compile(r"\b(?:tel|telephone|telefon|phone|fax|mobile?|whatsapp)\b[.:]?\s?$", re.I)
BEFORE = 12
"""Characters before a number in which a word may say that it is called."""
_MAY = re.compile(r"@|\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d")
READ = 32_000
"""Characters of a text."""
KINDS = {
    "email": "an email address",
    "iban": "a bank account number (IBAN)",
    "card": "a card number",
    "phone": "a telephone number",
}


def personal(texts: Sequence[str | None]) -> NDArray[np.float32]:
    """How many pieces of personal data each text (n,) holds; NaN without a text."""
    return np.fromiter((np.nan if text is None else sum(1 for _ in _found(text)) for text in texts), np.float32, len(texts))


def told(text: str) -> list[str]:
    """What was found, masked.

    >>> told("Write to jane.doe@example.org or call +49 30 1234567.")
    ['an email address (j…@e…)', 'a telephone number (+4…67)']
    """
    return [f"{KINDS[kind]} ({_masked(kind, value)})" for kind, value in _found(text)]


def _found(text: str) -> Iterator[tuple[str, str]]:
    """Kind and value of each piece; a piece that is taken is not read again as another kind."""
    text = text[:READ]
    if not _MAY.search(text):
        return
    text = _ISBN.sub(" ; ", text)
    for kind, pattern in (("email", EMAIL), ("iban", IBAN), ("card", CARD), ("phone", PHONE)):
        if kind == "email" and "@" not in text:
            continue
        taken, at = [], 0
        while match := pattern.search(text, at):
            called = kind == "phone" and _CALLED.search(text[max(0, match.start() - BEFORE) : match.start()]) is not None
            if value := next((value for value in _ends(kind, match[0]) if _passes(kind, value, called)), ""):
                taken.append((match.start(), at := match.start() + len(value)))
                yield kind, value
            else:
                at = match.end()
        for start, end in reversed(taken):
            text = f"{text[:start]} ; {text[end:]}"


def _ends(kind: str, value: str) -> Iterator[str]:
    """What was matched; of a card or account number also what is left without its last group, and without the last two, ..."""
    yield value
    while kind in ("card", "iban") and " " in value:
        value = value.rpartition(" ")[0]
        yield value


def _passes(kind: str, value: str, called: bool = False) -> bool:
    digits = [int(digit) for digit in value if digit.isdecimal()]
    if kind == "iban":
        plain = value.replace(" ", "")
        # words may look like one of small letters: half of it are digits at least
        return (
            15 <= len(plain) <= 34
            and 2 * len(digits) >= len(plain)
            and int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1
        )
    if kind == "card":
        return 13 <= len(digits) <= 19 and luhn(digits) and len(set(digits)) > 1
    if kind == "phone":
        plain = value.strip()
        marked = called or plain.startswith(("+", "0", "(")) or len(re.split(r"[ ./()-]+", plain.strip("()"))) >= 3
        other = any(form.fullmatch(plain) for form in (_DATE, _VERSION, _THOUSANDS, _YEAR))
        other |= not called and not plain.startswith("0") and _FEW.fullmatch(plain) is not None
        return 7 <= len(digits) <= 15 and marked and not other and len(set(digits)) > 1
    return True


def luhn(digits: list[int]) -> bool:
    """Whether the last digit is what the others ask for (ISO/IEC 7812).

    >>> luhn([4, 1, 1, 1] + [1] * 12), luhn([4, 1, 1, 1] + [1] * 11 + [2])
    (True, False)
    """
    doubled = [digit if at % 2 == 0 else sum(divmod(2 * digit, 10)) for at, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _masked(kind: str, value: str) -> str:
    if kind == "email":
        name, _, host = value.partition("@")
        return f"{name[0]}…@{host[0]}…"
    return f"{value[:2]}…{value.rstrip(')')[-2:]}"
