import type { JsonObject } from "../../../model/json.js";
import type { Model } from "../../../model/model.js";
import { HTTP_BODY } from "../../../model/well-known.js";
import { BYTES_PARAMETER } from "../notes.js";
import type { Operation } from "../operation/operation.js";
import { reachedFrom } from "../schemas.js";

/** The name of the query parameter `bytes` among the components. */
export const BYTES = "Bytes";

/** The query parameter `bytes`, which operations refer to. */
export function bytesParameter(): JsonObject {
  return {
    name: "bytes",
    in: "query",
    description: BYTES_PARAMETER,
    schema: { type: "string", enum: ["base64", "text"] },
  };
}

/**
 * Whether an operation has the query parameter `bytes`, which selects how bytes are written. It has one if its messages
 * contain bytes, unless the query can set a field of the same name.
 */
export function choosesBytes({ rpc, request, queryParameters }: Operation, model: Model): boolean {
  const fields = model.messages[rpc.input]?.fields ?? [];
  const isField =
    request?.kind !== "message" && fields.some(({ name, jsonName }) => [name, jsonName].includes("bytes"));
  const isShadowed = isField || queryParameters.some(({ path }) => path.join(".") === "bytes");
  return !isShadowed && [...reachedFrom([rpc.input, rpc.output], model)].some((name) => holdsBytes(name, model));
}

function holdsBytes(message: string, model: Model): boolean {
  // The bytes of an HttpBody are a whole body.
  if (message === HTTP_BODY) return false;
  const fields = model.messages[message]?.fields ?? [];
  return fields.some(({ type }) => type.kind === "scalar" && type.scalar === "bytes");
}
