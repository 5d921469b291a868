"""What ``mkdocs.yml`` can't say: the script that lets the site's search work from disk comes from ``js/node_modules`` (mkdocs-material's
own way would fetch it when a page is looked at), and no page loads anything from elsewhere.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
WORKER = ROOT / "js" / "node_modules" / "iframe-worker" / "shim" / "index.js"
LOADED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//[^\"'\s>]*")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the script for the search."""
    files.append(File.generated(config, "assets/javascripts/iframe-worker.js", abs_src_path=str(WORKER)))
    return files


def on_post_page(output: str, **_: Any) -> str:
    """Refuse a page that would load something from elsewhere when it is looked at."""
    if found := LOADED.search(output):
        raise PluginError(f"a page loads from elsewhere: {found[0]}")
    return output
