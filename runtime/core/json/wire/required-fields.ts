import type { MessageCodec } from "../codec.js";
import type { Field } from "../field.js";
import { FieldCollector, type Span } from "./field-collector.js";

/**
 * The required fields of a message type, and of the messages in it; `undefined` if there are none, as in proto3. A
 * message in a `google.protobuf.Any` is not looked into.
 */
export function requiredFields(codec: MessageCodec): RequiredFields | undefined {
  const concerned = concernedBy(codec);
  return concerned.has(codec) ? new RequiredFields(codec, concerned) : undefined;
}

/** Finds required fields that messages lack: those of proto2, and of editions with `LEGACY_REQUIRED`. */
export class RequiredFields {
  readonly #codec: MessageCodec;
  readonly #concerned: ReadonlySet<MessageCodec>;

  /** @param concerned the types that have required fields, or messages in them that have */
  constructor(codec: MessageCodec, concerned: ReadonlySet<MessageCodec>) {
    this.#codec = codec;
    this.#concerned = concerned;
  }

  /**
   * The path of a required field that a message lacks, such as `books[2].author.name`; `undefined`: it has all of them.
   *
   * @throws WireError if the wire is malformed
   */
  missing(wire: Buffer): string | undefined {
    return this.#inMessage(this.#codec, wire, [{ start: 0, end: wire.length }], "");
  }

  #inMessage(codec: MessageCodec, wire: Buffer, pieces: readonly Span[], prefix: string): string | undefined {
    const { found } = new FieldCollector(codec, wire, pieces);
    const missing = codec.fields.find((field) => field.required && !found.has(field));
    if (missing !== undefined) return prefix + missing.name;
    for (const field of codec.fields) {
      const spans = found.get(field);
      if (spans === undefined || field.type !== "message" || !this.#concerned.has(field.message)) continue;
      const path = this.#inField(field, wire, spans, prefix + field.name);
      if (path !== undefined) return path;
    }
    return undefined;
  }

  #inField(field: Field, wire: Buffer, spans: readonly Span[], path: string): string | undefined {
    if (field.cardinality === "singular") return this.#inMessage(field.message, wire, spans, `${path}.`);
    for (const [index, span] of spans.entries()) {
      const missing = this.#inMessage(field.message, wire, messageIn(field, wire, span), `${path}[${index}].`);
      if (missing !== undefined) return missing;
    }
    return undefined;
  }
}

/** The message that an element of a list is, or that the entry of a map has as its value. */
function messageIn({ entry }: Field, wire: Buffer, span: Span): readonly Span[] {
  return entry === undefined ? [span] : (new FieldCollector(entry, wire, [span]).found.get(entry.value) ?? []);
}

/** The types that a type leads to, itself included, which have required fields or lead to such. */
function concernedBy(codec: MessageCodec): ReadonlySet<MessageCodec> {
  const reached = new Set([codec]);
  // A set's iteration goes on to what is added meanwhile.
  for (const each of reached) for (const inner of messagesOf(each)) reached.add(inner);
  const concerned = new Set([...reached].filter(({ fields }) => fields.some(({ required }) => required)));
  for (let size = -1; concerned.size > 0 && size !== concerned.size; ) {
    size = concerned.size;
    for (const each of reached) if (messagesOf(each).some((inner) => concerned.has(inner))) concerned.add(each);
  }
  return concerned;
}

function messagesOf({ fields }: MessageCodec): readonly MessageCodec[] {
  return fields.flatMap((field) => (field.type === "message" ? [field.message] : []));
}
