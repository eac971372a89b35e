import { type MessageCodec, messageCodec } from "../codec.js";
import { repeated } from "../field.js";

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
      const text = reader.contentText();
      if (text.includes("_"))
        return reader.failToken("invalid FieldMask", "expected paths in lowerCamel, joined by commas");
      const paths = text === "" ? [] : text.split(",");
      for (const path of paths) {
        reader.writeText(
          FieldMask.paths,
          path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        );
      }
      return paths;
    },
  },
});
