// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";
import { watchTheme } from "../src/theme";

afterEach(() => vi.unstubAllGlobals());

it("tells of the first colours once the widget is in the page, and of a theme that changes", async () => {
  let enter: () => void = () => undefined;
  const disconnect = vi.fn();
  vi.stubGlobal("ResizeObserver", function (this: object, callback: () => void) {
    enter = callback;
    Object.assign(this, { observe: () => undefined, disconnect });
  });
  const changed = vi.fn();
  const dispose = watchTheme(document.createElement("div"), changed);
  expect(changed).not.toHaveBeenCalled();
  enter();
  expect(changed).toHaveBeenCalledTimes(1);
  expect(disconnect).toHaveBeenCalledTimes(1);
  document.body.dataset.jpThemeLight = "false";
  await new Promise((resolve) => setTimeout(resolve));
  expect(changed).toHaveBeenCalledTimes(2);
  dispose();
  document.body.dataset.jpThemeLight = "true";
  await new Promise((resolve) => setTimeout(resolve));
  expect(changed).toHaveBeenCalledTimes(2);
});
