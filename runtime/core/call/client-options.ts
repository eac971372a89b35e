import { isRecord } from "../options/is-record.js";
import type { Checked, Option, OptionalOption, OptionTable } from "../options/option.js";
import { group } from "../options/option-group.js";
import { copied, listOf, text } from "../options/option-kinds.js";
import { CALL_TIMEOUTS, type CallTimeouts } from "./call-timeouts.js";
import type { MetadataInit } from "./metadata/metadata-init.js";

/** The options of `createClient`. */
export interface ClientOptions {
  /**
   * Metadata of every call.
   *
   * @defaultValue {}
   */
  readonly metadata?: MetadataInit;
  /** How long calls may take. */
  readonly timeouts?: CallTimeouts;
  /**
   * Full names of RPCs that change nothing. If a connection breaks, their calls may be sent again.
   *
   * @defaultValue []
   */
  readonly idempotent?: readonly string[];
}

/** The checked options of a client. */
export interface ClientSettings extends Omit<Checked<ClientOptions>, "timeouts"> {
  readonly timeouts: Checked<CallTimeouts>;
}

/** The name of an RPC in a list of options. */
export const RPC_NAME: OptionalOption<string> = text({ text: "the full name of an RPC" });

/** The option for the RPCs whose calls may be sent again. */
export const IDEMPOTENT_OPTION: Option<readonly string[]> = listOf(
  {
    text: "full names of RPCs that change nothing. If a connection breaks, their calls may be sent again",
    expected: "a list of the full names of RPCs",
  },
  RPC_NAME,
).or([]);

/** The table of the options of `createClient`. */
export const CLIENT_OPTIONS: OptionTable<ClientSettings> = {
  metadata: copied<MetadataInit>(
    { text: "metadata of every call", type: "object", expected: "an object with a string for each key", secret: true },
    isRecord,
  ).or({}),
  timeouts: group("how long calls may take", CALL_TIMEOUTS),
  idempotent: IDEMPOTENT_OPTION,
};

/** The options of one call. */
export interface ClientCallOptions {
  /** Metadata of this call. Its keys replace those of the client's metadata; the client's other keys are kept. */
  readonly metadata?: MetadataInit;
  /** The time limit of this call, in milliseconds, instead of the client's; 0 for no limit. */
  readonly timeout?: number;
  /** Cancels the call when it is aborted. If it is already aborted, no call is made. */
  readonly signal?: AbortSignal;
}
