import { enumOf, messageOf } from "../../model/lookup.js";
import type { EnumModel, FieldModel, MessageModel, Model } from "../../model/model.js";
import { ANY, HTTP_BODY, WELL_KNOWN_FILES, wellKnownName } from "../../model/well-known.js";

/** The parts of an API that a client needs: all messages and enums that its RPCs reach. */
export interface ClientModel {
  /** In the order in which they are found. Messages that the runtime provides are not included. */
  readonly messages: readonly MessageModel[];
  readonly enums: readonly EnumModel[];
  /** The names of messages that contain a `google.protobuf.Any` at any depth. */
  readonly withAny: ReadonlySet<string>;
}

/** Collects the messages and enums that the RPCs of an API reach. */
export function clientModel(model: Model): ClientModel {
  const messages = new Map<string, MessageModel>();
  const enums = new Map<string, EnumModel>();
  const visit = (name: string): void => {
    const message = messageOf(model, name);
    if (messages.has(name) || isRuntimes(message)) return;
    messages.set(name, message);
    for (const { type } of message.fields) {
      if (type.kind === "message") visit(type.name);
      if (type.kind === "enum" && !WELL_KNOWN_FILES.has(enumOf(model, type.name).file)) {
        enums.set(type.name, enumOf(model, type.name));
      }
    }
  };
  for (const rpc of model.files.flatMap(({ services }) => services).flatMap(({ rpcs }) => rpcs)) {
    visit(rpc.input);
    visit(rpc.output);
  }
  return { messages: [...messages.values()], enums: [...enums.values()], withAny: withAny([...messages.values()]) };
}

/** Whether the runtime provides a message. `Empty` is generated like any other message. */
function isRuntimes({ name, file }: Pick<MessageModel, "name" | "file">): boolean {
  return name === HTTP_BODY || (WELL_KNOWN_FILES.has(file) && wellKnownName(name) !== "Empty");
}

function withAny(messages: readonly MessageModel[]): ReadonlySet<string> {
  const found = new Set([ANY, HTTP_BODY]);
  const leads = ({ type }: FieldModel): boolean => type.kind === "message" && found.has(type.name);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const { name, fields } of messages) if (fields.some(leads)) found.add(name);
  }
  return found;
}
