/** Cluster names as text over the map: the nearest first, and a name that would cover another waits. */
import type { Pane, Projected } from "../geometry";
import { count as written } from "../words";
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

export interface Nameplates {
  setNames(names: Name[]): void;
  /** `first` is placed before all others: the hovered cluster shows its name. */
  place(views: NamesView[], first: number | null): void;
  /** What is shown now. */
  shown(): Shown[];
}

interface Plate {
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
  plate: Plate;
  place: Projected;
  far: number;
  size: number;
}

/** One set of texts for each of the two views. */
const VIEWS = 2;
/** Of more clusters in one view only the largest are named: no more names have room. */
const MOST = 90;
/** By so much, 1 being from near to far, a name must come nearer than one that is shown already to take its place. */
const STAYS = 0.15;

export function createNameplates(layer: HTMLElement): Nameplates {
  let sets: Plate[][] = Array.from({ length: VIEWS }, () => []);

  const placeIn = (plates: Plate[], view: NamesView, first: number | null) => {
    const { pane } = view;
    const inSight: Candidate[] = [];
    for (const plate of plates) {
      const place = view.place(plate.cluster);
      if (place === null || place.behind || !(place.x > pane.x && place.x < pane.x + pane.width && place.y > pane.y && place.y < pane.y + pane.height)) continue;
      inSight.push({ plate, place, far: view.far(place), size: view.size(plate.cluster) });
    }
    const ofFirst = ({ plate }: Candidate) => Number(plate.cluster === first);
    if (inSight.length > MOST) inSight.sort((a, b) => ofFirst(b) - ofFirst(a) || b.size - a.size).splice(MOST);
    // a name that is shown stays for as long as it can: while one turns the map they would change places all the time
    const rank = ({ plate, far }: Candidate) => far - (plate.at ? STAYS : 0);
    inSight.sort((a, b) => ofFirst(b) - ofFirst(a) || rank(a) - rank(b) || a.place.z - b.place.z || b.size - a.size);
    // All at once: each look at a size after a change would lay the page out again.
    for (const { plate } of inSight) if (plate.width === 0) [plate.width, plate.height] = [plate.element.offsetWidth, plate.element.offsetHeight];
    const taken: { left: number; top: number; right: number; bottom: number }[] = [];
    const placed = new Set<Plate>();
    for (const candidate of inSight) {
      const { plate, place, far } = candidate;
      const [left, top] = [place.x - plate.width / 2, place.y - plate.height / 2];
      const [right, bottom] = [left + plate.width, top + plate.height];
      const inPane = left >= pane.x && right <= pane.x + pane.width && top >= pane.y && bottom <= pane.y + pane.height;
      if (!inPane || taken.some((box) => left < box.right + 4 && right > box.left - 4 && top < box.bottom + 1 && bottom > box.top - 1)) continue;
      taken.push({ left, top, right, bottom });
      placed.add(plate);
      show(plate, { x: left, y: top, opacity: plate.cluster === first ? 1 : 1 - 0.45 * far });
    }
    for (const plate of plates) if (!placed.has(plate)) show(plate, null);
  };

  return {
    setNames(names) {
      // While a lasso is drawn only counts change, in every frame: elements stay, and what says the same stays as it is.
      sets = sets.map((before) => {
        const plates = names.map((name, i) => say(before.at(i) ?? makePlate(layer), name));
        for (const { element } of before.slice(names.length)) element.remove();
        return plates;
      });
    },
    place(views, first) {
      sets.forEach((plates, i) => {
        const view = views.at(i);
        if (view !== undefined) placeIn(plates, view, first);
        else for (const plate of plates) show(plate, null);
      });
    },
    shown: () => sets.flat().flatMap(({ name, counted, width, height, at }) => (at ? [{ name, counted, width, height, ...at }] : [])),
  };
}

function makePlate(layer: HTMLElement): Plate {
  const element = document.createElement("span");
  element.className = "elute-map-name";
  element.dir = "auto";
  element.style.visibility = "hidden";
  layer.append(element);
  return { cluster: NaN, element, name: "", counted: "", width: 0, height: 0, at: null };
}

/** Touches the page only where something changes. */
function show(plate: Plate, at: Plate["at"]): void {
  const { style } = plate.element;
  if (at) {
    style.transform = `translate(${at.x.toFixed(1)}px, ${at.y.toFixed(1)}px)`;
    style.opacity = at.opacity.toFixed(2);
  }
  if ((at === null) !== (plate.at === null)) style.visibility = at ? "visible" : "hidden";
  plate.at = at;
}

function say(plate: Plate, { cluster, name, count, of }: Name): Plate {
  // who was shown under another name has no right to stay
  if (plate.cluster !== cluster) show(plate, null);
  plate.cluster = cluster;
  const counted = count === undefined ? "" : of === undefined ? written(count) : `${written(count)} / ${written(of)}`;
  if (name === plate.name && counted === plate.counted) return plate;
  const words = document.createElement("span");
  words.textContent = name;
  plate.element.replaceChildren(words);
  if (counted) {
    const small = document.createElement("small");
    small.textContent = ` ${counted}`;
    plate.element.append(small);
  }
  return Object.assign(plate, { name, counted, width: 0, height: 0 });
}
