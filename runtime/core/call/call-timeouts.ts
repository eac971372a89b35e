import type { Checked, OptionalOption, OptionTable } from "../options/option.js";
import { instance, milliseconds, recordOf } from "../options/option-kinds.js";

/** The time limits of calls. */
export interface CallTimeouts {
  /**
   * The time limit of unary calls that set none themselves, with the header `Grpc-Timeout` or the call's option
   * `timeout`; 0 for no limit. Streams have no limit by default.
   *
   * @defaultValue 30000 milliseconds
   */
  readonly unary?: number;
  /**
   * Time limits of individual RPCs in milliseconds, including streams, by their full names, such as
   * `{ "v3lockpb.Lock.Lock": 0 }`; 0 for no limit.
   *
   * @defaultValue {}
   */
  readonly rpcs?: Readonly<Record<string, number>>;
}

/**
 * The time limit of one call, in milliseconds. It may be a fraction, because callers often pass the rest of a longer
 * time limit.
 */
export const CALL_TIMEOUT: OptionalOption<number> = instance<number>(
  { text: "how long the call may take", type: "milliseconds", expected: "milliseconds, or 0 for no limit" },
  (given) => typeof given === "number" && Number.isFinite(given) && given >= 0,
);

/** The table of the options {@link CallTimeouts}. */
export const CALL_TIMEOUTS: OptionTable<Checked<CallTimeouts>> = {
  unary: milliseconds({
    text: "the time limit of unary calls that set none themselves, with the header `Grpc-Timeout` or the call's option `timeout`; 0 for no limit. Streams have no limit by default",
  }).or(30_000),
  rpcs: recordOf(
    {
      text: 'time limits of individual RPCs in milliseconds, including streams, by their full names, such as `{ "v3lockpb.Lock.Lock": 0 }`; 0 for no limit',
      expected: "an object with the milliseconds of each RPC by its full name",
    },
    milliseconds({ text: "how long a call may take; 0 for no limit" }),
  ).or({}),
};
