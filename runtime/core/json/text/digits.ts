/** The two digits of each number below 100, as little-endian 16-bit words. */
const PAIRS = Uint16Array.from({ length: 100 }, (_, n) => (0x30 + Math.floor(n / 10)) | ((0x30 + (n % 10)) << 8));

/** Writes an integer from 0 to 2^32 - 1 in decimal and returns the position after it. */
export function writeUint32(out: DataView, at: number, n: number): number {
  if (n < 10) {
    out.setUint8(at, 0x30 + n);
    return at + 1;
  }
  const end = at + digitCount(n);
  let to = end;
  while (n >= 100) {
    const rest = (n / 100) >>> 0;
    to -= 2;
    out.setUint16(to, PAIRS[n - rest * 100] ?? 0, true);
    n = rest;
  }
  if (n >= 10) out.setUint16(to - 2, PAIRS[n] ?? 0, true);
  else out.setUint8(to - 1, 0x30 + n);
  return end;
}

/**
 * Writes the unsigned 64-bit integer `high * 2^32 + low` in decimal and returns the position after it. It may overwrite
 * up to 24 bytes from `at`. Large integers are often ids that occur repeatedly, so their digits are cached.
 */
export function writeUint64(out: DataView, at: number, low: number, high: number): number {
  if (high === 0) return writeUint32(out, at, low);
  const slot = (low ^ high) & (MEMORY - 1);
  if (lows[slot] !== low || highs[slot] !== high) remember(slot, low, high);
  out.setFloat64(at, texts[slot * 3] ?? 0, true);
  out.setFloat64(at + 8, texts[slot * 3 + 1] ?? 0, true);
  out.setFloat64(at + 16, texts[slot * 3 + 2] ?? 0, true);
  return at + (lengths[slot] ?? 0);
}

/** The size of the cache of large integers, a power of two. */
const MEMORY = 256;

const lows = new Uint32Array(MEMORY);
const highs = new Uint32Array(MEMORY);
/** The digits of each integer, padded with zero bytes, as three doubles. Storing them copies the bytes. */
const texts = new Float64Array(MEMORY * 3);
const lengths = new Uint8Array(MEMORY);

const scratch = new DataView(new ArrayBuffer(24));

function remember(slot: number, low: number, high: number): void {
  // The padding must not form a NaN, because storing a NaN may change its bytes.
  for (let i = 0; i < 24; i += 8) scratch.setFloat64(i, 0);
  lengths[slot] = writeLarge(scratch, low, high);
  for (let i = 0; i < 3; i++) texts[slot * 3 + i] = scratch.getFloat64(i * 8, true);
  lows[slot] = low;
  highs[slot] = high;
}

/**
 * Writes an integer of at least 2^32. It uses no BigInt and never rounds, because every intermediate value is below
 * 2^53.
 */
function writeLarge(out: DataView, low: number, high: number): number {
  // Converts 24, 24 and 16 bits to base 10^7: 2^24 = 1|6777216 and 2^48 = 2|8147497|6710656.
  const low24 = low & 0xffffff;
  const middle24 = ((low >>> 24) | (high << 8)) & 0xffffff;
  const high16 = high >>> 16;
  let last = low24 + middle24 * 6777216 + high16 * 6710656;
  let middle = middle24 + high16 * 8147497;
  let first = high16 * 2;
  let carry = Math.floor(last / 1e7);
  last -= carry * 1e7;
  middle += carry;
  carry = Math.floor(middle / 1e7);
  middle -= carry * 1e7;
  first += carry;
  if (first === 0) return writeSevenDigits(out, writeUint32(out, 0, middle), last);
  return writeSevenDigits(out, writeSevenDigits(out, writeUint32(out, 0, first), middle), last);
}

function writeSevenDigits(out: DataView, at: number, n: number): number {
  for (let to = at + 5; to > at; to -= 2) {
    const rest = (n / 100) >>> 0;
    out.setUint16(to, PAIRS[n - rest * 100] ?? 0, true);
    n = rest;
  }
  out.setUint8(at, 0x30 + n);
  return at + 7;
}

function digitCount(n: number): number {
  if (n < 100_000) return n < 100 ? 2 : n < 1000 ? 3 : n < 10_000 ? 4 : 5;
  if (n < 10_000_000) return n < 1_000_000 ? 6 : 7;
  return n < 100_000_000 ? 8 : n < 1_000_000_000 ? 9 : 10;
}
