/** What has the focus, also in a shadow root. */
export const active = (element: Element): Element | null => (element.getRootNode() as Document | ShadowRoot).activeElement;
