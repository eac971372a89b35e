import type { IncomingMessage } from "node:http";
import type { GatewayError } from "../errors/gateway-error.js";
import type { JsonWriteOptions } from "../json/write/json-write-options.js";
import type { ErrorFormat } from "./error-format.js";
import { askErrorHook, type ErrorHook } from "./error-hook.js";
import { WrittenError } from "./written-error.js";

/** The settings of an {@link ErrorWriter}. */
export interface ErrorSettings {
  /** How to write details. By default only the built-in types are known. */
  readonly json?: JsonWriteOptions;
  /** The app's error hook. */
  readonly hook?: ErrorHook | undefined;
  /** The full name of the RPC whose errors are written. */
  readonly rpc?: string;
}

/** Writes errors in a format, with their details as protobuf JSON, or as the app's hook returns them. */
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
   * Writes an error for the client of a request. Calls the app's hook once.
   *
   * @param hasBegun whether the response has already begun
   */
  write(error: GatewayError, req: IncomingMessage, hasBegun = false): WrittenError {
    const custom = this.#hook && askErrorHook(this.#hook, error, { req, rpc: this.#rpc, hasBegun });
    return new WrittenError(error, this.#format, this.#json, custom);
  }
}
