"""Texts of another make than the five sets, to see whether what holds on these holds elsewhere: what lies on a developer's machine.

    debian  short descriptions of packages, by section (``apt-cache dumpavail``)
    pod     paragraphs of Perl's manual and modules, by folder
    spam    offers made of eight templates

Where a machine has none of it the source has no rows.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

MOST = 4000
TEMPLATES = (
    "Congratulations {name}! You have won a {prize}. Claim it at {site} before {day}.",
    "URGENT: your parcel {number} could not be delivered. Pay {price} at {site} to release it.",
    "Hi {name}, earn {price} a day from home. No experience needed! Reply {word} to {number}.",
    "Last chance! {prize} for only {price}. Order now at {site}, offer ends {day}.",
    "Your account {number} was suspended. Verify your details at {site} within 24 hours.",
    "{name}, you are preapproved for a loan of {price}. Text {word} to {number} now.",
    "Lonely? {name} is waiting for you tonight. Call {number}, {price} per minute.",
    "Lose weight fast with {prize}! Thousands did. Free trial at {site}.",
)
FILL = {
    "name": ("Anna", "Mike", "Sara", "Tom", "Linda", "Raj", "Chen", "Paul"),
    "prize": ("holiday in Spain", "new phone", "1000 pound voucher", "gold watch", "slim tea", "car"),
    "site": ("www.win4u.biz", "http://claim-now.info", "best-deal.top", "www.fastcash.co"),
    "day": ("Friday", "midnight", "tomorrow", "31 March"),
    "word": ("YES", "GO", "CASH", "WIN"),
}


def elsewhere(name: str) -> pd.DataFrame:
    """``text`` and ``label`` of one of :data:`SOURCES`, distinct, 4,000 at most."""
    found: Any = SOURCES[name]()
    rows = pd.DataFrame(found, columns=["text", "label"], dtype=object).drop_duplicates("text")
    drawn: pd.DataFrame = rows.sample(min(MOST, len(rows)), random_state=0).reset_index(drop=True)
    return drawn


def _debian() -> list[tuple[str, str]]:
    try:
        told = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    found = []
    for package in told.split("\n\n"):
        says, section = (re.search(rf"^{name}: (.+)", package, re.M) for name in ("Description", "Section"))
        if says and section and not re.search("transitional|metapackage|debug symbols", says[1]):
            found.append((says[1], section[1].split("/")[-1]))
    sections = pd.Series([section for _, section in found]).value_counts()
    return [(text, section) for text, section in found if sections[section] >= 200]


def _pod() -> list[tuple[str, str]]:
    found = []
    for root in (Path("/usr/share/perl5"), *sorted(Path("/usr/share/perl").glob("5.*"))):
        for path in sorted([*root.rglob("*.pm"), *root.rglob("*.pod")]):
            inside = False
            for part in path.read_text(errors="replace").split("\n\n"):
                inside = not part.startswith("=cut") and (inside or part.startswith("="))
                if inside and part[:1].isalpha() and 40 <= len(part) <= 400:
                    label = path.relative_to(root).parts[0].removesuffix(".pm")
                    found.append((" ".join(re.sub(r"[A-Z]<+ ?([^<>]*?) ?>+", r"\1", part).split()), label))
    return found


def _spam() -> list[tuple[str, None]]:
    random = np.random.default_rng(0)
    found: list[tuple[str, None]] = []
    for _ in range(3000):
        fill = {name: random.choice(words) for name, words in FILL.items()}
        number, price = random.integers(10_000, 99_999), f"{random.integers(1, 99)}.{random.integers(10, 99)}"
        found.append((str(random.choice(TEMPLATES)).format(**fill, number=number, price=price), None))
    return found


SOURCES = {"debian": _debian, "pod": _pod, "spam": _spam}
