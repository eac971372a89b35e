import type { Channel } from "../channel/channel.js";
import type { Lifetime } from "../channel/lifetime.js";
import type { SocketConstructor, SocketLike } from "../channel/socket-like.js";
import { Code, codeOf } from "../errors/code.js";
import { errorOfJson } from "../errors/error-body.js";
import { RpcError } from "../errors/rpc-error.js";
import { parseJson } from "../json/json-value.js";
import { type Frame, UnreadFrames } from "./unread-frames.js";

/** `WebSocket.OPEN`. */
const OPEN = 1;
/** The maximum amount of unsent data before senders wait, in bytes. */
const SEND_BUFFER = 1024 * 1024;
/** How often senders check for room, in milliseconds. Sockets have no event for it. */
const LOOK = 10;
/** The size of the unread frames at which a socket is paused, if it can be. */
const PAUSE = 1024 * 1024;

/** Close codes. 4000 plus a gRPC code means an error. */
const CLOSE_OK = 1000;
const CLOSE_TOO_BIG = 1009;
const CLOSE_ERROR = 4000;

/**
 * One call over a WebSocket: frames in and out, as the gateway defines them. Frames sent before the socket is open wait
 * for it.
 *
 * A browser's WebSocket cannot be paused. Unread data is kept, up to the channel's `receiveBuffer`; beyond that, the
 * call fails. Sockets of the package `ws` can be paused, and are paused earlier.
 */
export class SocketCall {
  readonly #channel: Channel;
  readonly #life: Lifetime;
  #unread = new UnreadFrames();
  /** The last frame, which is no response but the error, if the call has failed with one. */
  #failure: Frame | undefined;
  /** The last frame, read or unread. If the call fails, it holds the error. */
  #last: Frame | undefined;
  #socket: SocketLike | undefined;
  #opening: Promise<void> | undefined;
  #over = false;
  #error: RpcError | undefined;
  #wake: () => void = () => {};

  constructor(channel: Channel, life: Lifetime) {
    this.#channel = channel;
    this.#life = life;
    life.signal.addEventListener("abort", () => this.#finish(life.error), { once: true });
    if (life.error !== undefined) this.#finish(life.error);
  }

  /** Whether the call has ended. */
  get over(): boolean {
    return this.#over;
  }

  /** Opens the socket unless it is opened already. Resolves when it is open or the call is over. */
  open(path: string): Promise<void> {
    this.#opening ??= this.#open(path).catch((error: unknown) => {
      this.#finish(error instanceof RpcError ? error : this.#broken(String(error), error));
    });
    return this.#opening;
  }

  /**
   * Sends a frame over the open socket. Resolves when there is room for another.
   *
   * @throws RpcError `UNIMPLEMENTED` if there is no WebSocket class. The reader gets this error too
   */
  async send(frame: string | Uint8Array<ArrayBuffer>): Promise<void> {
    socketConstructor(this.#channel, this.#life.rpc);
    if (this.#over) return;
    this.#socket?.send(frame);
    while (!this.#over && (this.#socket?.bufferedAmount ?? 0) > SEND_BUFFER) {
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }

  /** Ends the stream of requests, after the frames that were sent. */
  async end(): Promise<void> {
    await this.#opening;
    if (!this.#over) await this.send("");
  }

  /**
   * Returns the next frame; `undefined` when the call has ended without an error.
   *
   * @throws RpcError once, if the call has failed
   */
  async next(): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.#unread.shift();
      if (frame !== undefined && frame !== this.#failure) {
        if (this.#unread.size < PAUSE / 2) setPaused(this.#socket, false);
        return frame;
      }
      if (this.#over) {
        const error = this.#error;
        this.#error = undefined;
        if (error !== undefined) throw error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async #open(path: string): Promise<void> {
    const Socket = socketConstructor(this.#channel, this.#life.rpc);
    const token = await this.#life.within(this.#channel.token(this.#life.rpc));
    if (this.#over) return;
    const url = this.#channel.url(path).replace(/^http/, "ws");
    const socket = new Socket(url, token === undefined ? [] : ["Bearer", token]);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }: { readonly data: unknown }) => this.#onFrame(data);
    await new Promise<void>((resolve) => {
      socket.onopen = () => resolve();
      // The event `close` follows and reports the error.
      socket.onerror = () => {};
      socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
        this.#onClose(code, reason);
        resolve();
      };
    });
  }

  #onFrame(data: unknown): void {
    if (this.#over) return;
    const frame = data instanceof ArrayBuffer ? new Uint8Array(data) : String(data);
    this.#unread.push(frame);
    this.#last = frame;
    this.#wake();
    if (this.#unread.size > this.#channel.receiveBuffer) {
      const text = `more than ${this.#channel.receiveBuffer} characters of the stream were not read: read faster, or raise receiveBuffer`;
      this.#finish(new RpcError(Code.RESOURCE_EXHAUSTED, text, { rpc: this.#life.rpc }));
    } else if (this.#unread.size > PAUSE) {
      setPaused(this.#socket, true);
    }
  }

  #onClose(code: number, reason: string): void {
    if (code === CLOSE_OK) {
      this.#finish(undefined);
      return;
    }
    // A close reason is short and has no details, so prefer the error in the last frame.
    const said = typeof this.#last === "string" ? errorOfJson(this.#life.rpc, parseJson(this.#last)) : undefined;
    const status = code === CLOSE_TOO_BIG ? Code.RESOURCE_EXHAUSTED : codeOf(code - CLOSE_ERROR);
    if (said !== undefined && (status === undefined || said.code === status)) {
      this.#failure = this.#last;
      this.#finish(said);
    } else if (status !== undefined) {
      this.#finish(new RpcError(status, reason, { rpc: this.#life.rpc }));
    } else {
      this.#finish(
        this.#broken(`the WebSocket was refused or closed unexpectedly (${code}${reason === "" ? "" : `: ${reason}`})`),
      );
    }
  }

  #broken(message: string, cause?: unknown): RpcError {
    return new RpcError(Code.UNAVAILABLE, message, { rpc: this.#life.rpc, cause });
  }

  #finish(error: RpcError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
    if (this.#life.error !== undefined) this.#unread = new UnreadFrames();
    this.#life.end();
    const socket = this.#socket;
    setPaused(socket, false);
    // The event `close` then resolves the promise of `open`.
    if (socket !== undefined && socket.readyState <= OPEN) socket.close(CLOSE_OK);
    this.#wake();
  }
}

function socketConstructor({ options }: Channel, rpc: string): SocketConstructor {
  const given: unknown = options.WebSocket ?? Reflect.get(globalThis, "WebSocket");
  if (isConstructor(given)) return given;
  const text =
    "a stream of requests needs a WebSocket, and this environment has none: use Node.js 22 or later, or set the option " +
    "WebSocket (to the class of the package ws), or send all requests at once with the option requests";
  throw new RpcError(Code.UNIMPLEMENTED, text, { rpc });
}

function isConstructor(value: unknown): value is SocketConstructor {
  return typeof value === "function";
}

/** Pauses or resumes a socket if it supports that, as those of the package `ws` do. */
function setPaused(socket: SocketLike | undefined, paused: boolean): void {
  const act: unknown = socket === undefined ? undefined : Reflect.get(socket, paused ? "pause" : "resume");
  if (typeof act === "function") act.call(socket);
}
