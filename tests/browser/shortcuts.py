"""Every shortcut of the notebook's own, pressed over the widget."""

from __future__ import annotations

from notebook import Notebook
from view import View

# Every shortcut of JupyterLab that is one or two plain keys, as [key, ...]; Enter runs cells and is left alone.
PLAIN = """() => {
  const plain = (stroke) => /^(Shift )?([A-Z0-9]|Backspace|Delete|Arrow(Up|Down|Left|Right)|Home|End|[^\\w\\s])$/.test(stroke);
  const found = window.jupyterapp.commands.keyBindings.filter(({ keys }) => keys.every(plain)).map(({ keys }) => keys);
  return [...new Set(found.map((keys) => JSON.stringify(keys)))].map((keys) => JSON.parse(keys));
}"""


def pressed(stroke: str) -> str:
    """JupyterLab's name of a key as Playwright writes it."""
    key = stroke.split()[-1]
    return f"Shift+{key}" if stroke.startswith("Shift ") else key.lower() if len(key) == 1 else key


def press_all(notebook: Notebook, view: View) -> None:
    """Press each from three places of the widget; nothing of the notebook may change by it."""
    view.map.focus()  # which makes its cell the active one
    before = notebook.whole()
    shortcuts = view.page.evaluate(PLAIN)
    assert {"X", "Z", "A", "B", "M", "Y", "C", "V"} <= {keys[0] for keys in shortcuts if len(keys) == 1}
    assert ["D", "D"] in shortcuts
    for focus in (view.map, view["tool-turn"], view["tab-clusters"]):
        for keys in shortcuts:
            focus.focus()
            for stroke in keys:
                view.page.keyboard.press(pressed(stroke))
        assert notebook.whole() == before
