import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Returns pseudo-random numbers, at least 0 and less than 1. */
export type Chance = () => number;

/** Makes pseudo-random numbers from a seed (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Rewrites a message's wire bytes in valid ways that no common encoder uses:
 * - fields in any order
 * - repeated singular fields and oneof members
 * - packed runs that are split or unpacked
 * - messages in pieces
 * - explicit zeros
 * - tags and lengths with more bytes than they need
 * - unknown fields and groups
 * - known field numbers with other wire types
 */
export function mangleWire(desc: DescMessage, wire: Uint8Array, chance: Chance): Uint8Array {
  if (UNTOUCHED.has(desc.typeName)) return wire;
  const chunks: Uint8Array[] = [];
  const reader = new BinaryReader(wire);
  while (reader.pos < wire.length) {
    const [number, wireType] = reader.tag();
    const start = reader.pos;
    reader.skip(wireType, number);
    const field = desc.fields.find((each) => each.number === number);
    chunks.push(...mangleField(field, number, wireType, wire.subarray(start, reader.pos), chance));
  }
  for (const field of desc.fields) if (chance() < 0.05) chunks.push(...zero(field));
  if (chance() < 0.2) chunks.splice(index(chunks, chance), 0, unknown(desc, chance));
  if (chance() < 0.4) shuffle(chunks, chance);
  return Buffer.concat(chunks);
}

/** Messages whose meaning would change. */
const UNTOUCHED = new Set(["google.protobuf.Any", "google.protobuf.FieldMask"]);

function mangleField(
  field: DescField | undefined,
  number: number,
  wireType: WireType,
  raw: Uint8Array,
  chance: Chance,
): Uint8Array[] {
  const plain = Buffer.concat([tag(number, wireType, chance), raw]);
  if (field?.message !== undefined && wireType === WireType.StartGroup) {
    const end = new BinaryWriter().tag(number, WireType.EndGroup).finish();
    const mangled = mangleWire(field.message, raw.subarray(0, raw.length - end.length), chance);
    return [Buffer.concat([tag(number, wireType, chance), mangled, end])];
  }
  if (field?.fieldKind === "enum" && !field.enum.open && wireType === WireType.Varint && chance() < 0.3) {
    return [plain, Buffer.concat([tag(number, wireType, chance), Buffer.of(77)])];
  }
  if (field === undefined || wireType !== WireType.LengthDelimited) return chance() < 0.1 ? [plain, plain] : [plain];
  const payload = new BinaryReader(raw).bytes();
  if (field.fieldKind === "map") {
    const entry = mangleEntry(payload, chance);
    const mangled = lengthDelimited(number, entry, chance);
    return chance() < 0.1 ? [mangled, plain] : [mangled];
  }
  if (field.message !== undefined) {
    const mangled = mangleWire(field.message, payload, chance);
    const pieces = chance() < 0.2 ? halves(mangled, chance) : [mangled];
    return pieces.map((piece) => lengthDelimited(number, piece, chance));
  }
  if (field.fieldKind === "list" && field.scalar !== ScalarType.STRING && field.scalar !== ScalarType.BYTES) {
    const elements = packedElements(
      field.listKind === "enum" ? ScalarType.INT32 : (field.scalar ?? ScalarType.INT32),
      payload,
    );
    if (chance() < 0.3)
      return elements.map((element) => Buffer.concat([tag(number, elementType(field), chance), element]));
    const middle = Math.floor(chance() * elements.length);
    return [elements.slice(0, middle), elements.slice(middle)].map((run) =>
      lengthDelimited(number, Buffer.concat(run), chance),
    );
  }
  return [plain];
}

/** Rewrites the entry of a map: its parts in any order, repeated, or missing. */
function mangleEntry(wire: Uint8Array, chance: Chance): Uint8Array {
  const chunks: Uint8Array[] = [];
  const reader = new BinaryReader(wire);
  while (reader.pos < wire.length) {
    const start = reader.pos;
    const [number, wireType] = reader.tag();
    reader.skip(wireType, number);
    if (chance() < 0.9) chunks.push(wire.subarray(start, reader.pos));
    if (chance() < 0.1) chunks.push(wire.subarray(start, reader.pos));
  }
  if (chance() < 0.3) shuffle(chunks, chance);
  return Buffer.concat(chunks);
}

/** Splits a message's wire bytes into two parts between fields. */
function halves(wire: Uint8Array, chance: Chance): Uint8Array[] {
  const ends = [0];
  const reader = new BinaryReader(wire);
  while (reader.pos < wire.length) {
    const [number, wireType] = reader.tag();
    reader.skip(wireType, number);
    ends.push(reader.pos);
  }
  const cut = ends[Math.floor(chance() * ends.length)] ?? 0;
  return [wire.subarray(0, cut), wire.subarray(cut)];
}

function packedElements(type: ScalarType, payload: Uint8Array): Uint8Array[] {
  const elements: Uint8Array[] = [];
  const reader = new BinaryReader(payload);
  while (reader.pos < payload.length) {
    const start = reader.pos;
    reader.skip(scalarType(type));
    elements.push(payload.subarray(start, reader.pos));
  }
  return elements;
}

function elementType(field: DescField): WireType {
  return field.scalar === undefined ? WireType.Varint : scalarType(field.scalar);
}

function scalarType(type: ScalarType): WireType {
  switch (type) {
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32;
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    default:
      return WireType.Varint;
  }
}

/** Encodes a field with its default value, if the wire can contain it. */
function zero(field: DescField): Uint8Array[] {
  // protobuf-es considers 0 a value of every enum.
  if (field.enum?.open === false) return [];
  if (field.message !== undefined && (isDelimited(field) || field.message.typeName.startsWith("google."))) return [];
  const isMessage = field.message !== undefined || field.fieldKind === "map";
  const wireType = isMessage ? WireType.LengthDelimited : elementType(field);
  const size = wireType === WireType.Bit64 ? 8 : wireType === WireType.Bit32 ? 4 : 1;
  return [Buffer.concat([new BinaryWriter().tag(field.number, wireType).finish(), new Uint8Array(size)])];
}

function isDelimited(field: DescField): boolean {
  return "delimitedEncoding" in field && field.delimitedEncoding;
}

function unknown(desc: DescMessage, chance: Chance): Uint8Array {
  const numbers = [1000, 536870911, ...desc.fields.map((field) => field.number)];
  const number = numbers[Math.floor(chance() * numbers.length)] ?? 1000;
  const field = desc.fields.find((each) => each.number === number);
  // A field with a known number is an unknown field if the field's type cannot have its wire type.
  if (field === undefined || field.fieldKind === "list" || elementType(field) !== WireType.Bit32) {
    if (chance() < 0.5) return new BinaryWriter().tag(number, WireType.Bit32).fixed32(7).finish();
  }
  return new BinaryWriter()
    .tag(1001, WireType.StartGroup)
    .tag(1, WireType.LengthDelimited)
    .string("x")
    .tag(2, WireType.StartGroup)
    .tag(2, WireType.EndGroup)
    .tag(1001, WireType.EndGroup)
    .finish();
}

function lengthDelimited(number: number, payload: Uint8Array, chance: Chance): Uint8Array {
  return Buffer.concat([tag(number, WireType.LengthDelimited, chance), varint(payload.length, chance), payload]);
}

function tag(number: number, wireType: WireType, chance: Chance): Uint8Array {
  return varint(((number << 3) | wireType) >>> 0, chance);
}

/** Encodes a varint, sometimes with an additional byte. */
function varint(value: number, chance: Chance): Uint8Array {
  const bytes = new BinaryWriter().uint32(value).finish();
  const last = bytes.length - 1;
  if (chance() >= 0.05 || bytes.length === 5) return bytes;
  return Buffer.concat([bytes.subarray(0, last), Uint8Array.of((bytes[last] ?? 0) | 0x80, 0)]);
}

function shuffle(chunks: Uint8Array[], chance: Chance): void {
  for (let i = chunks.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1));
    [chunks[i], chunks[j]] = [chunks[j] ?? new Uint8Array(), chunks[i] ?? new Uint8Array()];
  }
}

function index(chunks: readonly Uint8Array[], chance: Chance): number {
  return Math.floor(chance() * (chunks.length + 1));
}

/**
 * Removes fields with a wire type that their type cannot have. The specification says that these are unknown fields,
 * but protobuf-es reads them anyway.
 */
export function withoutWrongTypes(desc: DescMessage, wire: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  const reader = new BinaryReader(wire);
  while (reader.pos < wire.length) {
    const from = reader.pos;
    const [number, wireType] = reader.tag();
    const start = reader.pos;
    reader.skip(wireType, number);
    const field = desc.fields.find((each) => each.number === number);
    if (field === undefined || !wireTypesOf(field).includes(wireType)) continue;
    if (field.message === undefined || field.fieldKind === "map") chunks.push(wire.subarray(from, reader.pos));
    else if (wireType === WireType.StartGroup) {
      const end = new BinaryWriter().tag(number, WireType.EndGroup).finish();
      const inner = withoutWrongTypes(field.message, wire.subarray(start, reader.pos - end.length));
      chunks.push(Buffer.concat([new BinaryWriter().tag(number, wireType).finish(), inner, end]));
    } else {
      const payload = new BinaryReader(wire.subarray(start, reader.pos)).bytes();
      const inner = withoutWrongTypes(field.message, payload);
      chunks.push(new BinaryWriter().tag(number, wireType).bytes(inner).finish());
    }
  }
  return Buffer.concat(chunks);
}

function wireTypesOf(field: DescField): WireType[] {
  if (field.fieldKind === "map") return [WireType.LengthDelimited];
  if (field.message !== undefined) return [isDelimited(field) ? WireType.StartGroup : WireType.LengthDelimited];
  return field.fieldKind === "list" ? [elementType(field), WireType.LengthDelimited] : [elementType(field)];
}
