"""Whether a browser of this machine draws with WebGL, and with what: asked of the browser itself, without a window."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

NAMES = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge", "chrome")
WAIT = 25
"""Seconds for a browser to answer."""
PAGE = """<!doctype html><title>elute doctor</title><script>
const gl = document.createElement("canvas").getContext("webgl2");
const info = gl && gl.getExtension("WEBGL_debug_renderer_info");
document.title = "webgl2: " + (gl ? gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER) : "none");
</script>"""


def browser() -> str | None:
    """A Chromium, Chrome or Edge on the path, or the one that Playwright brought."""
    found = next((path for name in NAMES if (path := shutil.which(name)) is not None), None)
    if found is None:
        with suppress(Exception):  # not installed, no browser fetched, or a loop that runs already
            from playwright.sync_api import sync_playwright

            with sync_playwright() as made:
                path = made.chromium.executable_path
            found = path if Path(path).is_file() else None
    return found


def webgl(command: str | None = None) -> str:
    """One line: the renderer of WebGL 2, "none", or why it is not known."""
    command = command or browser()
    if command is None:
        return "not known: no Chromium, Chrome or Edge was found"
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(PAGE, encoding="utf-8")
        line = [command, "--headless", "--disable-extensions", f"--user-data-dir={folder}/profile", "--dump-dom", page.as_uri()]
        try:
            said = subprocess.run(line, capture_output=True, text=True, errors="replace", timeout=WAIT, check=False)
            if "webgl2:" not in said.stdout:  # root in a container: there is no sandbox to be had
                line.insert(1, "--no-sandbox")
                said = subprocess.run(line, capture_output=True, text=True, errors="replace", timeout=WAIT, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return "not known: the browser did not answer"
    told = re.search(r"webgl2: ([^<]{1,120})", said.stdout)
    return "not known: the browser did not answer" if told is None else told[1]
