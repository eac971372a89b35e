import type { MessageCodec } from "../codec.js";
import type { Field } from "../field.js";
import { FieldCollector, type Span } from "./field-collector.js";

/**
 * Returns a checker of the required fields of a message type and of the messages in it, or `undefined` if there are no
 * required fields, as in proto3. It does not check messages in a `google.protobuf.Any`.
 */
export function requiredFields(codec: MessageCodec): RequiredFields | undefined {
  const concerned = concernedBy(codec);
  return concerned.has(codec) ? new RequiredFields(codec, concerned) : undefined;
}

/** Finds missing required fields, in proto2 and in editions with `LEGACY_REQUIRED`. */
export class RequiredFields {
  readonly #codec: MessageCodec;
  readonly #concerned: ReadonlySet<MessageCodec>;

  /** @param concerned the types that have required fields, or that contain messages with required fields */
  constructor(codec: MessageCodec, concerned: ReadonlySet<MessageCodec>) {
    this.#codec = codec;
    this.#concerned = concerned;
  }

  /**
   * Returns the path of a missing required field, such as `books[2].author.name`, or `undefined` if none is missing.
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

/** Returns the pieces of a message that is an element of a list, or the value of a map entry. */
function messageIn({ entry }: Field, wire: Buffer, span: Span): readonly Span[] {
  return entry === undefined ? [span] : (new FieldCollector(entry, wire, [span]).found.get(entry.value) ?? []);
}

/**
 * Returns the types that a type contains at any depth, including itself, that have required fields or contain such
 * types.
 */
function concernedBy(codec: MessageCodec): ReadonlySet<MessageCodec> {
  const reached = new Set([codec]);
  // Iterating over a set includes the elements that are added meanwhile.
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
