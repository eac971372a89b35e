import type { BidiStream } from "../app/bundled-client.js";
import { RunningCall } from "./running-call.js";

/** A call over WebSocket: messages can be sent while responses arrive. */
export class Conversation extends RunningCall {
  readonly #stream: BidiStream<string, string>;

  /** @param stop ends the call when it is aborted */
  constructor(stream: BidiStream<string, string>, stop: AbortController) {
    super(stream, stop);
    this.#stream = stream;
  }

  /** Whether more messages can be sent. */
  get isOpen(): boolean {
    const { state, isHalfClosed } = this.progress.peek();
    return state === "running" && !isHalfClosed;
  }

  /** Sends the JSON texts of messages, one after another. */
  send(messages: readonly string[]): void {
    for (const message of messages) {
      this.add("sent", message);
      // The reader of the responses gets the call's error.
      this.#stream.send(message).catch(() => {});
    }
  }

  /** Ends the stream of requests. The call goes on until the server ends it. */
  end(): void {
    this.change({ isHalfClosed: true });
    this.#stream.end();
  }
}
