"""What a page holds once its garbage is collected: graphics contexts, event listeners, nodes, memory."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from playwright.sync_api import Page

SCRIPT = """(() => {
  const made = [];
  for (const { prototype } of [HTMLCanvasElement, OffscreenCanvas]) {
    const { getContext } = prototype;
    prototype.getContext = function (kind, ...how) {
      const context = getContext.call(this, kind, ...how);
      if (context && String(kind).includes("webgl") && !made.some((one) => one.deref() === context)) made.push(new WeakRef(context));
      return context;
    };
  }
  window.__contexts = () => made.filter((one) => one.deref()?.isContextLost() === false).length;
})();"""
"""Runs before the page's own scripts: a page does not say by itself how many contexts there are."""


@dataclass(frozen=True)
class Census:
    """Counts of one moment; ``heap`` in bytes, array buffers included."""

    contexts: int
    listeners: int
    nodes: int
    heap: int

    def __sub__(self, other: Census) -> Census:
        return Census(**{name: count - asdict(other)[name] for name, count in asdict(self).items()})


def take(page: Page) -> Census:
    """Count, after what nobody holds any more was collected."""
    told = page.context.new_cdp_session(page)
    for _ in range(3):
        told.send("HeapProfiler.collectGarbage")
        page.wait_for_timeout(50)
    nodes = told.send("Memory.getDOMCounters")
    heap = told.send("Runtime.getHeapUsage")
    told.detach()
    return Census(
        contexts=page.evaluate("window.__contexts()"),
        listeners=nodes["jsEventListeners"],
        nodes=nodes["nodes"],
        heap=int(heap["usedSize"] + heap.get("backingStorageSize", 0)),
    )
