"""Points of prose that turn what a text says: they are words where texts are compared, all others are set aside.

“The parcel has arrived?” asks, and “The parcel has arrived.” does not; “no, fever” is not “no fever”; ``j.smith@`` is not ``j-smith@``;
and what “;” does is not what “:” does. Of others it is known where they stand inside a text (:func:`inside`): “I left him, convinced he
was a fool” has the words of “I left him convinced he was a fool”, and says something else.
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
_MARKS = ".,;:!?…()-–—·•¿¡؟،؛۔।॥。、´\"'"
ALONE = {mark: chr(0xE100 + at) for at, mark in enumerate(_MARKS)}
"""What a mark is written as that is spoken of: within quotes, or behind an article, as in “Why is there a ; behind it?”."""
_ALONE = re.compile(r"""[.,;:!?…()\-–—·•¿¡؟،؛۔।॥。、´"'](?:(?<=[\s"'“‘«„][^"'])[.,;:!?…)]{0,2}|(?<=["'“‘«„].))(?=["'”’“»\s]|$)""")
_SPOKEN, _CLOSES = str.maketrans(ALONE), {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "„": "“”"}
_SPEAKS = frozenset(
    "a an the this that each every any one ein eine einen einem der die das den un une le la el los una um uma token character symbol "
    "sign key letter mark operator delimiter separator comma colon semicolon".split()
)
_WITHIN = re.compile(r"(?<=\w)[.,:/-](?=\w)")


def pointed(text: str) -> str:
    """The text with a word for each mark that counts.

    >>> [pointed(text) for text in ("Has it come?", "It has come?", "no, fever", "no fever.")]
    ['Has it come?', 'It has come \\ue006 ', 'no, \\ue007 fever', 'no fever.']
    >>> pointed("Expecting ',' here") == pointed("Expecting ':' here")
    False
    >>> pointed("Write to j.smith@example.com.")
    'Write to j\\ue000smith@example\\ue000com.'
    """
    text = _ALONE.sub(_alone, text)
    if "?" in text:
        at = text.find("?")
        if at < len(text) - 1 or text.split(None, 1)[0].lower() not in _ASKS:  # else by far the most questions
            text = _QUESTION.sub(lambda found: "?" if _asks(text, found.start()) else f" {ASKED} ", text)
    if _POINT.search(text):
        text = _POINT.sub(lambda found: f"{found[0]} {BESIDE} " if _negates(text, found.start()) else found[0], text)
        if "@" in text or _STOP.search(text):
            text = _NAMED.sub(_name, text)
    return text


_ENDS = " \t\r\n.,;:!?…\"'“”‘’„«»()[]-–—·•¿¡؟،؛۔।॥。、「」『』"
_TURN = re.compile(
    r"""[.,;:!?…"'“”„«»‘’—؟،؛۔。、](?:
      (?<=[^'’‘])[.,;:!?…"“”„«»—؟،؛۔。、]*
    | (?<=\w['’])[sS](?!\w)
    | (?<=[sS]['’])(?=\s)
    | (?<!\w['’‘])(?=\w)
    )""",
    re.VERBOSE,
)
_KINDS = str.maketrans("!?…؟۔。،、؛“”„«»", '......,,;"""""')
_SHORT = frozenset("what that there here how where when why who he she".split())
"""With an ’s that is no other word without its apostrophe."""
_ANSWERS = frozenset("hi hello hey oh ok okay yes yeah yep yup no nope thanks please so but".split())
_ASIDE = frozenset("please thanks thank but".split())
"""Behind and before these a comma or a stop turns nothing."""
_THANKS = re.compile(r"\bthank you(?: (?:so|very) much)?$", re.IGNORECASE)


def inside(text: str) -> int:
    """A number for the marks inside a text that may turn it, and where they stand: 0 for none. It holds within one process.

    Commas, stops, quotes and apostrophes of its, boys' and the like count; neither what stands at the ends, nor brackets and hyphens.

    >>> inside("Hi, it works. Thanks!") == inside("hi it works! thanks"), inside("What's new, please?")
    (True, 0)
    >>> inside("It works, thanks."), inside("Let's eat, kids!") == inside("Let's eat kids!")
    (0, False)
    """
    text, words, at, told = text.strip(_ENDS), 0, 0, list[str]()
    for found in _TURN.finditer(text):
        mark, start, end = found[0], found.start(), found.end()
        if mark[0] in "'’‘":
            if len(mark) > 1 and _last(text, start) in _SHORT:
                continue
            mark = "'" + mark[1:].lower()
        else:
            if not (text[start - 1].isspace() and text[end].isspace()):
                mark = "".join(dict.fromkeys(mark.translate(_KINDS)))
            if mark in ",." and _is_aside(text, start, end):
                continue
        words += len(text[at:start].split())
        at = end
        told.append(f"{words}{mark}")
    return hash(" ".join(told)) if told else 0


def _is_aside(text: str, start: int, end: int) -> bool:
    """Whether a mark only parts an answer, a greeting or thanks from the rest."""
    if _last(text, start) in _ANSWERS or _next(text, end) in _ASIDE:
        return True
    return _THANKS.search(text, max(0, start - 22), start) is not None


def _last(text: str, at: int) -> str:
    """The word before a place, in small letters."""
    return next(reversed(text[max(0, at - 12) : at].lower().split()), "")


def _next(text: str, at: int) -> str:
    """The word behind a place, in small letters."""
    return next(iter(text[at : at + 12].lower().split()), "")


def _alone(found: re.Match[str]) -> str:
    """A mark, as the word that it is where it is spoken of."""
    text, at, end = found.string, found.start(), found.end()
    before, after = text[at - 1], text[end : end + 1]
    if before in _CLOSES:
        spoken = after != "" and after in _CLOSES[before] and not text[max(0, at - 2) : at - 1].isalnum()
    else:
        spoken = not after.strip() and _last(text, at) in _SPEAKS
    return f" {found[0].translate(_SPOKEN)} " if spoken else found[0]


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
