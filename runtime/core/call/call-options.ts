import type { Checked, Option, OptionalOption, OptionTable } from "../options/option.js";
import { instance, listOf, milliseconds, recordOf, text } from "../options/option-kinds.js";
import type { Service } from "./rpc.js";

/** How long calls may take. */
export interface CallTimeouts {
  /**
   * How long a unary call may take if nobody says, in milliseconds; 0 for no limit. Streams have none.
   *
   * @defaultValue 30000
   */
  readonly unary?: number;
  /**
   * The same for single rpcs, streams among them, by their full names: `{ "v3lockpb.Lock.Lock": 0 }`.
   *
   * @defaultValue {}
   */
  readonly rpcs?: Readonly<Record<string, number>>;
}

/** How long one call may take: what is left of a time may well be a fraction. */
export const CALL_TIMEOUT: OptionalOption<number> = instance<number>(
  { text: "how long the call may take", type: "milliseconds", expected: "milliseconds, or 0 for no limit" },
  (given) => typeof given === "number" && Number.isFinite(given) && given >= 0,
);

/** How long calls may take. */
export const CALL_TIMEOUTS: OptionTable<Checked<CallTimeouts>> = {
  unary: milliseconds({
    text: "the time limit of unary calls without a `Grpc-Timeout` header; 0 for none",
  }).or(30_000),
  rpcs: recordOf(
    {
      text: "time limits of single rpcs, including streams, by their full names",
      expected: "an object with the milliseconds of rpcs by their names",
    },
    milliseconds({ text: "how long a call may take; 0 for no limit" }),
  ).or({}),
};

/** The rpcs that may be sent again. */
export const IDEMPOTENT: Option<readonly string[]> = listOf(
  {
    text: "full names of rpcs that change nothing. The gateway may send them again if a connection breaks",
    expected: "a list of the full names of rpcs",
  },
  text({ text: "the full name of an rpc" }),
).or([]);

/** Whether something is a `Service`, as far as can be seen from outside. */
export function isService(given: unknown): given is Service {
  return hasMember(given, "name", "string") && hasMember(given, "rpcs", "object");
}

function hasMember(given: unknown, name: string, type: "string" | "object"): boolean {
  const member: unknown = typeof given === "object" && given !== null ? Reflect.get(given, name) : undefined;
  return member !== null && typeof member === type;
}
