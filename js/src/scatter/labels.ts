/** Cluster names as text over the map: the nearest first, and a name that would cover another waits. */
import type { Pane, Projected } from "../geometry";
import type { Name } from "./types";

export interface NamesView {
  pane: Pane;
  /** Where a cluster's centre lands; null for a cluster that is not shown. */
  place(cluster: number): Projected | null;
  /** 0 for near, 1 for far. */
  far(depth: number): number;
}

export interface Labels {
  setNames(names: Name[]): void;
  /** `first` is placed before all others: the hovered cluster shows its name. */
  place(views: NamesView[], first: number | null): void;
}

interface Label {
  cluster: number;
  element: HTMLElement;
  /** What it says now. */
  said: string;
  /** Css px, 0 until it was first laid out. */
  width: number;
  height: number;
}

const integers = new Intl.NumberFormat("en");

/** One set of texts for each of the two views. */
const VIEWS = 2;

export function createLabels(layer: HTMLElement): Labels {
  let sets: Label[][] = Array.from({ length: VIEWS }, () => []);

  const placeIn = (labels: Label[], view: NamesView, first: number | null) => {
    const { pane } = view;
    const visible = labels
      .map((label) => ({ label, at: view.place(label.cluster) }))
      .filter((item): item is { label: Label; at: Projected } => item.at !== null && !item.at.behind)
      .sort((a, b) => Number(b.label.cluster === first) - Number(a.label.cluster === first) || a.at.depth - b.at.depth);
    // All at once: each look at a size after a change would lay the page out again.
    for (const { label } of visible) if (label.width === 0) [label.width, label.height] = [label.element.offsetWidth, label.element.offsetHeight];
    const shown = new Set<Label>();
    const taken: { left: number; top: number; right: number; bottom: number }[] = [];
    for (const { label, at } of visible) {
      const [left, top] = [at.x - label.width / 2, at.y - label.height / 2];
      const [right, bottom] = [left + label.width, top + label.height];
      const inPane = left >= pane.x && right <= pane.x + pane.width && top >= pane.y && bottom <= pane.y + pane.height;
      if (!inPane || taken.some((box) => left < box.right + 4 && right > box.left - 4 && top < box.bottom + 1 && bottom > box.top - 1)) continue;
      taken.push({ left, top, right, bottom });
      shown.add(label);
      label.element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
      label.element.style.opacity = (label.cluster === first ? 1 : 1 - 0.45 * view.far(at.depth)).toFixed(2);
    }
    for (const label of labels) label.element.style.visibility = shown.has(label) ? "visible" : "hidden";
  };

  return {
    setNames(names) {
      // While a lasso is drawn only counts change, in every frame: elements stay, and what says the same stays as it is.
      sets = sets.map((before) => {
        const labels = names.map((name, i) => say(before.at(i) ?? makeLabel(layer), name));
        for (const { element } of before.slice(names.length)) element.remove();
        return labels;
      });
    },
    place(views, first) {
      sets.forEach((labels, i) => {
        const view = views.at(i);
        if (view !== undefined) placeIn(labels, view, first);
        else for (const label of labels) label.element.style.visibility = "hidden";
      });
    },
  };
}

function makeLabel(layer: HTMLElement): Label {
  const element = document.createElement("span");
  element.className = "elute-map-name";
  element.dir = "auto";
  element.style.visibility = "hidden";
  layer.append(element);
  return { cluster: 0, element, said: "", width: 0, height: 0 };
}

function say(label: Label, { cluster, name, count }: Name): Label {
  const counted = count === undefined ? "" : ` ${integers.format(count)}`;
  const said = JSON.stringify([name, counted]);
  if (said === label.said) return { ...label, cluster };
  label.element.textContent = name;
  if (counted) {
    const small = document.createElement("small");
    small.textContent = counted;
    label.element.append(small);
  }
  return { ...label, cluster, said, width: 0, height: 0 };
}
