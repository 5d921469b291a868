"""Licences of all that is installed here, Python and npm: ``make licences``. Fails on one that is neither permissive nor MPL-2.0.

What a package says of itself is read (``License-Expression``, its classifiers, else ``License``; ``package-lock.json`` for npm), and one
that says nothing is not permitted either.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PERMITTED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "BlueOak-1.0.0", "CC0-1.0", "CNRI-Python", "HPND", "ISC", "MIT",
    "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Python-2.0", "Unlicense", "ZPL-2.1", "Zlib",
}  # fmt: skip
"""By SPDX. MPL-2.0 asks for changes to its own files alone, of which there are none here."""
OLDER = {
    "apache 2.0": "Apache-2.0", "apache 2.0 license": "Apache-2.0", "apache license, version 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0", "apache software license": "Apache-2.0", "bsd": "BSD-3-Clause", "bsd license": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause", "isc license (iscl)": "ISC", "isc license": "ISC", "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense", "zope public license": "ZPL-2.1",
}  # fmt: skip
"""How packages said it before SPDX."""


def main() -> int:
    """Print a table of each kind; 1 where a licence is not permitted."""
    wrong: list[str] = []
    for title, rows in (("Python, installed here", python()), ("npm, in the page", npm(False)), ("npm, tools", npm(True))):
        print(f"{title}: {len(rows)}")
        for name, licence in sorted(rows.items(), key=lambda row: row[0].lower()):
            print(f"  {name:40} {licence or '(says nothing)'}{'' if permitted(licence) else '   <- NOT PERMITTED'}")
        wrong += [name for name, licence in rows.items() if not permitted(licence)]
    print(f"Not permitted: {', '.join(wrong)}" if wrong else "All are permissive, or MPL-2.0.")
    return 1 if wrong else 0


def python() -> dict[str, str]:
    """Name with version of each installed distribution -> its licence."""
    return {f"{one.metadata['Name']} {one.version}": said(one.metadata) for one in metadata.distributions()}


def said(told: metadata.PackageMetadata) -> str:
    """The licence that a package states; "" where it states none."""
    if told.get_all("License-Expression"):
        return str(told["License-Expression"])
    lines = [line for line in told.get_all("Classifier") or [] if line.startswith("License ::") and line.count("::") > 1]
    plain = (told.get_all("License") or [""])[0].strip().split("\n")[0]
    return " AND ".join(spdx(line.rsplit("::", 1)[1].strip()) for line in lines) or spdx(plain)


def spdx(name: str) -> str:
    """An older name by its SPDX name."""
    return OLDER.get(name.lower(), name)


def npm(tools: bool) -> dict[str, str]:
    """Packages of js/package-lock.json: those that tools need, or those in the page."""
    lock: Mapping[str, Mapping[str, object]] = json.loads((ROOT / "js" / "package-lock.json").read_text(encoding="utf-8"))[
        "packages"
    ]
    held = {path: told for path, told in lock.items() if path and bool(told.get("dev")) == tools}
    return {
        f"{path.rpartition('node_modules/')[2]} {told['version']}": str(told.get("license") or "") for path, told in held.items()
    }


def permitted(licence: str) -> bool:
    """Whether an SPDX expression can be kept by what is permitted: all that AND joins, one of what OR joins.

    >>> permitted("MIT AND (GPL-3.0 OR Apache-2.0 WITH LLVM-exception)"), permitted("MIT AND GPL-3.0"), permitted("")
    (True, False, False)
    """
    plain = re.sub(r" WITH [\w.-]+", "", licence, flags=re.I)
    while (inner := re.search(r"\(([^()]*)\)", plain)) is not None:
        plain = plain.replace(inner.group(0), "MIT" if permitted(inner.group(1)) else "none")
    return any(_all(part) for part in re.split(r" OR ", plain, flags=re.I))


def _all(part: str) -> bool:
    return all(name.strip() in PERMITTED for name in re.split(r" AND ", part, flags=re.I))


if __name__ == "__main__":
    sys.exit(main())
