import type { Option } from "@etcd-gateway/runtime/options";
import { FlagError } from "./flag-error.js";

/** A flag of the command. */
export interface Flag {
  /** What its value is, as the help has it, such as `FILE`; `undefined` for a flag that has none. */
  readonly value: string | undefined;
  /** What it does, in Markdown. */
  readonly text: string;
  /** Its value if it is not given, as a user would write it. */
  readonly default?: string;
  /** What it sets. */
  readonly sets?: FlagTarget;
  /** What it asks for in place of a server. Such a flag has no environment variable. */
  readonly asksFor?: "help" | "probe" | "version";
}

/** What a flag sets. */
export interface FlagTarget {
  /** The option. */
  readonly option: Option<unknown>;
  /** Its path, such as `gateway.limits.maxStreams`. */
  readonly path: string;
  /**
   * Reads the flag's value. What it gives is for the option to check.
   *
   * @param source what gave the value, as an error has it: `--grace` or `ETCD_GATEWAY_GRACE`
   * @throws FlagError if that cannot be read
   */
  read(value: string, source: string): unknown;
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A flag for an option: its text, its default and how it is written are the option's. */
export function flagOf(path: string, option: Option<unknown>): Flag {
  const { text, type, words } = option.facts;
  const byDefault = defaultText(option);
  const flag = (value: string, read: FlagTarget["read"]): Flag => ({
    value,
    text,
    ...(byDefault !== undefined && { default: byDefault }),
    sets: { option, path, read },
  });
  if (type === "milliseconds") return flag("TIME", readTime);
  if (type === "bytes")
    return flag("BYTES", (value, source) => readNumber(value, source, "a number of bytes", byDefault));
  if (type === "number") return flag("N", (value, source) => readNumber(value, source, "a number", byDefault));
  if (type === "string") return flag("NAME", (value) => value);
  if (words === undefined) return flag("LIST", readList);
  if (type.includes("[]"))
    return flag("LIST", (value, source) => (words.includes(value) ? value : readList(value, source)));
  return flag("WORD", (value) => value);
}

/** An option's default as a flag's value. */
function defaultText({ facts: { type }, default: value }: Option<unknown>): string | undefined {
  if (type === "milliseconds" && typeof value === "number") return timeText(value);
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** A list, comma-separated. */
export function readList(value: string, source: string): readonly string[] {
  const entries = value.split(",").map((entry) => entry.trim());
  if (!entries.includes("")) return entries;
  throw new FlagError(`${source} has an empty entry in ${JSON.stringify(value)}: write a comma-separated list`);
}

function readNumber(value: string, source: string, what: string, example = "1"): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new FlagError(`${source} ${JSON.stringify(value)} is not ${what}, e.g. ${example}`);
}

function readTime(value: string, source: string): number {
  if (value === "0") return 0;
  const [, digits, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(value) ?? [];
  const milliseconds = MILLISECONDS[unit ?? ""];
  if (digits === undefined || milliseconds === undefined) {
    throw new FlagError(`${source} ${JSON.stringify(value)} is not a time, e.g. 500ms, 30s or 2m`);
  }
  return Number(digits) * milliseconds;
}

/** A time as {@link readTime} reads it, in the largest unit that says it. */
function timeText(milliseconds: number): string {
  const units = Object.entries(MILLISECONDS).reverse();
  const [unit, length] = units.find(([, length]) => milliseconds % length === 0) ?? ["ms", 1];
  return milliseconds === 0 ? "0" : `${milliseconds / length}${unit}`;
}
