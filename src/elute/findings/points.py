"""Points of prose that turn what a text says: they are words where texts are compared, all others are set aside.

“The parcel has arrived?” asks, and “The parcel has arrived.” does not; “no, fever” is not “no fever”; ``j.smith@`` is not ``j-smith@``.
"""

from __future__ import annotations

import re

from elute.findings.lexicon import NEGATIONS

ASKED, BESIDE = "\ue006", "\ue007"
"""Stand for a question mark that alone makes a question, and for a mark beside a negation."""
INNER = {".": "\ue000", ",": "\ue001", ":": "\ue002", "/": "\ue003", "-": "\ue004"}
"""What marks within a number or a name are written as."""

_ASKING = (
    "what whats which who whos whom whose where wheres when why how hows is isnt are arent am was wasnt were werent do dont does doesnt "
    "did didnt can cant could couldnt will wont would wouldnt shall should shouldnt may might must have havent has hasnt had hadnt"
)
_ASKS = frozenset(_ASKING.split())
_BEFORE = frozenset("and so but or also then ok okay hi hello hey please now well oh".split())
_PARTICLES = "吗嗎呢么麼か까"
_QUESTION = re.compile(r"\?+")
_WORD = re.compile(r"\w+")
_POINT = re.compile(r"[,:;.。、](?=\s*\w)")
_DENIES = NEGATIONS | {f"keine{end}" for end in "mrs"}
_HANS = "不没沒無无非别別未勿"
_STOP, _NAMED = re.compile(r"\.(?=[^\W\d_])"), re.compile(r"\S+")
_WITHIN = re.compile(r"(?<=\w)[.,:/-](?=\w)")


def pointed(text: str) -> str:
    """The text with a word for each mark that counts.

    >>> [pointed(text) for text in ("Has it come?", "It has come?", "no, fever", "no fever.")]
    ['Has it come?', 'It has come \\ue006 ', 'no, \\ue007 fever', 'no fever.']
    >>> pointed("Write to j.smith@example.com.")
    'Write to j\\ue000smith@example\\ue000com.'
    """
    if "?" in text:
        at = text.find("?")
        if at < len(text) - 1 or text.split(None, 1)[0].lower() not in _ASKS:  # else by far the most questions
            text = _QUESTION.sub(lambda found: "?" if _asks(text, found.start()) else f" {ASKED} ", text)
    if _POINT.search(text):
        text = _POINT.sub(lambda found: f"{found[0]} {BESIDE} " if _negates(text, found.start()) else found[0], text)
        if "@" in text or _STOP.search(text):
            text = _NAMED.sub(_name, text)
    return text


def _negates(text: str, at: int) -> bool:
    """Whether a negation stands right before or right after a mark."""
    before, after = text[max(0, at - 24) : at].split()[-1:], text[at + 1 : at + 25].split()[:1]
    return any(_denies(word) for word in (*before, *after))


def _denies(word: str) -> bool:
    word = word.lower().strip("\"'“”‘’«».,:;!?()")
    return word in _DENIES or word in _HANS or (word.replace("’", "'").endswith("n't"))


def _asks(text: str, at: int) -> bool:
    """Whether what ends here is a question by its words."""
    before = text[max(0, at - 200) : at].rstrip()
    if before[-1:] in _PARTICLES:
        return True
    sentence = re.split(r"[.!?;:\n]\s", before)[-1]
    for clause in (sentence, re.split(r",\s", sentence)[-1]):
        words = (word for word in _WORD.findall(clause.lower().replace("'", "").replace("’", "")) if word not in _BEFORE)
        if next(words, "") in _ASKS:
            return True
    return False


def _name(found: re.Match[str]) -> str:
    word = found[0]
    if "@" not in word:
        if not _STOP.search(word):
            return word
        parts = word.rstrip(".?!,;:)\"'").split(".")
        joined = len(parts) == 2 and parts[0][-1:].islower() and parts[1][:1].isupper() and parts[1][1:].islower()
        if joined or all(len(part) <= 1 for part in parts):  # a space that lacks behind a full stop; e.g.
            return word
    return _WITHIN.sub(lambda mark: INNER[mark[0]], word)
