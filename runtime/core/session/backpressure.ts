import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { HeldBytes } from "./slow-readers.js";

/** What frames come from. */
export interface FrameSource {
  pause(): void;
  resume(): void;
}

/** Pauses the source of a client's frames while the client does not read them. */
export class Backpressure {
  readonly #source: FrameSource;
  readonly #buffer: number;
  readonly #hold: () => HeldBytes;
  /** What is held for the client while it does not read. */
  #held: HeldBytes | undefined;
  /** Bytes that came since the source was paused. */
  #overdue = 0;

  /**
   * @param buffer the most bytes that may come after the source was paused, beyond the frame under way
   * @param hold begins to count what is held for the client
   */
  constructor(source: FrameSource, buffer: number, hold: () => HeldBytes) {
    this.#source = source;
    this.#buffer = buffer;
    this.#hold = hold;
  }

  /** Whether the client does not read. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  /**
   * Counts a frame that has come.
   *
   * @throws GatewayError `RESOURCE_EXHAUSTED` if the source goes on although it is paused
   */
  count(bytes: number): void {
    if (this.#held === undefined) return;
    if (this.#overdue > this.#buffer) {
      throw new GatewayError(Status.RESOURCE_EXHAUSTED, "the client does not read fast enough");
    }
    this.#overdue += bytes;
    this.#held.add(bytes);
  }

  /** What was written waits for the client: pauses the source. */
  hold(): void {
    if (this.#held !== undefined) return;
    this.#held = this.#hold();
    this.#source.pause();
  }

  /** The client has read what waited: the source goes on. */
  release(): void {
    if (this.#held === undefined) return;
    this.close();
    this.#overdue = 0;
    this.#source.resume();
  }
  /** The client is gone: nothing is held for it any more. */
  close(): void {
    this.#held?.release();
    this.#held = undefined;
  }
}
