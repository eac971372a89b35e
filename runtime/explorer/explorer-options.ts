import { thrownText } from "./thrown-text.js";

/** A tab of the page. */
export type ExplorerTab = "keys" | "calls" | "cluster";

/** The options of the page. URLs are relative to the page's URL, which ends in a slash. */
export interface ExplorerOptions {
  /**
   * The URL of the API, such as `"../etcd"` for an API under `/etcd` and a page under `/explorer`.
   *
   * @defaultValue "."
   */
  readonly baseUrl?: string;
  /**
   * The OpenAPI 3 description of the API: an object, or its URL.
   *
   * @defaultValue `openapi.json` under `baseUrl`
   */
  readonly description?: string | object;
  /**
   * The title of the page.
   *
   * @defaultValue the title of the description
   */
  readonly title?: string;
  /**
   * The tabs to show, in this order: `"keys"`, `"calls"`, `"cluster"`. Keys and cluster need etcd's API.
   *
   * @defaultValue all tabs whose calls the API has
   */
  readonly tabs?: readonly ExplorerTab[];
  /**
   * The full names of the RPCs and services that the gateway exposes, as in `access.expose`. The page shows all other
   * RPCs as disabled. The command passes on `--expose`.
   *
   * @defaultValue all
   */
  readonly exposed?: readonly string[];
}

/** How much of a value an error quotes, in characters. */
const LONGEST = 48;

const TABS: readonly string[] = ["keys", "calls", "cluster"] satisfies ExplorerTab[];

/** The rule for an option's value. */
interface Rule {
  readonly expected: string;
  is(value: unknown): boolean;
  /** The rule for each item, if the value is a list. */
  readonly item?: Omit<Rule, "item">;
}

const RULES: Readonly<Record<keyof ExplorerOptions, Rule>> = {
  baseUrl: { expected: 'a URL relative to the page, such as "." or "../etcd"', is: isRelative },
  description: {
    expected: "an OpenAPI description, or its URL relative to the page",
    is: (value) => isRelative(value) || isObject(value),
  },
  title: { expected: "a string", is: isText },
  tabs: {
    expected: "a list of parts of the page, each once",
    is: (value) => Array.isArray(value) && value.length === new Set(value).size,
    item: { expected: 'one of "keys", "calls" and "cluster"', is: (value) => isText(value) && TABS.includes(value) },
  },
  exposed: {
    expected: "a list of RPCs and services",
    is: Array.isArray,
    item: {
      expected: 'the full name of an RPC or a service, such as "etcdserverpb.KV.Range"',
      is: (value) => isText(value) && /^\w+(\.\w+)*$/.test(value),
    },
  },
};

/**
 * Checks the options of a page, and returns a copy of them. It reads each once, because a getter can return another
 * value the next time.
 *
 * @throws TypeError with the option's path, its value, and what is expected
 */
export function readOptions(options: unknown): ExplorerOptions {
  const path = "options of explorer";
  if (!read(path, () => isObject(options))) throw bad(path, options, "an object");
  const given: object = Object(options);
  for (const name of read(path, () => Object.keys(given))) {
    if (!Object.hasOwn(RULES, name) && readValue(given, name) !== undefined)
      throw new TypeError(`unknown option ${name}: expected one of ${Object.keys(RULES).join(", ")}`);
  }
  const values = Object.entries<Rule>(RULES).map(([name, { expected, is, item }]) => {
    const value = readValue(given, name);
    if (value === undefined) return [name, undefined];
    if (!read(name, () => is(value))) throw bad(name, value, expected);
    if (item !== undefined && Array.isArray(value)) {
      for (const [i, each] of value.entries()) if (!item.is(each)) throw bad(`${name}[${i}]`, each, item.expected);
    }
    return [name, value];
  });
  // The compiler cannot type fromEntries. RULES ensures that each option has its type.
  return Object.fromEntries(values) as ExplorerOptions;
}

/** Returns the value of an option; of a list a copy. */
function readValue(options: object, name: string): unknown {
  return read(name, () => {
    const value: unknown = Reflect.get(options, name);
    return Array.isArray(value) ? Array.from<unknown>(value) : value;
  });
}

/** Reads something of what the app has given, which may be a proxy, or have a getter, that throws. */
function read<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (thrown) {
    throw new TypeError(`invalid ${path}: cannot read it: ${thrownText(thrown)}`, { cause: thrown });
  }
}

function bad(path: string, value: unknown, expected: string): TypeError {
  return new TypeError(`invalid ${path} ${read(path, () => shown(value))}: expected ${expected}`);
}

/** Returns a short text for a value in an error. Lists, objects and functions are only named. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, LONGEST));
  if (Array.isArray(value)) return "(a list)";
  return isObject(value) ? "(an object)" : typeof value === "function" ? "(a function)" : String(value);
}

/** Whether a value is an object with members by name. Lists, maps, dates and promises are not. */
function isObject(value: unknown): value is object {
  const kind = Object.prototype.toString.call(value);
  return typeof value === "object" && (kind === "[object Object]" || kind === "[object Module]");
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Whether a URL stays on the page's origin, the only one that the page may connect to. */
function isRelative(value: unknown): boolean {
  return (
    isText(value) &&
    URL.canParse(value, "http://page.invalid/") &&
    new URL(value, "http://page.invalid/").host === "page.invalid"
  );
}
