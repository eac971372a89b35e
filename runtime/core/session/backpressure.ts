import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { HeldBytes } from "./limit/unread-responses.js";

/** The source of a client's frames. */
export interface FrameSource {
  pause(): void;
  resume(): void;
}

/** Pauses the source of a client's frames while the client does not read them. */
export class Backpressure {
  readonly #source: FrameSource;
  readonly #buffer: number;
  readonly #hold: () => HeldBytes;
  /** The bytes that are held for the client. `undefined` while the client reads. */
  #held: HeldBytes | undefined;
  /** The bytes that have arrived since the source was paused. */
  #overdue = 0;

  /**
   * @param buffer the most bytes that may come after the source was paused, beyond the current frame
   * @param hold begins to count the bytes that are held for the client
   */
  constructor(source: FrameSource, buffer: number, hold: () => HeldBytes) {
    this.#source = source;
    this.#buffer = buffer;
    this.#hold = hold;
  }

  /** Whether the client does not read. */
  get isPaused(): boolean {
    return this.#held !== undefined;
  }

  /**
   * Counts a frame that has arrived.
   *
   * @throws GatewayError `RESOURCE_EXHAUSTED` if the source does not stop although it is paused
   */
  count(bytes: number): void {
    if (this.#held === undefined) return;
    if (this.#overdue > this.#buffer) {
      throw new GatewayError(Status.RESOURCE_EXHAUSTED, "the client does not read fast enough");
    }
    this.#overdue += bytes;
    this.#held.add(bytes);
  }

  /** Pauses the source, because the client has not read what was written. */
  pause(): void {
    if (this.#held !== undefined) return;
    this.#held = this.#hold();
    this.#source.pause();
  }

  /** Resumes the source, because the client has read what was written. */
  resume(): void {
    if (this.#held === undefined) return;
    this.close();
    this.#overdue = 0;
    this.#source.resume();
  }
  /** Releases the held bytes, because the client has disconnected. */
  close(): void {
    this.#held?.release();
    this.#held = undefined;
  }
}
