/** Cluster names as text over the map: the nearest first, and a name that would cover another waits. */
import type { Pane, Projected } from "../geometry";
import type { Name } from "./types";

export interface NamesView {
  pane: Pane;
  /** Where a cluster's centre lands; null for a cluster that is not shown. */
  place(cluster: number): Projected | null;
  /** 0 for near, 1 for far. */
  far(at: Projected): number;
  /** Rows it has. */
  size(cluster: number): number;
}

/** A name as it stands on the map, css px. */
export interface Shown {
  name: string;
  /** Behind the name, smaller; "" for none. */
  counted: string;
  x: number;
  y: number;
  width: number;
  height: number;
  opacity: number;
}

export interface Labels {
  setNames(names: Name[]): void;
  /** `first` is placed before all others: the hovered cluster shows its name. */
  place(views: NamesView[], first: number | null): void;
  /** What is shown now. */
  shown(): Shown[];
}

interface Label {
  cluster: number;
  element: HTMLElement;
  name: string;
  counted: string;
  /** Css px, 0 until it was first laid out. */
  width: number;
  height: number;
  /** Where it stands; null while it waits. */
  at: { x: number; y: number; opacity: number } | null;
}

interface Candidate {
  label: Label;
  place: Projected;
  far: number;
  size: number;
}

const integers = new Intl.NumberFormat("en");

/** One set of texts for each of the two views. */
const VIEWS = 2;
/** Of more clusters in one view only the largest are named: no more names have room. */
const MOST = 90;
/** By so much, 1 being from near to far, a name must come nearer than one that is shown already to take its place. */
const STAYS = 0.15;

export function createLabels(layer: HTMLElement): Labels {
  let sets: Label[][] = Array.from({ length: VIEWS }, () => []);

  const placeIn = (labels: Label[], view: NamesView, first: number | null) => {
    const { pane } = view;
    const inSight: Candidate[] = [];
    for (const label of labels) {
      const place = view.place(label.cluster);
      if (place === null || place.behind || !(place.x > pane.x && place.x < pane.x + pane.width && place.y > pane.y && place.y < pane.y + pane.height)) continue;
      inSight.push({ label, place, far: view.far(place), size: view.size(label.cluster) });
    }
    const ofFirst = ({ label }: Candidate) => Number(label.cluster === first);
    if (inSight.length > MOST) inSight.sort((a, b) => ofFirst(b) - ofFirst(a) || b.size - a.size).splice(MOST);
    // a name that is shown stays for as long as it can: while one turns the map they would change places all the time
    const rank = ({ label, far }: Candidate) => far - (label.at ? STAYS : 0);
    inSight.sort((a, b) => ofFirst(b) - ofFirst(a) || rank(a) - rank(b) || a.place.z - b.place.z || b.size - a.size);
    // All at once: each look at a size after a change would lay the page out again.
    for (const { label } of inSight) if (label.width === 0) [label.width, label.height] = [label.element.offsetWidth, label.element.offsetHeight];
    const taken: { left: number; top: number; right: number; bottom: number }[] = [];
    const placed = new Set<Label>();
    for (const candidate of inSight) {
      const { label, place, far } = candidate;
      const [left, top] = [place.x - label.width / 2, place.y - label.height / 2];
      const [right, bottom] = [left + label.width, top + label.height];
      const inPane = left >= pane.x && right <= pane.x + pane.width && top >= pane.y && bottom <= pane.y + pane.height;
      if (!inPane || taken.some((box) => left < box.right + 4 && right > box.left - 4 && top < box.bottom + 1 && bottom > box.top - 1)) continue;
      taken.push({ left, top, right, bottom });
      placed.add(label);
      show(label, { x: left, y: top, opacity: label.cluster === first ? 1 : 1 - 0.45 * far });
    }
    for (const label of labels) if (!placed.has(label)) show(label, null);
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
        else for (const label of labels) show(label, null);
      });
    },
    shown: () => sets.flat().flatMap(({ name, counted, width, height, at }) => (at ? [{ name, counted, width, height, ...at }] : [])),
  };
}

function makeLabel(layer: HTMLElement): Label {
  const element = document.createElement("span");
  element.className = "elute-map-name";
  element.dir = "auto";
  element.style.visibility = "hidden";
  layer.append(element);
  return { cluster: NaN, element, name: "", counted: "", width: 0, height: 0, at: null };
}

/** Touches the page only where something changes. */
function show(label: Label, at: Label["at"]): void {
  const { style } = label.element;
  if (at) {
    style.transform = `translate(${at.x.toFixed(1)}px, ${at.y.toFixed(1)}px)`;
    style.opacity = at.opacity.toFixed(2);
  }
  if ((at === null) !== (label.at === null)) style.visibility = at ? "visible" : "hidden";
  label.at = at;
}

function say(label: Label, { cluster, name, count, of }: Name): Label {
  // who was shown under another name has no right to stay
  if (label.cluster !== cluster) show(label, null);
  label.cluster = cluster;
  const counted = count === undefined ? "" : of === undefined ? integers.format(count) : `${integers.format(count)} / ${integers.format(of)}`;
  if (name === label.name && counted === label.counted) return label;
  const words = document.createElement("span");
  words.textContent = name;
  label.element.replaceChildren(words);
  if (counted) {
    const small = document.createElement("small");
    small.textContent = ` ${counted}`;
    label.element.append(small);
  }
  return Object.assign(label, { name, counted, width: 0, height: 0 });
}
