import type { IncomingMessage } from "node:http";
import type { GatewayError } from "../errors/gateway-error.js";
import type { JsonWriteOptions } from "../json/write/json-write-options.js";
import type { ErrorFormat } from "./error-format.js";
import { askErrorHook, type ErrorHook } from "./error-hook.js";
import { WrittenError } from "./written-error.js";

/** What an {@link ErrorWriter} goes by beside its format. */
export interface ErrorSettings {
  /** How details are written; by default only the types are known that always are. */
  readonly json?: JsonWriteOptions;
  /** What the app has to say. */
  readonly hook?: ErrorHook | undefined;
  /** The rpc whose errors are written, by its full name. */
  readonly rpc?: string;
}

/** Writes errors in a format, their details as protobuf JSON; or as the app's hook wants them. */
export class ErrorWriter {
  readonly #format: ErrorFormat;
  readonly #json: JsonWriteOptions;
  readonly #hook: ErrorHook | undefined;
  readonly #rpc: string | undefined;

  constructor(format: ErrorFormat, { json = {}, hook, rpc }: ErrorSettings = {}) {
    this.#format = format;
    this.#json = json;
    this.#hook = hook;
    this.#rpc = rpc;
  }

  /**
   * An error as the client of a request is told it. A hook is asked once, here.
   *
   * @param hasBegun whether the response has
   */
  write(error: GatewayError, req: IncomingMessage, hasBegun = false): WrittenError {
    const custom = this.#hook && askErrorHook(this.#hook, error, { req, rpc: this.#rpc, hasBegun });
    return new WrittenError(error, this.#format, this.#json, custom);
  }
}
