import { isRecord } from "../options/is-record.js";
import type { Checked, OptionTable } from "../options/option.js";
import { group } from "../options/option-group.js";
import { instance } from "../options/option-kinds.js";
import { CALL_TIMEOUTS, type CallTimeouts, IDEMPOTENT } from "./call-options.js";
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

/** The table of the options of `createClient`. */
export const CLIENT_OPTIONS: OptionTable<ClientSettings> = {
  metadata: instance<MetadataInit>(
    { text: "metadata of every call", type: "object", expected: "an object with a string for each key", secret: true },
    isRecord,
  ).or({}),
  timeouts: group("how long calls may take", CALL_TIMEOUTS),
  idempotent: IDEMPOTENT,
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
