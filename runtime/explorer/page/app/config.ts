/** The configuration from the server: see `page-html.ts`. */
export interface Config {
  /** The absolute URL of the API, which ends in a slash. */
  readonly baseUrl: URL;
  /** The URL of the API's description. */
  readonly description: URL;
  readonly title: string | undefined;
  readonly tabs: readonly string[] | undefined;
  readonly exposed: readonly string[] | undefined;
}

/** Reads the configuration that is embedded in the page. */
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
