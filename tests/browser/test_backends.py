"""The map is the same picture, and takes the same rows, by a graphics card's way and by typed arrays."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

JS = Path(__file__).parents[2] / "js"
SIZE = (720, 480)

OPEN = """async ({ size: [width, height], n, clusters, ...scene }) => {
  document.body.innerHTML = "";
  const root = document.createElement("div");
  root.style.cssText = `position: relative; width: ${width}px; height: ${height}px`;
  document.body.append(root);
  window.taken = null;
  window.said = [];
  const events = {
    select: ({ rows }, final) => { if (final) window.taken = Array.from(rows); },
    lost: (message) => window.said.push(message),
  };
  window.map?.destroy();
  window.map = scenes.open(root, { ...scene, data: scenes.blobs(n, clusters, 0.06, 0.12), events });
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  return window.map.backend;
}"""

# The share of pixels whose colour differs by more than a tenth, and the mean difference, 0 to 255.
COMPARE = """async ([first, second]) => {
  const read = async (url) => {
    const bitmap = await createImageBitmap(await (await fetch(url)).blob());
    const g = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    g.drawImage(bitmap, 0, 0);
    return g.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  const [a, b] = [await read(first), await read(second)];
  if (a.width !== b.width || a.height !== b.height) return [1, 255];
  let [visible, sum] = [0, 0];
  for (let i = 0; i < a.data.length; i += 4) {
    const most = Math.max(...[0, 1, 2].map((part) => Math.abs(a.data[i + part] - b.data[i + part])));
    visible += most > 25;
    sum += most;
  }
  return [visible / (a.width * a.height), sum / (a.width * a.height)];
}"""

PNG = """async () => {
  const blob = await window.map.png();
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(blob);
  });
}"""

Scenes = Callable[[int], Page]


@pytest.fixture(scope="module")
def bundle() -> str:
    """The map alone, as a script that says ``scenes``."""
    command = ["node_modules/.bin/esbuild", "test/scene.ts", "--bundle", "--format=iife", "--global-name=scenes"]
    return subprocess.run(command, cwd=JS, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture
def scenes(browser: Browser, bundle: str) -> Iterator[Scenes]:
    """``scenes(ratio)``: an empty page whose screen has so many px a css px."""
    contexts = []

    def opened(ratio: int) -> Page:
        contexts.append(
            browser.new_context(viewport={"width": 800, "height": 600}, device_scale_factor=ratio, reduced_motion="reduce")
        )
        page = contexts[-1].new_page()
        page.set_content("<body style='margin: 0'></body>")
        page.add_script_tag(content=bundle)
        return page

    yield opened
    for context in contexts:
        context.close()


def show(page: Page, backend: str | None, **scene: Any) -> str:
    """Put a map onto the page; what draws it."""
    chosen = {} if backend is None else {"backend": backend}
    return str(page.evaluate(OPEN, {"size": SIZE, "n": 4000, "clusters": 9, **scene, **chosen}))


SELECTED = list(range(0, 4000, 7))
SCENES: dict[str, dict[str, Any]] = {
    "3d": {"dim": "3d"},
    "2d": {"dim": "2d", "dark": True},
    "many": {"dim": "3d", "n": 60_000, "clusters": 24},
    "chosen, with ghosts": {"dim": "3d", "ghosts": True, "selected": SELECTED},
    "both, dark, chosen": {"dim": "both", "dark": True, "ghosts": True, "selected": SELECTED},
}


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_both_draw_the_same_picture(scenes, scene, ratio):
    page = scenes(ratio)
    pictures = []
    for backend in ("webgl", "software"):
        assert show(page, backend, **scene) == backend
        pictures.append(page.evaluate(PNG))
    visible, mean = page.evaluate(COMPARE, pictures)
    print(f"{visible:.2%} of the pixels differ visibly, {mean:.2f} of 255 on average")
    assert visible < 0.02
    assert mean < 3


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("dim", ["3d", "2d"])
def test_a_lasso_takes_the_same_rows(scenes, dim, ratio):
    page = scenes(ratio)
    taken = []
    for backend in ("webgl", "software"):
        show(page, backend, dim=dim, ghosts=True)
        page.evaluate("() => map.setTool('lasso')")
        corners = [(150, 90), (610, 120), (300, 260), (560, 400), (140, 380), (420, 60)]  # crosses itself
        page.mouse.move(*corners[0])
        page.mouse.down()
        for x, y in corners[1:]:
            page.mouse.move(x, y, steps=4)
        page.mouse.up()
        page.wait_for_function("() => window.taken !== null")
        taken.append(page.evaluate("() => window.taken"))
    assert taken[0] == taken[1]
    assert 100 < len(taken[0]) < 3900


def test_typed_arrays_draw_where_the_card_is_imitated(scenes):
    page = scenes(1)
    assert show(page, None) == "software"


def test_a_lost_context_is_said_and_comes_back(scenes):
    page = scenes(1)
    show(page, "webgl", selected=SELECTED)
    before = page.evaluate(PNG)
    page.evaluate("""() => {
      window.lose = document.querySelector("canvas").getContext("webgl2").getExtension("WEBGL_lose_context");
      lose.loseContext();
    }""")
    page.wait_for_function("() => said.length === 1")
    assert "nothing selected is lost" in page.evaluate("() => said[0]")
    page.evaluate("() => lose.restoreContext()")
    page.wait_for_function("() => said[1] === ''")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(COMPARE, [before, page.evaluate(PNG)])[0] == 0


def test_a_map_that_is_taken_away_frees_its_context(scenes):
    page = scenes(1)
    told: list[str] = []
    page.on("console", lambda said: told.append(said.text))
    for _ in range(24):  # Chromium keeps 16
        assert show(page, "webgl", n=100) == "webgl"
    assert [text for text in told if "context" in text.lower()] == []


def test_a_slow_picture_is_rough_while_it_moves_and_whole_once_it_rests(scenes):
    page = scenes(2)
    show(page, "software", n=400_000, clusters=24)
    whole = page.evaluate(PNG)
    rough, rested = page.evaluate("""async () => {
      const canvas = document.querySelector("canvas");
      const g = canvas.getContext("2d");
      const seen = () => g.getImageData(0, 0, canvas.width, canvas.height).data;
      const same = (a, b) => a.every((v, i) => v === b[i]);
      const whole = seen();
      for (let frame = 0; frame < 4; frame++) {
        map.setHidden(new Set()); // the same picture again, at once: as if it moved
        await new Promise(requestAnimationFrame);
      }
      const rough = !same(whole, seen());
      await new Promise((done) => setTimeout(done, 700));
      return [rough, same(whole, seen())];
    }""")
    assert (rough, rested) == (True, True)
    assert page.evaluate(COMPARE, [whole, page.evaluate(PNG)])[0] == 0
