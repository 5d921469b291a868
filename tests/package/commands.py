"""Commands that tests run as a user would."""

from __future__ import annotations

import subprocess
from pathlib import Path


def run(*command: str | Path, env: dict[str, str] | None = None) -> str:
    """Output of a command; a failing one shows all it said."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=env, timeout=500)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout
