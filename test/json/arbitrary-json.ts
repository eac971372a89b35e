import type { DescEnum, DescField, DescMessage, DescOneof, JsonValue } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";

/** JSON of a random message, as `toJson` would write it; no more than `depth` messages in each other. */
export function arbitraryJson(desc: DescMessage, depth = 3): fc.Arbitrary<Record<string, JsonValue>> {
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
    case "map":
      throw new Error("etcd has no maps");
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
  if (field.message !== undefined) return arbitraryJson(field.message, depth - 1);
  const values = field.enum?.values ?? [];
  return fc.oneof(
    fc.constantFrom(...values.map(({ name }) => name)),
    fc.constantFrom(...values.map(({ number }) => number), 77, -1),
  );
}

function scalar(type: ScalarType): fc.Arbitrary<JsonValue> {
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

/** Where the digits of decimal and binary notation turn over. */
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
  return type === ScalarType.FLOAT ? fc.float(options) : fc.double(options);
}
