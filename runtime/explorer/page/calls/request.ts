import type { BytesForm } from "../api/check-message.js";
import type { Binding, Operation } from "../api/description.js";

/** The protocol that a call is made over. */
export type Way = "http" | "websocket";

/** What is to be sent. */
export interface Draft {
  readonly way: Way;
  /** Which of the operation's bindings. */
  readonly binding: number;
  /** The values of parameters, by their names. */
  readonly values: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bytes: BytesForm;
}

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** From where the API is on, with the query: `/v3/kv/range?bytes=text`. */
  readonly path: string;
  readonly body: string | undefined;
}

export function bindingOf({ bindings }: Operation, draft: Draft): Binding {
  return bindings[draft.binding] ?? bindings[0];
}

/**
 * Makes the request of a draft.
 *
 * @param server the path that all paths of the API begin with: `v3`
 * @throws SyntaxError if a parameter of the path is empty
 */
export function requestOf(operation: Operation, draft: Draft, server: string): WireRequest {
  const binding = bindingOf(operation, draft);
  const { method, body } = binding;
  const path = binding.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = draft.values[name] ?? "";
    if (value === "") throw new SyntaxError(`${name} is part of the path: it must not be empty`);
    // A variable of several segments has its slashes; in one of a single segment the server refuses them.
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

/** What a repeated parameter has: a value a line. */
function valuesOf(text: string, isRepeated: boolean): readonly string[] {
  const values = isRepeated ? text.split("\n") : [text];
  return values.filter((value) => value !== "");
}

export function isList(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && "type" in schema && schema.type === "array";
}
