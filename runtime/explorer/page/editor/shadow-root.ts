/**
 * Returns the shadow tree of an element, and creates it if there is none. Editors need one because they bring their own
 * styles: in a document they would insert style elements, which the page's Content-Security-Policy forbids; in a shadow
 * tree they use adopted style sheets.
 */
export function shadowRootOf(element: HTMLElement): ShadowRoot {
  return element.shadowRoot ?? element.attachShadow({ mode: "open", delegatesFocus: true });
}
