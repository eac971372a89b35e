import { CODE_LENGTHS, END_OF_STRING } from "./huffman-code.js";

declare global {
  // Node.js's decoder for latin1, which `toString` uses. A direct call avoids the look-up of the encoding.
  interface Buffer {
    latin1Slice(start: number, end: number): string;
  }
}

/*
 * The decoder processes four bits at a time. Its state is a node of the code's tree, i.e. the bits of the current
 * symbol read so far. For each state and four bits, a table has the next state and at most one symbol, because no code
 * is shorter than five bits.
 */

/**
 * The flag of a table entry in which a symbol ends. The symbol is in the low byte, the next state in the second byte.
 */
const HAS_SYMBOL = 0x1_0000;

/** The table entry for bits that no string contains. */
const INVALID = 0x2_0000;

/** The largest number of padding bits after a string's last symbol: RFC 7541, section 5.2. */
const MAX_PADDING = 7;

/** The buffer into which short strings are decoded before they become JavaScript strings. */
const SCRATCH = Buffer.allocUnsafeSlow(4096);

/** `[16 * state + bits]`: the transition for four bits. */
const TRANSITIONS = new Uint32Array(256 * 16);

/** `[state]`: 1 if a string may end here, i.e. after a symbol and padding of ones. */
const MAY_END = new Uint8Array(256);

buildTables();

/**
 * Decodes the string from `start` to `end`, one character for each byte (latin1): RFC 7541, section 5.2. Returns
 * `undefined` if it contains the end-of-string symbol, or if its padding is not fewer than 8 ones.
 */
export function decodeHuffman(bytes: Buffer, start: number, end: number): string | undefined {
  const maxLength = Math.floor(((end - start) * 8) / 5);
  const out = maxLength <= SCRATCH.length ? SCRATCH : Buffer.allocUnsafeSlow(maxLength);
  let length = 0;
  let state = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const high = TRANSITIONS[(state << 4) | (byte >>> 4)] ?? INVALID;
    if ((high & HAS_SYMBOL) !== 0) out[length++] = high;
    const low = TRANSITIONS[((high >>> 4) & 0xff0) | (byte & 0xf)] ?? INVALID;
    if ((low & HAS_SYMBOL) !== 0) out[length++] = low;
    if (((high | low) & INVALID) !== 0) return undefined;
    state = (low >>> 8) & 0xff;
  }
  return MAY_END[state] === 1 ? out.latin1Slice(0, length) : undefined;
}

/** A node of the code's tree, or the symbol at the end of a code. */
type Branch = Node | number;

interface Node {
  readonly state: number;
  /** The branches for a 0 and for a 1. */
  readonly branches: Branch[];
}

function buildTables(): void {
  const nodes = buildTree();
  const [root] = nodes;
  if (root === undefined) return;
  for (const node of nodes) {
    for (let bits = 0; bits < 16; bits++) TRANSITIONS[16 * node.state + bits] = transition(root, node, bits);
  }
  let node: Branch | undefined = root;
  for (let padding = 0; padding <= MAX_PADDING && typeof node === "object"; padding++) {
    MAY_END[node.state] = 1;
    node = node.branches[1];
  }
}

/** Builds the tree and returns its nodes, the root first. There are 256 nodes, because there are 257 symbols. */
function buildTree(): Node[] {
  const root: Node = { state: 0, branches: [] };
  const nodes = [root];
  let code = 0;
  let previousLength = 0;
  const symbols = [...CODE_LENGTHS.keys()].sort((a, b) => lengthOf(a) - lengthOf(b) || a - b);
  for (const symbol of symbols) {
    const length = lengthOf(symbol);
    code <<= length - previousLength;
    previousLength = length;
    let node = root;
    for (let bit = length - 1; bit > 0; bit--) {
      const direction = (code >>> bit) & 1;
      let next = node.branches[direction];
      if (typeof next !== "object") {
        next = { state: nodes.length, branches: [] };
        node.branches[direction] = next;
        nodes.push(next);
      }
      node = next;
    }
    node.branches[code & 1] = symbol;
    code++;
  }
  return nodes;
}

function lengthOf(symbol: number): number {
  return CODE_LENGTHS[symbol] ?? 0;
}

/** Returns the table entry for four bits after a node. */
function transition(root: Node, start: Node, bits: number): number {
  let node = start;
  let entry = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const next = node.branches[(bits >>> bit) & 1];
    if (next === END_OF_STRING || next === undefined) return INVALID;
    if (typeof next === "number") entry = HAS_SYMBOL | next;
    node = typeof next === "number" ? root : next;
  }
  return entry | (node.state << 8);
}
