/** What the server has told the page: see `page-html.ts`. */
export interface Config {
  /** Where the API is: absolute, ending in a slash. */
  readonly baseUrl: URL;
  /** Where its description is. */
  readonly description: URL;
  readonly title: string | undefined;
  readonly tabs: readonly string[] | undefined;
  readonly exposed: readonly string[] | undefined;
}

/** Reads what stands in the page as data. */
export function readConfig(): Config {
  const given: unknown = JSON.parse(document.getElementById("config")?.textContent ?? "{}");
  const texts = new Map<string, unknown>(Object.entries(given ?? {}));
  const text = (name: string): string | undefined => {
    const value = texts.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const list = (name: string): readonly string[] | undefined => {
    const value = texts.get(name);
    return Array.isArray(value) ? value.map(String) : undefined;
  };
  const page = new URL(".", location.href);
  return {
    baseUrl: new URL(`${text("baseUrl") ?? "."}/`.replace(/\/+$/, "/"), page),
    description: new URL(text("description") ?? "openapi.json", page),
    title: text("title"),
    tabs: list("tabs"),
    exposed: list("exposed"),
  };
}
