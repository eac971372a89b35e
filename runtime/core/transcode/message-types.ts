import type { Service } from "../call/rpc.js";
import type { MessageCodec } from "../json/codec.js";
import type { TypeRegistry } from "../json/type-registry.js";

/** The message types of services: requests, responses, and the messages in them. They are what an `Any` may hold. */
export function messageTypesOf(services: readonly Service[]): TypeRegistry {
  const types = new Map<string, MessageCodec>();
  const pending = services
    .flatMap(({ rpcs }) => Object.values(rpcs))
    .flatMap(({ request, response }) => [request, response]);
  for (let codec = pending.pop(); codec !== undefined; codec = pending.pop()) {
    if (types.has(codec.name)) continue;
    types.set(codec.name, codec);
    for (const field of codec.fields) if (field.type === "message") pending.push(field.message);
  }
  return types;
}
