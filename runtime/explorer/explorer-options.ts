/** A part of the page. */
export type ExplorerTab = "keys" | "calls" | "cluster";

/** What the page shows, and where it finds the API. URLs are relative to the page's own, which ends in a slash. */
export interface ExplorerOptions {
  /**
   * Where the API is, e.g. `"../etcd"` for an API under `/etcd` and a page under `/explorer`.
   *
   * @defaultValue `"."`
   */
  readonly baseUrl?: string;
  /**
   * The OpenAPI 3 description of the API, or its URL.
   *
   * @defaultValue `openapi.json` under `baseUrl`
   */
  readonly description?: string | object;
  /** What the page is called. By default, the title of the description. */
  readonly title?: string;
  /** The parts to show, in this order. By default all that the API has the calls for: keys and cluster are etcd's. */
  readonly tabs?: readonly ExplorerTab[];
  /**
   * The rpcs that the gateway exposes, by their full names or those of their services, as in `access.expose`: what
   * else there is, the page shows as switched off. By default all.
   */
  readonly exposed?: readonly string[];
}

const TABS: readonly string[] = ["keys", "calls", "cluster"] satisfies ExplorerTab[];

/** What an option must be, by its name. */
const RULES: Readonly<Record<keyof ExplorerOptions, { readonly expected: string; is(value: unknown): boolean }>> = {
  baseUrl: { expected: 'a URL relative to the page, such as "." or "../etcd"', is: isRelative },
  description: {
    expected: "an OpenAPI description, or its URL relative to the page",
    is: (value) => isRelative(value) || (typeof value === "object" && value !== null && !Array.isArray(value)),
  },
  title: { expected: "a text", is: isText },
  tabs: {
    expected: `a list of ${TABS.map((tab) => JSON.stringify(tab)).join(", ")}, each once`,
    is: (value) =>
      isTextList(value) && value.length === new Set(value).size && value.every((tab) => TABS.includes(tab)),
  },
  exposed: { expected: "a list of services and rpcs", is: isTextList },
};

/**
 * Checks the options of a page.
 *
 * @throws TypeError with the option, its value and what it must be
 */
export function checkOptions(options: ExplorerOptions): void {
  const rules: Readonly<Record<string, (typeof RULES)["title"] | undefined>> = RULES;
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      throw new TypeError(`explorer has no option ${name}: it has ${Object.keys(RULES).join(", ")}`);
    }
    if (value !== undefined && !rule.is(value)) {
      throw new TypeError(`bad ${name} ${JSON.stringify(value)?.slice(0, 100)}: it must be ${rule.expected}`);
    }
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

/** The page may connect to its own origin alone. */
function isRelative(value: unknown): boolean {
  return (
    isText(value) &&
    URL.canParse(value, "http://page.invalid/") &&
    new URL(value, "http://page.invalid/").host === "page.invalid"
  );
}
