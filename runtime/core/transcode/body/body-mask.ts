import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { MessageCodec } from "../../json/codec.js";
import type { Field } from "../../json/field.js";
import { JsonCursor } from "../../json/read/json-cursor.js";
import { DEFAULT_MAX_DEPTH } from "../../json/read/json-read-options.js";

/** The longest field mask that is derived, in characters. */
const LONGEST_MASK = 1024 * 1024;

/**
 * Derives the field mask of a message's JSON: the paths of the fields that it sets, in proto names.
 *
 * - A message adds the paths of the fields in it, or its own path if it is empty.
 * - A list, a map, `null` or a well-known type adds its own path.
 * - A `Struct` adds the paths of its members, or its own path if a member's name cannot be part of a path.
 *
 * The text must have been read successfully as the message before. Members without a field are skipped.
 *
 * @throws GatewayError `INVALID_ARGUMENT` if the paths are longer than 1 MiB in total
 */
export function bodyMask(codec: MessageCodec, json: Buffer, maxDepth: number = DEFAULT_MAX_DEPTH): readonly string[] {
  const reader = new MaskReader(json, maxDepth);
  if (reader.peek() === "object" && reader.beginObject()) reader.members(codec, "");
  return reader.paths;
}

class MaskReader extends JsonCursor {
  readonly paths: string[] = [];
  #length = 0;

  /** Reads the members of an object as a message's fields, after its opening brace. */
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

  /** Reads an object that may have any members. */
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

/** Whether a message's JSON may be an object with any members. */
function isFreeForm({ form }: MessageCodec): boolean {
  return form?.kind === "object" || form?.kind === "value";
}
