// The depth strip over the map: the selection along the view axis.

import { nothing, type TemplateResult } from "lit-html";
import type { Page } from "./page";

export const strip: (page: Page) => TemplateResult | typeof nothing = () => nothing;
