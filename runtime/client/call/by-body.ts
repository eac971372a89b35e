import { writeMessage, writeValue } from "../json/write.js";
import type { Binding, BoundParts, MessageType } from "./client-rpc.js";

/** Binds a message to a rule whose path has no variables and whose body is the whole message as JSON. */
export function byBody(request: MessageType, { method, path }: Binding, message: unknown): BoundParts {
  const body = typeof request === "function" ? writeMessage(request, message) : writeValue(request, message, 0);
  return { method, path, body };
}
