"""Which marks of a text say something.

In prose, case and punctuation are set aside: “Great!” is “great”. In a sum, a formula, a smiley or a line of code they are what is said:
``12 * 4`` is not ``12 / 4``, ``5'`` is not ``5"`` and ``-d`` is not ``-D``. So a text with one such sign is compared as it stands.
"""

from __future__ import annotations

import re
import unicodedata

_LETTER = r"[^\W\d_]"
_SIGNS = r"+*=<>^|~\\_`\[\]{}±×÷¬⁄\u2190-\u22ff\u27c0-\u27ef\u2980-\u2aff"
_SIGN = re.compile(
    rf"""[{_SIGNS}/·—!'":;().\d-](?:       # one character, and then where it stands: so the search skips from one to the next
      (?<=[{_SIGNS}])
    | (?<=/)(?!(?<=\d/)\d)                  # and/or, never 3/4: numbers keep what separates them
    | (?<=·)(?!(?<={_LETTER}·){_LETTER})
    | (?<=-)(?!                             # but between words (e-mail, covid-19), within numbers and before them: x-y, a - b, -d
        (?<={_LETTER}{_LETTER}-)\w | (?<=\w-){_LETTER}{_LETTER} | (?<=\d-)\d | (?<![\w)]-)\.?\d
      )
    | (?<=—)(?=\s?\d)
    | (?<=!)(?: (?<=\d!) | (?<=\b{_LETTER}!) | (?<!{_LETTER}!)(?=[\w(]) )  # 5!, n!, !ready
    | (?<=['"])(?: (?<=\d.) | (?<=\b{_LETTER}.) )(?!{_LETTER})             # 5', 5", f'(2); never 1990's or I'm
    | (?<=[:;])(?= '?[()] | : )                                            # :), :'(, std::sort
    | (?<=\()(?: (?<=\w\() | (?=\)) )                                      # f(2), ()
    | (?<=\))(?=[\w(])
    | (?<=\.)(?<![\w.)"'”’]\.)(?={_LETTER})                                # .net
    | (?<=\d)(?=\ ?(?:[MKGTPD]|[mkn](?=[A-Z]))(?:[WVABbgJNLm]|Pa|Hz)\b)      # 5 MW, 5 mW, 5 Mb; never 5 PM
    )""",
    re.VERBOSE,
)
_QUERIES = ("SELECT ", "select ", "Select ", "INSERT ", "insert ", "DELETE ", "delete ", "CREATE ", "create ")
_CODE = re.compile(
    r"\bSELECT\s+[\w*]|(?i:\bselect\s[^.?!]{1,200}?\sfrom\s|\binsert\s+into\s|\bdelete\s+from\s|\bcreate\s+table\s)"
)
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u207f]+")
_LOWERED = re.compile("[\u2080-\u209c]+")
_ALONE = re.compile("[\u00bc-\u00be\u2150-\u215f\u2189\u2460-\u24ff]")
_DASHES = {ord(mark): "-" for mark in "\u2010\u2011\u2012\u2013\u2212"}


def composed(text: str) -> str:
    """The text with one form for each character, but for what would change a number.

    >>> composed("Ｆｕｌｌ 10⁶, H₂, 1½, –5")
    'Full 10^6, H_2, 1 1⁄2 , -5'
    """
    text = _RAISED.sub(r"^\g<0>", _LOWERED.sub(r"_\g<0>", _ALONE.sub(r" \g<0> ", text)))
    return unicodedata.normalize("NFKC", text).translate(_DASHES)


def matter(text: str) -> bool:
    """Whether the marks of a text, and its case, say something.

    >>> [matter(text) for text in ("What is 12 * 4?", "It came :(", "Yes - I'm (nearly) sure, it's -5 to 3/4!")]
    [True, True, True]
    >>> matter("I'm (nearly) sure: it's an e-mail of 3/4, at -5 degrees!")
    False
    """
    if _SIGN.search(text) or text.count("(") != text.count(")"):
        return True
    return any(word in text for word in _QUERIES) and _CODE.search(text) is not None
