// The name of a cluster, in a field that stands open: a name that was refused is not shown as if the cluster bore it.

import type { Page } from "./page";

export const rename =
  ({ store }: Page, cluster: number, name: string) =>
  (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const typed = field.value.trim();
    if (!typed || typed === name) return void (field.value = name);
    void store.decide("rename", { cluster, name: typed }, `Named “${typed}”.`).then((done) => {
      // the field may meanwhile hold what was typed next, or be another cluster's
      if (!done && field.value.trim() === typed) field.value = name;
    });
  };
