/** A frame from the server. */
export type Frame = string | Uint8Array;

/** What a frame takes in memory in addition to its data, in bytes. Without it, any number of empty frames would fit. */
const OVERHEAD = 256;

/** The frames that have arrived and are not read yet, in order. Its methods take constant time on average. */
export class UnreadFrames {
  #frames: Frame[] = [];
  #head = 0;
  #size = 0;

  /** How much memory the frames take, about: their characters or bytes, and 256 for each frame. */
  get size(): number {
    return this.#size;
  }

  /** The last frame, or `undefined` if there is none. */
  get last(): Frame | undefined {
    return this.#head < this.#frames.length ? this.#frames.at(-1) : undefined;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    this.#size += frame.length + OVERHEAD;
  }

  /** Removes and returns the first frame. */
  shift(): Frame | undefined {
    const frame = this.#frames[this.#head];
    if (frame === undefined) return undefined;
    this.#size -= frame.length + OVERHEAD;
    this.#head += 1;
    // `Array.prototype.shift` would move all other frames each time.
    if (this.#head > this.#frames.length / 2) {
      this.#frames = this.#frames.slice(this.#head);
      this.#head = 0;
    }
    return frame;
  }

  /** Removes the last frame, if there is one. */
  pop(): void {
    const { last } = this;
    if (last === undefined) return;
    this.#frames.pop();
    this.#size -= last.length + OVERHEAD;
  }

  clear(): void {
    this.#frames = [];
    this.#head = 0;
    this.#size = 0;
  }
}
