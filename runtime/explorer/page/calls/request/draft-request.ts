import type { BytesForm } from "../../api/check-message.js";
import { withBytes } from "../../api/convert-bytes.js";
import type { Api, Binding, Operation } from "../../api/description.js";

/** The protocol that a call is made over. */
export type Way = "http" | "websocket";

/** A request as the user edits it. */
export interface Draft {
  readonly way: Way;
  /** The index of the binding among the operation's bindings. */
  readonly binding: number;
  /** The values of parameters by name. */
  readonly values: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bytes: BytesForm;
}

/** A request as it is sent. */
export interface WireRequest {
  readonly method: string;
  /** The path below the API's URL, with the query: `/v3/kv/range?bytes=text`. */
  readonly path: string;
  readonly body: string | undefined;
}

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

/** Returns the binding that a draft uses. */
export function bindingOf({ bindings }: Operation, draft: Draft): Binding {
  return bindings[draft.binding] ?? bindings[0];
}

/**
 * Makes the request for a draft.
 *
 * @param server the common prefix of the API's paths: `v3`
 * @throws SyntaxError if a parameter of the path is empty
 */
export function requestOf(operation: Operation, draft: Draft, server: string): WireRequest {
  const binding = bindingOf(operation, draft);
  const { method, body } = binding;
  const path = binding.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = draft.values[name] ?? "";
    if (value === "") throw new SyntaxError(`${name} is part of the path: it must not be empty`);
    // The slashes of a variable with several segments are kept. In a variable with one segment, the server refuses
    // them.
    return value.split("/").map(encodeURIComponent).join("/");
  });
  const query = binding.parameters
    .filter((parameter) => parameter.in === "query")
    .flatMap(({ name, schema }) => valuesOf(draft.values[name] ?? "", isList(schema)).map((value) => [name, value]));
  if (operation.hasBytes && draft.bytes === "text") query.push(["bytes", "text"]);
  const search = query.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  return {
    method,
    path: `/${server}${path}`.replace(/^\/+/, "/") + (search === "" ? "" : `?${search}`),
    body: body === undefined ? undefined : draft.body,
  };
}

/** Returns the values of a parameter. A repeated parameter has one value per line. */
function valuesOf(text: string, isRepeated: boolean): readonly string[] {
  const values = isRepeated ? text.split("\n") : [text];
  return values.filter((value) => value !== "");
}

/** Whether a schema is that of a list. */
export function isList(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && "type" in schema && schema.type === "array";
}
