/** The most spare buffers. Large responses are written one slice after the other, so a few serve many of them. */
const MOST = 4;
/** The sizes of the buffers that are worth keeping, in bytes. */
const SMALLEST = 64 * 1024;
const LARGEST = 2 * 1024 * 1024;

const spares: Buffer[] = [];

/**
 * Returns a buffer of at least `size` bytes, with any content: a spare one if there is one of about that size.
 *
 * New memory for each slice of a response costs more than its text: the operating system clears each page, and the
 * garbage collector runs the more often.
 */
export function takeBuffer(size: number): Buffer {
  if (size >= SMALLEST) {
    const index = spares.findIndex(({ length }) => length >= size && length <= 4 * size);
    const [spare] = index < 0 ? [] : spares.splice(index, 1);
    if (spare !== undefined) return spare;
  }
  return Buffer.allocUnsafeSlow(size);
}

/** Keeps the whole memory of a text that nobody uses any more. A text that shares its memory is ignored. */
export function giveBack(text: Buffer): void {
  const { buffer } = text;
  if (buffer.byteLength < SMALLEST || buffer.byteLength > LARGEST || spares.length === MOST) return;
  spares.push(Buffer.from(buffer));
}
