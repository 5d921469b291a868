"""What ``mkdocs.yml`` can't say: pictures come from ``pictures/`` where ``make pictures`` made them, else a line stands for each.

The script that lets the site's search work from disk comes from ``js/node_modules``; mkdocs-material's own way would fetch it when a
page is looked at.
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
PICTURE = re.compile(r"^!\[(?P<says>[^\]]*)\]\(pictures/(?P<name>[\w-]+\.png)\)$", re.M)
LOADED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//[^\"'\s>]*")
LEFT_OUT = "*A picture is left out here, which `make pictures` makes where there is a browser: {says}*"


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pictures that are there and shown on a page, and the script for the search."""
    files.append(File.generated(config, "assets/javascripts/iframe-worker.js", abs_src_path=str(WORKER)))
    pages = "\n".join(path.read_text(encoding="utf-8") for path in Path(config.docs_dir).rglob("*.md"))
    for name in sorted({found["name"] for found in PICTURE.finditer(pages)}):
        path = ROOT / "pictures" / name
        if path.exists():
            files.append(File.generated(config, f"pictures/{name}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Leave a line where a picture is not there."""
    return PICTURE.sub(_shown, markdown)


def on_post_page(output: str, **_: Any) -> str:
    """Refuse a page that would load something from elsewhere when it is looked at."""
    if found := LOADED.search(output):
        raise PluginError(f"a page loads from elsewhere: {found[0]}")
    return output


def _shown(found: re.Match[str]) -> str:
    there = (ROOT / "pictures" / found["name"]).exists()
    return found[0] if there else LEFT_OUT.format(says=found["says"])
