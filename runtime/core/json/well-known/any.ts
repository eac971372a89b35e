import { type MessageCodec, messageCodec } from "../codec.js";
import { field } from "../field.js";

const Any = {
  type_url: field(1, "type_url", "string"),
  value: field(2, "value", "bytes"),
};

/**
 * Transcodes `google.protobuf.Any`. In JSON it is the message that it holds, plus a member `@type` with the type URL. A
 * well-known type with a special JSON form is in a member `value`. A message of an unknown type is written as a member
 * `@value` with its wire bytes in base64; reading it is an error.
 *
 * @see https://protobuf.dev/reference/protobuf/google.protobuf/#any
 */
export const AnyCodec: MessageCodec = messageCodec({
  name: "google.protobuf.Any",
  fields: Any,
  toJson(t) {
    let url = "";
    let tag = t.next();
    if (tag === 10) {
      url = t.readString();
      tag = t.next();
    }
    if (tag !== 18) {
      t.any(url, false);
      return tag;
    }
    return t.any(url, true) ? t.next() : -1;
  },
  form: {
    kind: "typed",
    read(reader) {
      const url = reader.typeUrl();
      if (url === undefined) return;
      reader.writeText(Any.type_url, url);
      reader.out.varint32(Any.value.tag);
      const start = reader.out.begin();
      reader.anyMembers(url);
      reader.out.end(start);
    },
  },
});
