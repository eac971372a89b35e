import { Code } from "../errors/code.js";
import { RpcError } from "../errors/rpc-error.js";
import type { HttpRequest } from "../http/http-request.js";
import { utf8 } from "../json/bytes.js";
import { PathError } from "../url/path-error.js";
import type { Binding, Rpc } from "./client-rpc.js";

/** A request that is bound to one of the bindings of its RPC. */
export interface BoundRequest extends HttpRequest {
  readonly binding: Binding;
}

/**
 * Makes the HTTP request for a message. Uses the first binding whose path the message fits.
 *
 * @throws RpcError `INVALID_ARGUMENT` if the message does not fit the RPC; the error names the field
 */
export function requestOf(rpc: Rpc, message: unknown): BoundRequest {
  let first: unknown;
  for (const binding of rpc.bindings) {
    try {
      return { rpc: rpc.name, idempotent: rpc.idempotent, binding, ...binding.bind(rpc.request, binding, message) };
    } catch (error) {
      first ??= error;
      if (!(error instanceof PathError)) throw requestError(rpc.name, error);
    }
  }
  throw requestError(rpc.name, first);
}

/** Makes one HTTP request for a stream of messages that are all known. */
export function requestOfAll(rpc: Rpc, messages: readonly unknown[]): BoundRequest {
  const bound = messages.map((message) => requestOf(rpc, message));
  const first = bound[0] ?? { ...requestOf(rpc, {}), body: undefined };
  const bodies = bound.map(({ body }) => body).filter((body) => body !== undefined);
  if (bodies.length < 2) return first;
  const texts = bodies.filter((body) => typeof body === "string");
  return { ...first, body: texts.length === bodies.length ? texts.join("\n") : joined(bodies) };
}

/** Makes the error for a message that cannot be sent. */
function requestError(rpc: string, cause: unknown): RpcError {
  if (cause instanceof RpcError) return cause;
  return new RpcError(Code.INVALID_ARGUMENT, `the request cannot be sent: ${cause}`, { rpc, cause });
}

function joined(bodies: readonly (string | Uint8Array)[]): Uint8Array {
  const pieces = bodies.map((body) => (typeof body === "string" ? utf8(body) : body));
  const whole = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0));
  let end = 0;
  for (const piece of pieces) {
    whole.set(piece, end);
    end += piece.length;
  }
  return whole;
}
