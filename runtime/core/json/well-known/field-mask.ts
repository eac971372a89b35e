import { type MessageCodec, messageCodec } from "../codec.js";
import { repeated } from "../field.js";
import type { WireWriter } from "../wire/wire-writer.js";

const COMMA = 0x2c;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const UNDERSCORE = 0x5f;

const FieldMask = {
  paths: repeated(1, "paths", "string"),
};

/** Matches paths that do not change when they are converted to lowerCamelCase and back. */
const REVERSIBLE = /^(?:[^A-Z_]|_[a-z])*$/;

/**
 * Transcodes `google.protobuf.FieldMask`. In JSON it is a string: the paths in lowerCamelCase, joined by commas.
 *
 * @see https://protobuf.dev/reference/protobuf/google.protobuf/#json-encoding-field-masks
 */
export const FieldMaskCodec: MessageCodec = messageCodec({
  name: "google.protobuf.FieldMask",
  fields: FieldMask,
  toJson(t) {
    const paths: string[] = [];
    let tag = t.next();
    for (; tag === 10; tag = t.next()) {
      const path = t.readString();
      if (!REVERSIBLE.test(path)) t.fail(`a field mask path that JSON cannot represent: ${JSON.stringify(path)}`);
      paths.push(path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
    }
    t.json(JSON.stringify(paths.join(",")));
    return tag;
  },
  form: {
    kind: "mask",
    read(reader) {
      reader.expectString("the paths of a field mask, as a string");
      const paths = Buffer.from(reader.contentText());
      if (paths.includes("_"))
        return reader.failToken("invalid FieldMask", "expected paths in lowerCamel, joined by commas");
      if (paths.length > 0) writePaths(reader.out, paths);
      return paths;
    },
  },
});

/** Writes paths in snake_case. Byte by byte, because a mask can have millions of short paths. */
function writePaths(out: WireWriter, paths: Buffer): void {
  let start = beginPath(out);
  for (const byte of paths) {
    if (byte === COMMA) {
      out.end(start);
      start = beginPath(out);
      continue;
    }
    out.reserve(2);
    const isUpper = byte >= UPPER_A && byte <= UPPER_Z;
    if (isUpper) out.bytes[out.length++] = UNDERSCORE;
    out.bytes[out.length++] = isUpper ? byte | 0x20 : byte;
  }
  out.end(start);
}

function beginPath(out: WireWriter): number {
  out.varint32(FieldMask.paths.tag);
  return out.begin();
}
