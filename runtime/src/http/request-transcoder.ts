import type { Rpc } from "../call/rpc.js";
import type { MessageCodec } from "../json/codec.js";
import { jsonToWire } from "../json/json-to-wire.js";
import type { JsonReadOptions } from "../json/message-reader.js";
import type { Route } from "./route.js";

const EMPTY = Buffer.alloc(0);

/**
 * Makes the request message of a route from what an HTTP request says: its body and its path variables, each as a piece
 * of the message's wire form. Pieces of one message, put one after the other, are the message.
 *
 * @see https://protobuf.dev/programming-guides/encoding/#last-one-wins
 */
export class RequestTranscoder {
  readonly #codec: MessageCodec;
  readonly #options: JsonReadOptions;

  /** @throws TypeError if the binding has a form that the gateway does not serve */
  constructor({ rpc, binding }: Route, options: JsonReadOptions) {
    if (binding.body !== "*") throw unsupported(rpc, "a body that is not the whole message");
    if (binding.variables !== undefined && binding.variables.length > 0) throw unsupported(rpc, "path variables");
    if (binding.responseBody !== undefined) throw unsupported(rpc, "response_body");
    this.#codec = rpc.request;
    this.#options = options;
  }

  /**
   * The request message's wire bytes. An empty body is an empty message.
   *
   * @throws JsonError if the body is not the message's JSON
   */
  wire(body: Buffer): Uint8Array {
    return isBlank(body) ? EMPTY : jsonToWire(this.#codec, body, this.#options);
  }
}

function unsupported(rpc: Rpc, what: string): TypeError {
  return new TypeError(`${rpc.name}: ${what} is not supported yet`);
}

/** Whether there is nothing but JSON white space. */
function isBlank(body: Buffer): boolean {
  return body.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}
