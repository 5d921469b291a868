"""Build hook: the page's bundle is required in wheel and sdist; npm is needed only where it is not built yet."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = ("widget.js", "widget.css")


class PageHook(BuildHookInterface):  # type: ignore[misc]
    """Builds ``src/elute/widget/static`` with npm, unless it is there: a wheel builds from the sdist without Node."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before each wheel, editable install and sdist."""
        root = Path(self.root)
        static = root / "src" / "elute" / "widget" / "static"
        if all((static / name).is_file() for name in BUNDLE):
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError("The page is not built yet and npm was not found. Install Node 20 or newer, then try again.")
        subprocess.run([npm, "ci"], cwd=root / "js", check=True)
        subprocess.run([npm, "run", "build"], cwd=root / "js", check=True)
        missing = [name for name in BUNDLE if not (static / name).is_file()]
        if missing:
            raise RuntimeError(f"npm run build did not make {', '.join(missing)} in {static}.")
