"""One JupyterLab and one Chromium for all browser tests; a page, a notebook and a kernel for each."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from lab import Lab
from notebook import Notebook
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

RESULTS = Path(__file__).parents[2] / "test-results"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
SOFTWARE_GL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WIDE = {"width": 1400, "height": 1000}

Opens = Callable[..., Notebook]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A running JupyterLab."""
    lab = Lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, started once."""
    with sync_playwright() as started:
        yield started


def launch(playwright: Playwright, args: list[str]) -> Browser:
    """A Chromium of the machine, else Playwright's own."""
    found = next(filter(None, map(shutil.which, NAMES)), None) or playwright.chromium.executable_path
    if not Path(found).exists():
        pytest.fail("The browser tests need Chromium or Chrome: apt install chromium, or python -m playwright install chromium.")
    return playwright.chromium.launch(executable_path=found, args=QUIET + args)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser that draws WebGL2 in software, as on any machine."""
    browser = launch(playwright, SOFTWARE_GL)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> BrowserContext:
    """One cache for all pages: JupyterLab's own files are big."""
    return browser.new_context(viewport=WIDE)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of its own."""
    page = context.new_page()
    yield page
    page.close()


@pytest.fixture
def opened(lab: Lab, page: Page, request: pytest.FixtureRequest) -> Iterator[Opens]:
    """``opened(cell, cell, ...)``: a notebook of these cells, open and idle."""
    sessions: list[str] = []

    def opens(*cells: str) -> Notebook:
        path = lab.write(_plain(request.node.name), list(cells))
        sessions.append(lab.start_kernel(path))
        notebook = Notebook(page, lab.url, path, lab.work)
        notebook.open()
        return notebook

    yield opens
    page.goto("about:blank")
    for session in sessions:
        lab.stop_kernel(session)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a picture of what a failed test saw, before anything is taken down."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page is not None:
        RESULTS.mkdir(exist_ok=True)
        page.screenshot(path=RESULTS / f"{_plain(item.name)}.png")
    return report


def _plain(name: str) -> str:
    return re.sub(r"\W+", "-", name).strip("-")
