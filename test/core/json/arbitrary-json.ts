import type { DescEnum, DescField, DescMessage, DescOneof, JsonValue } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";

/** Generates JSON of random messages in the form of protobuf-es's `toJson`, nested at most `depth` levels deep. */
export function arbitraryJson(desc: DescMessage, depth = 3): fc.Arbitrary<Record<string, JsonValue>> {
  const byDepth = known.get(desc) ?? new Map<number, fc.Arbitrary<Record<string, JsonValue>>>();
  known.set(desc, byDepth);
  const arbitrary = byDepth.get(depth) ?? anyMembers(desc, depth);
  byDepth.set(depth, arbitrary);
  return arbitrary;
}

// Cached, because the same messages occur in many places, and making an arbitrary takes longer than using it.
const known = new WeakMap<DescMessage, Map<number, fc.Arbitrary<Record<string, JsonValue>>>>();
const scalars = new Map<ScalarType, fc.Arbitrary<JsonValue>>();

function anyMembers(desc: DescMessage, depth: number): fc.Arbitrary<Record<string, JsonValue>> {
  const members = desc.members.filter((member) => depth > 0 || !needsMessage(member));
  const parts = members.map((member) =>
    fc.option(member.kind === "oneof" ? oneof(member, depth) : named(member, depth), { nil: {}, freq: 2 }),
  );
  return fc.tuple(...parts).map((all) => Object.assign({}, ...all));
}

function needsMessage(member: DescField | DescOneof): boolean {
  return member.kind === "oneof" ? member.fields.some(needsMessage) : member.message !== undefined;
}

function oneof(desc: DescOneof, depth: number): fc.Arbitrary<Record<string, JsonValue>> {
  return fc.oneof(...desc.fields.map((field) => named(field, depth)));
}

function named(field: DescField, depth: number): fc.Arbitrary<Record<string, JsonValue>> {
  const name = fc.constantFrom(field.name, field.jsonName);
  return fc.tuple(name, fieldValue(field, depth)).map(([key, value]) => ({ [key]: value }));
}

function fieldValue(field: DescField, depth: number): fc.Arbitrary<JsonValue> {
  switch (field.fieldKind) {
    case "list":
      return fc.array(field.listKind === "scalar" ? scalar(field.scalar) : typed(field, depth), { maxLength: 4 });
    case "map": {
      const value = field.mapKind === "scalar" ? scalar(field.scalar) : typed(field, depth);
      return fc.array(fc.tuple(mapKey(field.mapKey), value), { maxLength: 3 }).map(Object.fromEntries);
    }
    case "scalar":
      return scalar(field.scalar);
    default:
      return typed(field, depth);
  }
}

function typed(
  field: { readonly message?: DescMessage | undefined; readonly enum?: DescEnum | undefined },
  depth: number,
): fc.Arbitrary<JsonValue> {
  if (field.message !== undefined) {
    return WELL_KNOWN.get(field.message.typeName) ?? arbitraryJson(field.message, depth - 1);
  }
  const { values = [], open = true, typeName } = field.enum ?? {};
  if (typeName === "google.protobuf.NullValue") return fc.constant(null);
  const numbers = values.map(({ number }) => number);
  return fc.oneof(
    fc.constantFrom(...values.map(({ name }) => name)),
    fc.constantFrom(...(open ? [...numbers, 77, -1] : numbers)),
  );
}

function mapKey(type: ScalarType): fc.Arbitrary<string> {
  // protobuf-es does not handle a key with this name correctly.
  if (type === ScalarType.STRING) return fc.string({ maxLength: 2 }).filter((key) => key !== "__proto__");
  if (type === ScalarType.BOOL) return fc.constantFrom("true", "false");
  return scalar(type).map(String);
}

const jsonValue = fc
  .jsonValue({ maxDepth: 2 })
  .filter((value) => !JSON.stringify(value).includes("__proto__"))
  // Parsed from text, so that its objects are plain.
  .map((value): JsonValue => JSON.parse(JSON.stringify(value)));
const list = fc.array(jsonValue, { maxLength: 3 });
const struct = list.map(
  (values): JsonValue => Object.fromEntries(values.map((value, index) => [`key ${index}`, value])),
);
const fraction = fc.constantFrom("", ".5", ".000001", ".999999999");
const timestamp = fc
  .tuple(
    fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-30"), noInvalidDate: true }),
    fraction,
    fc.constantFrom("Z", "+01:30", "-12:00"),
  )
  .map(([date, nanos, zone]) => `${date.toISOString().slice(0, 19)}${nanos}${zone}`)
  .filter((text) => !/^(0001-01-01|9999-12-31)/.test(text));
const duration = fc
  .tuple(fc.constantFrom("", "-"), fc.nat(315_576_000), fraction)
  .map(([sign, seconds, nanos]) => `${sign}${seconds}${nanos}s`);
const mask = fc
  .array(fc.constantFrom("a", "fooBar", "foo.barBaz", "x1"), { maxLength: 3 })
  .map((paths) => paths.join(","));

/** JSON of the well-known types with a special JSON form. */
const WELL_KNOWN: ReadonlyMap<string, fc.Arbitrary<JsonValue>> = new Map<string, fc.Arbitrary<JsonValue>>([
  ["google.protobuf.Timestamp", timestamp],
  ["google.protobuf.Duration", duration],
  ["google.protobuf.FieldMask", mask],
  ["google.protobuf.Struct", struct],
  ["google.protobuf.Value", jsonValue],
  ["google.protobuf.ListValue", list],
  ["google.protobuf.Empty", fc.constant({})],
  ["google.protobuf.DoubleValue", scalar(ScalarType.DOUBLE)],
  ["google.protobuf.Int64Value", scalar(ScalarType.INT64)],
  ["google.protobuf.UInt32Value", scalar(ScalarType.UINT32)],
  ["google.protobuf.BoolValue", scalar(ScalarType.BOOL)],
  ["google.protobuf.StringValue", scalar(ScalarType.STRING)],
  ["google.protobuf.BytesValue", scalar(ScalarType.BYTES)],
  [
    "google.protobuf.Any",
    fc.oneof(
      fc.constant({}),
      duration.map((value) => ({ "@type": "type.googleapis.com/google.protobuf.Duration", value })),
      struct.map((value) => ({ value, "@type": "type.googleapis.com/google.protobuf.Struct" })),
    ),
  ],
]);

function scalar(type: ScalarType): fc.Arbitrary<JsonValue> {
  const arbitrary = scalars.get(type) ?? anyScalar(type);
  scalars.set(type, arbitrary);
  return arbitrary;
}

function anyScalar(type: ScalarType): fc.Arbitrary<JsonValue> {
  switch (type) {
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.STRING:
      return fc.string({ unit: "binary", maxLength: 12 });
    case ScalarType.BYTES:
      return fc.oneof(bytes(8), bytes(300));
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return fc.oneof(fc.integer({ min: -3, max: 300 }), fc.integer());
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 64n - 1n), powers(0n, 2n ** 64n - 1n)).map(String);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom("NaN", "Infinity", "-Infinity"), float(type));
    default:
      return fc
        .oneof(fc.bigInt(-3n, 300n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), powers(-(2n ** 63n), 2n ** 63n - 1n))
        .map(String);
  }
}

/** Numbers near the powers of 2 and 10, where the count of digits changes. */
function powers(least: bigint, most: bigint): fc.Arbitrary<bigint> {
  const power = fc.oneof(
    fc.nat(19).map((exponent) => 10n ** BigInt(exponent)),
    fc.nat(64).map((exponent) => 2n ** BigInt(exponent)),
  );
  return fc
    .tuple(power, fc.bigInt(-2n, 2n), fc.boolean())
    .map(([value, off, negative]) => (negative ? -value : value) + off)
    .map((value) => (value < least ? least : value > most ? most : value));
}

function bytes(maxLength: number): fc.Arbitrary<string> {
  return fc.uint8Array({ maxLength }).map((value) => Buffer.from(value).toString("base64"));
}

function float(type: ScalarType): fc.Arbitrary<number> {
  const options = { noNaN: true, noDefaultInfinity: true } as const;
  // JSON.stringify writes -0 as 0.
  return (type === ScalarType.FLOAT ? fc.float(options) : fc.double(options)).map((value) => value + 0);
}
