import { type Dialect, v1, v2 } from "@etcd-gateway/runtime";

/**
 * A family of etcd versions whose JSON gateways answer alike: `v1` is etcd 3.1 to 3.5, `v2` is 3.6 and later. See
 * docs/parity.md for what differs.
 */
export type DialectName = "v1" | "v2";

/** One dialect for all paths, or dialects by path prefix, such as `{ "/v3": "v1" }`. */
export type DialectChoice = DialectName | Readonly<Record<string, DialectName>>;

/** The dialects of a gateway: what `createGateway` takes. */
export interface Dialects {
  readonly dialect: Dialect;
  readonly dialects: Readonly<Record<string, Dialect>>;
}

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ["v1", v1],
  ["v2", v2],
]);

/** The versions that answered under the older prefixes are all of the first family. */
const DEFAULTS: Readonly<Record<string, DialectName>> = { "/v3": "v2", "/v3beta": "v1", "/v3alpha": "v1" };

/**
 * The dialects of a gateway to etcd. A prefix that is not named has its default.
 *
 * @throws TypeError if there is no such dialect
 */
export function dialectsOf(choice: DialectChoice = {}): Dialects {
  if (typeof choice === "string") return { dialect: dialectCalled(choice), dialects: {} };
  const names = Object.entries({ ...DEFAULTS, ...choice });
  return {
    dialect: v2,
    dialects: Object.fromEntries(names.map(([prefix, name]) => [prefix, dialectCalled(name)])),
  };
}

function dialectCalled(name: string): Dialect {
  const dialect = DIALECTS.get(name);
  if (dialect === undefined) throw new TypeError(`bad dialect ${JSON.stringify(name)}: it must be "v1" or "v2"`);
  return dialect;
}
