import { type MessageCodec, messageCodec } from "../codec.js";

/** Transcodes `google.protobuf.Empty`. */
export const EmptyCodec: MessageCodec = messageCodec({
  name: "google.protobuf.Empty",
  fields: {},
  toJson(t) {
    t.json("{}");
    return t.next();
  },
  form: { kind: "empty", read: (reader) => reader.members(EmptyCodec) },
});
