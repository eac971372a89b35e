import type { Channel } from "../channel/channel.js";
import type { CallOptions } from "../channel/channel-options.js";
import { Code } from "../errors/code.js";
import { RpcError } from "../errors/rpc-error.js";
import { resultOf } from "../http/call-text.js";
import { PulledStream } from "../http/pulled-stream.js";
import { SocketCall } from "../websocket/socket-call.js";
import type { Frame } from "../websocket/unread-frames.js";
import { requestOf } from "./bound-request.js";
import type { BidiStream, ClientStream, RequestStream } from "./call-types.js";
import type { Rpc } from "./client-rpc.js";
import { isText } from "./http-calls.js";
import { type ResponseReader, responseReader } from "./response.js";

/** One call of an RPC over a WebSocket. */
class SocketRpc {
  readonly #rpc: Rpc;
  readonly #call: SocketCall;
  readonly #life: ReturnType<Channel["begin"]>;
  readonly reader: ResponseReader;

  constructor(channel: Channel, rpc: Rpc, options: CallOptions) {
    this.#rpc = rpc;
    this.#life = channel.begin(rpc.name, options, false);
    this.#call = new SocketCall(channel, this.#life);
    const [binding] = rpc.bindings;
    this.reader = responseReader(rpc, binding, isText(channel, options));
    // If the path has variables, the first message supplies their values.
    if (!binding.path.includes("{")) this.#call.open(binding.path);
  }

  readonly requests: RequestStream<unknown> = {
    send: async (message) => {
      const { path, body = "" } = requestOf(this.#rpc, message);
      await this.#call.open(path);
      await this.#call.send(typeof body === "string" ? body : new Uint8Array(body));
    },
    end: () => {
      this.#call.end();
    },
    cancel: () => this.#life.cancel(),
  };

  /** The server's frames, read as messages. */
  stream(read: (frame: Frame) => unknown): PulledStream<unknown> {
    const pull = async (): Promise<{ readonly value: unknown } | undefined> => {
      const frame = await this.#call.next();
      return frame === undefined ? undefined : { value: read(frame) };
    };
    return new PulledStream(Promise.resolve(pull), this.#life);
  }

  /** Reads the response, of which there must be exactly one. */
  async response(): Promise<unknown> {
    const frame = await this.#call.next();
    const second = frame === undefined ? frame : await this.#call.next();
    if (frame === undefined || second !== undefined) {
      this.#life.cancel();
      const got = frame === undefined ? "none" : "more";
      const problem = `expected exactly one response from the server, got ${got}`;
      throw new RpcError(Code.INTERNAL, problem, { rpc: this.#rpc.name });
    }
    return typeof frame === "string"
      ? this.reader.ofText(frame)
      : this.reader.ofBytes({ contentType: "", data: frame });
  }
}

/** Starts a bidirectional call. */
export function bidiCall(channel: Channel, rpc: Rpc, options: CallOptions): BidiStream<unknown, unknown> {
  const call = new SocketRpc(channel, rpc, options);
  const { reader } = call;
  const responses = call.stream((frame) =>
    typeof frame === "string"
      ? reader.ofJson(resultOf(rpc.name, frame))
      : reader.ofBytes({ contentType: "", data: frame }),
  );
  return { ...call.requests, [Symbol.asyncIterator]: () => responses };
}

/** Starts a client-streaming call. */
export function clientStreamCall(channel: Channel, rpc: Rpc, options: CallOptions): ClientStream<unknown, unknown> {
  const call = new SocketRpc(channel, rpc, options);
  const response = call.response();
  // Prevents an unhandled rejection, which would end the process, if the caller never awaits the response.
  response.catch(() => {});
  return { ...call.requests, response };
}
