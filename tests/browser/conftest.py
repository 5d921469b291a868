"""One JupyterLab and one Chromium for all browser tests; a page, a notebook and a kernel for each."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import cells
import pytest
from lab import Lab
from notebook import Notebook
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright
from view import View

RESULTS = Path(__file__).parents[2] / "test-results"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
SOFTWARE_GL = ["--disable-gpu", "--enable-unsafe-swiftshader"]  # with these SwiftShader draws WebGL only, not the whole page
WIDE = {"width": 1400, "height": 1000}

# JupyterLab draws its cells when the browser has time for it; on a busy machine that took more than five seconds.
expect.set_options(timeout=20_000)

FAILED = pytest.StashKey[bool]()
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
def opened(lab: Lab, context: BrowserContext, standing: Standing, request: pytest.FixtureRequest) -> Iterator[Opens]:
    """``opened(cell, cell, ...)``: a notebook of these cells, idle, in a kernel that holds nothing of the tests before.

    Page and kernel are those that stand, since both take seconds to start. ``alone=True`` gives it its own, for tests that kill either or
    alter code that is not theirs, and so does a ``script=`` that runs before the page's own.
    """
    with ExitStack() as stack:
        numbers = count()

        def opens(*cells: str, alone: bool = False, script: str = "") -> Notebook:
            if alone or script:
                number = next(numbers)
                name = f"{request.node.name}-{number}" if number else request.node.name
                return stack.enter_context(a_notebook(lab, context, name, cells, script))
            return standing.notebook(*cells)

        yield opens
        if request.node.stash.get(FAILED, False):
            standing.close()


FRESH = (cells.FRESH, cells.SELECTED, cells.KEPT, cells.SELECT)


@pytest.fixture
def fresh(again: Opens) -> tuple[Notebook, View]:
    """A new widget in cell 0; cell 1 says what is selected, 2 what is kept, 3 selects."""
    notebook = again(*FRESH)
    notebook.run(0)
    notebook.errors.clear()
    return notebook, notebook.view().wait(round=1, kept=120, selected=0)


@pytest.fixture
def again(standing: Standing, request: pytest.FixtureRequest) -> Iterator[Opens]:
    """``again(cell, cell, ...)``: the notebook as the test before left it, where its cells were the same; else as ``opened``."""
    yield standing.again
    if request.node.stash.get(FAILED, False):
        standing.close()


class Standing:
    """One notebook that most tests use, one after the other; after a test that failed it is opened anew."""

    def __init__(self, lab: Lab, context: BrowserContext) -> None:
        self._open = partial(a_notebook, lab, context)
        self._stack = ExitStack()
        self._now: tuple[Notebook, tuple[str, ...]] | None = None
        self._count = 0

    def notebook(self, *cells: str) -> Notebook:
        """With these cells, and nothing in the kernel."""
        if self._now is None:
            self._count += 1
            notebook = self._stack.enter_context(self._open(f"standing-{self._count}", cells))
        else:
            notebook = self._now[0]
            notebook.replace(cells)
        self._now = notebook, cells
        return notebook

    def again(self, *cells: str) -> Notebook:
        """As it is, where its cells are these."""
        return self._now[0] if self._now is not None and self._now[1] == cells else self.notebook(*cells)

    def close(self) -> None:
        """Forget it."""
        self._stack.close()
        self._now = None


@pytest.fixture(scope="session")
def standing(lab: Lab, context: BrowserContext) -> Iterator[Standing]:
    """The notebook of ``opened`` and ``again``."""
    standing = Standing(lab, context)
    yield standing
    standing.close()


@contextmanager
def a_notebook(lab: Lab, context: BrowserContext, name: str, cells: Sequence[str], script: str = "") -> Iterator[Notebook]:
    """A notebook of these cells in a page of its own, where ``script`` runs first; its kernel starts while the page opens."""
    path = lab.write(_plain(name), cells)
    session = lab.start_kernel(path)
    page = context.new_page()
    page.add_init_script(script)
    notebook = Notebook(page, lab.url, path, lab.work)
    notebook.open()
    yield notebook
    page.close()
    lab.stop_kernel(session)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a picture of what a failed test saw, before anything is taken down."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
        RESULTS.mkdir(exist_ok=True)
        context = item.funcargs.get("context")  # type: ignore[attr-defined]
        for page in context.pages[-1:] if context else []:
            page.screenshot(path=RESULTS / f"{_plain(item.name)}.png")
    return report


def _plain(name: str) -> str:
    return re.sub(r"\W+", "-", name).strip("-")
