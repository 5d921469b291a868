"""A release, all but the upload: ``make release``. Each check says what it found; the first that fails ends it, and leaves no dist/.

Tests are not run here, since they take longer than all else: ``make release FULL=1`` runs them first.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
BUNDLE = "src/elute/widget/static/"
LEFT_OUT = (".ci/", ".gitignore", ".github/")
"""Of the tree, what no sdist needs."""
README = """
import elute
w = elute.Widget([f"{a} {b}" for a in "red green blue".split() for b in "cat dog cow fox".split()], clusterer=elute.KMeans(3))
w.start(); assert w.wait(300)
print(elute.__version__, int(w.keep.sum()), len(w.clean()))
"""


class Refused(Exception):
    """What has to be mended first."""


def main() -> int:
    """Run all checks in order; 1 where one fails."""
    shutil.rmtree(DIST, ignore_errors=True)
    for check in (clean_tree, one_version, licences, built, contents, installed):
        try:
            print(f"{check.__name__.replace('_', ' ')}: {check()}", flush=True)
        except Refused as why:
            shutil.rmtree(DIST, ignore_errors=True)
            print(f"{check.__name__.replace('_', ' ')}: {why}", file=sys.stderr)
            return 1
    print(f"Ready. To publish: git tag v{version()} && git push --tags, then python -m twine upload dist/*")
    return 0


def clean_tree() -> str:
    """All that is built is committed."""
    changed = told("git", "status", "--porcelain").splitlines()
    if changed:
        raise Refused(f"{len(changed)} files are not committed, {changed[0][3:]} first.")
    return told("git", "rev-parse", "--short", "HEAD").strip()


def version() -> str:
    """The version, from the one place that holds it."""
    found: list[str] = re.findall(r'^__version__ = "([^"]+)"', (ROOT / "src/elute/__init__.py").read_text(encoding="utf-8"), re.M)
    return found[0]


def one_version() -> str:
    """The changelog and the citation speak of this version, and the changelog calls it released."""
    cited = re.findall(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M)
    if cited != [version()]:
        raise Refused(f"CITATION.cff says version {cited}, elute.__version__ is {version()}.")
    head = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)[0]
    if not head.startswith(version()) or "not released" in head:
        raise Refused(f"CHANGELOG.md begins with {head!r}: give {version()} its date.")
    return version()


def licences() -> str:
    """Every dependency's licence is permitted."""
    return told(sys.executable, "scripts/licences.py").strip().splitlines()[-1]


def built() -> str:
    """The sdist, and the wheel from it."""
    told(sys.executable, "-m", "build", "--outdir", str(DIST))
    return ", ".join(f"{path.name} {path.stat().st_size / 1e6:.1f} MB" for path in sorted(DIST.iterdir()))


def contents() -> str:
    """Wheel and sdist against what git holds: nothing missing, nothing that is not in the tree but the page."""
    (wheel,), (sdist,) = DIST.glob("*.whl"), DIST.glob("*.tar.gz")
    tracked = told("git", "ls-files").splitlines()
    wrong = compared(wheel, sdist, tracked)
    if wrong:
        raise Refused("; ".join(wrong))
    return f"as git holds it, {len(tracked)} files"


def compared(wheel: Path, sdist: Path, tracked: list[str]) -> list[str]:
    """How a wheel and an sdist differ from the files of the tree, a sentence each."""
    in_wheel = {f"src/{name}" for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    with tarfile.open(sdist) as archive:
        in_sdist = {one.name.split("/", 1)[1] for one in archive.getmembers() if one.isfile()} - {"PKG-INFO"}
    source = {name for name in tracked if name.startswith("src/elute/")}
    whole = {name for name in tracked if not name.startswith(LEFT_OUT)}
    pairs: list[tuple[str, set[str]]] = [
        ("missing in the wheel", source - in_wheel),
        ("in the wheel and not in git", {name for name in in_wheel - source if not name.startswith(BUNDLE)}),
        ("missing in the sdist", whole - in_sdist),
        (
            "in the sdist and not in git",
            {name for name in in_sdist - set(tracked) if not name.startswith(BUNDLE) and name != ".gitignore"},
        ),
    ]
    return [f"{what}: {', '.join(sorted(names)[:5])}{' ...' if len(names) > 5 else ''}" for what, names in pairs if names]


def installed() -> str:
    """The wheel in an environment of its own, as its user has it: three lines, no warning."""
    (wheel,) = DIST.glob("*.whl")
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        told(sys.executable, "-m", "venv", folder)
        told(str(python), "-m", "pip", "install", "-q", str(wheel))
        said = told(str(python), "-W", "error", "-c", README).split()
    if said != [version(), "12", "12"]:
        raise Refused(f"The widget says {said}.")
    return "with the newest dependencies, a round and a mask, no warning"


def told(*command: str) -> str:
    """What a command prints; where it fails, its last lines are why."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Refused("\n".join((done.stdout + done.stderr).strip().splitlines()[-8:]))
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
