// Figures and names in words, as all of the page writes them.

import type { Cluster } from "./protocol";

const integers = new Intl.NumberFormat("en");

export const count = (n: number): string => integers.format(n);

/** A count with its noun. */
export const many = (n: number, one: string): string => `${count(n)} ${n === 1 ? one : `${one}s`}`;

export const rows = (n: number): string => many(n, "row");

/** A figure with a true minus sign, so that columns align, and none before zero; "n/a" where there is none. */
export const figure = (x: number | null, digits: number): string => (x === null ? "n/a" : x.toFixed(digits).replace(/^-(?=.*[1-9])/, "\u2212").replace("-", ""));

/** None and all are said of none and all alone. */
export function percent(share: number): string {
  const whole = Math.round(share * 100);
  if (whole === 0 && share > 0) return "<1 %";
  return whole === 100 && share < 1 ? ">99 %" : `${whole} %`;
}

export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${(seconds / 3600).toFixed(1)} h`;
}

export const clusterName = ({ cluster, name }: Pick<Cluster, "cluster" | "name">): string => name || (cluster === -1 ? "noise" : `cluster ${cluster}`);
