/**
 * What a message takes in memory in addition to its bytes, in bytes: its `Buffer`, its place in a queue and its frame.
 * Without it, any number of empty messages would fit into a buffer.
 */
const OVERHEAD = 256;

/** Returns about how much memory a message takes while it waits, in bytes. Limits of buffers count this. */
export function messageMemory({ length }: Uint8Array): number {
  return length + OVERHEAD;
}
