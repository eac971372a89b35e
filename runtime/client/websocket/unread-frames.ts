/** A frame from the server. */
export type Frame = string | Uint8Array;

/** What a frame takes in memory in addition to its data, in bytes. Without it, any number of empty frames would fit. */
const OVERHEAD = 256;

/** The frames that have arrived and are not read yet, in order. Its methods take constant time on average. */
export class UnreadFrames {
  /** How much memory the frames take, about: their characters or bytes, and 256 for each frame. */
  size = 0;
  /** The frames that are read first, in reverse order. */
  #next: Frame[] = [];
  #later: Frame[] = [];

  push(frame: Frame): void {
    this.#later.push(frame);
    this.size += frame.length + OVERHEAD;
  }

  /** Removes and returns the first frame. */
  shift(): Frame | undefined {
    if (this.#next.length === 0) {
      this.#next = this.#later.reverse();
      this.#later = [];
    }
    const frame = this.#next.pop();
    if (frame !== undefined) this.size -= frame.length + OVERHEAD;
    return frame;
  }
}
