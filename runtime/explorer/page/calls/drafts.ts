import { withBytes } from "../api/convert-bytes.js";
import type { Api, Operation } from "../api/description.js";
import type { Draft } from "./draft-request.js";

/** Returns the initial draft of a call: the description's example, with bytes as text where possible. */
export function exampleDraft(api: Api, { bindings, hasBytes }: Operation, binding = 0): Draft {
  const { parameters, body, example } = bindings[binding] ?? bindings[0];
  const bytes = hasBytes ? "text" : "base64";
  const text = body === undefined ? "" : JSON.stringify(example ?? {}, undefined, 2);
  return {
    way: "http",
    binding,
    values: Object.fromEntries(
      parameters.flatMap(({ name, example }) => (example === undefined ? [] : [[name, String(example)]])),
    ),
    body: bytes === "text" ? withBytes(text, api, body, "text") : text,
    bytes,
  };
}
