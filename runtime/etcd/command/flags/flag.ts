import type { Option } from "@etcd-gateway/runtime/options";
import { FlagError } from "./flag-error.js";

/** A flag of the command. */
export interface Flag {
  /** The placeholder for its value in the help, such as `FILE`, or `undefined` for a flag without a value. */
  readonly value: string | undefined;
  /** The description, in Markdown. */
  readonly text: string;
  /** The default value, as a user would write it. */
  readonly default?: string;
  /** The option that it sets. */
  readonly sets?: FlagTarget;
  /** The action that it asks for instead of serving. Such a flag has no environment variable. */
  readonly asksFor?: "help" | "probe" | "version";
}

/** The option that a flag sets. */
export interface FlagTarget {
  /** The option. */
  readonly option: Option<unknown>;
  /** The path of the option, such as `gateway.limits.maxStreams`. */
  readonly path: string;
  /**
   * Parses the flag's value. The option checks the result.
   *
   * @param source the source of the value in errors: `--grace` or `ETCD_GATEWAY_GRACE`
   * @throws FlagError if the value cannot be parsed
   */
  read(value: string, source: string): unknown;
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Makes a flag for an option, with the option's description, default and format. */
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

/** Returns an option's default as a value of its flag. */
function defaultText({ facts: { type }, default: value }: Option<unknown>): string | undefined {
  if (type === "milliseconds" && typeof value === "number") return timeText(value);
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Reads a comma-separated list. */
export function readList(value: string, source: string): readonly string[] {
  const entries = value.split(",").map((entry) => entry.trim());
  if (!entries.includes("")) return entries;
  throw new FlagError(
    `invalid ${source} ${JSON.stringify(value)}: expected a comma-separated list without empty entries`,
  );
}

function readNumber(value: string, source: string, what: string, example = "1"): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new FlagError(`invalid ${source} ${JSON.stringify(value)}: expected ${what} such as ${example}`);
}

function readTime(value: string, source: string): number {
  if (value === "0") return 0;
  const [, digits, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(value) ?? [];
  const milliseconds = MILLISECONDS[unit ?? ""];
  if (digits === undefined || milliseconds === undefined) {
    throw new FlagError(`invalid ${source} ${JSON.stringify(value)}: expected a time such as 500ms, 30s or 2m`);
  }
  return Number(digits) * milliseconds;
}

/** Formats a time for {@link readTime}, in the largest unit that represents it exactly. */
function timeText(milliseconds: number): string {
  const units = Object.entries(MILLISECONDS).reverse();
  const [unit, length] = units.find(([, length]) => milliseconds % length === 0) ?? ["ms", 1];
  return milliseconds === 0 ? "0" : `${milliseconds / length}${unit}`;
}
