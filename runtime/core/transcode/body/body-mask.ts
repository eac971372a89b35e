import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { MessageCodec } from "../../json/codec.js";
import type { Field } from "../../json/field.js";
import { JsonCursor } from "../../json/read/json-cursor.js";

/** The longest field mask that is made, in characters. */
const LONGEST_MASK = 1024 * 1024;

/**
 * The paths of the fields that the JSON of a message sets, in proto names. A message stands for the fields in it, unless
 * it is empty; lists, maps, `null` and well-known types stand for themselves. A `Struct` stands for its members, by their
 * names, or for itself if a name cannot be part of a path.
 *
 * The text must have been read as the message before. Members that the message has no field for are passed over.
 *
 * @throws GatewayError `INVALID_ARGUMENT` if the paths are longer than 1 MiB together
 */
export function bodyMask(codec: MessageCodec, json: Buffer, maxDepth = 100): readonly string[] {
  const reader = new MaskReader(json, maxDepth);
  if (reader.peek() === "object" && reader.beginObject()) reader.members(codec, "");
  return reader.paths;
}

class MaskReader extends JsonCursor {
  readonly paths: string[] = [];
  #length = 0;

  /** Reads the members of an object, whose brace is read, as a message's fields. */
  members(codec: MessageCodec, prefix: string): void {
    do {
      this.memberName();
      const field = codec.names.find(this.content, this.start, this.end);
      if (field === undefined) this.skipValue();
      else this.#field(field, prefix + field.name);
    } while (this.moreMembers());
  }

  #field(field: Field, path: string): void {
    if (field.type !== "message" || field.cardinality !== "singular" || this.peek() !== "object") this.#whole(path);
    else if (isFreeForm(field.message)) this.#freeForm(path);
    else if (field.message.form !== undefined) this.#whole(path);
    else if (this.beginObject()) this.members(field.message, `${path}.`);
    else this.#add(path);
  }

  /** Reads an object of any members. */
  #freeForm(path: string): void {
    if (!this.beginObject()) {
      this.#add(path);
      return;
    }
    const before = this.paths.length;
    let nameable = true;
    do {
      this.memberName();
      const name = this.contentText();
      nameable &&= /^[\w-]+$/.test(name);
      if (this.peek() === "object") this.#freeForm(`${path}.${name}`);
      else this.#whole(`${path}.${name}`);
    } while (this.moreMembers());
    if (nameable) return;
    this.paths.length = before;
    this.#add(path);
  }

  #whole(path: string): void {
    this.skipValue();
    this.#add(path);
  }

  #add(path: string): void {
    this.#length += path.length;
    if (this.#length > LONGEST_MASK) {
      throw new GatewayError(
        Status.INVALID_ARGUMENT,
        "the body sets too many fields to derive a field mask: send the field mask too",
      );
    }
    this.paths.push(path);
  }
}

/** Whether the JSON of a message may be an object of any members. */
function isFreeForm({ form }: MessageCodec): boolean {
  return form?.kind === "object" || form?.kind === "value";
}
