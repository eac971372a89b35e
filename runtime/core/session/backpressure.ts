import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";

/** What frames come from. */
export interface FrameSource {
  pause(): void;
  resume(): void;
}

/** Pauses the source of a client's frames while the client does not read them. */
export class Backpressure {
  readonly #source: FrameSource;
  readonly #buffer: number;
  #holding = false;
  /** Bytes that came since the source was paused. */
  #overdue = 0;

  /** @param buffer the most bytes that may come after the source was paused, beyond the frame under way */
  constructor(source: FrameSource, buffer: number) {
    this.#source = source;
    this.#buffer = buffer;
  }

  /** Whether the client does not read. */
  get isHolding(): boolean {
    return this.#holding;
  }

  /**
   * Counts a frame that has come.
   *
   * @throws GatewayError `RESOURCE_EXHAUSTED` if the source goes on although it is paused
   */
  count(bytes: number): void {
    if (!this.#holding) return;
    if (this.#overdue > this.#buffer) {
      throw new GatewayError(Status.RESOURCE_EXHAUSTED, "the client does not read fast enough");
    }
    this.#overdue += bytes;
  }

  /** What was written waits for the client: pauses the source. */
  hold(): void {
    if (this.#holding) return;
    this.#holding = true;
    this.#source.pause();
  }

  /** The client has read what waited: the source goes on. */
  release(): void {
    if (!this.#holding) return;
    this.#holding = false;
    this.#overdue = 0;
    this.#source.resume();
  }
}
