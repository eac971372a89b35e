/**
 * The shadow tree of an element, made when it has none. Editors stand in one because they bring their own styles: in a
 * document these would be elements, which the page's Content-Security-Policy forbids; in a shadow tree they are sheets
 * that are adopted.
 */
export function shadowRootOf(element: HTMLElement): ShadowRoot {
  return element.shadowRoot ?? element.attachShadow({ mode: "open", delegatesFocus: true });
}
