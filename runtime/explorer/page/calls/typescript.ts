import type { BytesForm } from "../api/check-message.js";
import { bytesOf } from "../api/convert-bytes.js";
import type { Api, Operation } from "../api/description.js";
import { type JsonNode, readJsonNodes, splitJson } from "../api/json-node.js";
import { type Json, listOf, objectOf, text } from "../api/json-parts.js";
import { fieldOf, shapeOf } from "../api/schema.js";
import { textOf } from "../bytes/utf8-text.js";
import { bindingOf, type Draft, type WireRequest } from "./request/draft-request.js";

/** The oneofs of etcd's requests by message. A description has the members of a oneof, but not its name. */
const ONEOFS: Readonly<Record<string, string>> = {
  "etcdserverpb.WatchRequest": "request_union",
  "etcdserverpb.RequestOp": "request",
  "etcdserverpb.Compare": "target_union",
};

/** What the code of a call depends on, besides the call: which API it calls, where, and with which client. */
export interface CodeContext {
  readonly api: Api;
  /** The URL of the API. */
  readonly baseUrl: string;
  /** The functions of etcd's client by service name; empty for other APIs. */
  readonly clients: Readonly<Record<string, object>>;
}

/**
 * Returns the TypeScript code of a call. It uses etcd's typed client or, for other APIs, the client's JSON calls.
 *
 * @throws JsonError if the messages are not JSON
 */
export function typeScriptOf(context: CodeContext, operation: Operation, draft: Draft, request: WireRequest): string {
  const service = namedLike(Object.keys(context.clients), operation.group);
  const rpc =
    service === undefined ? undefined : namedLike(Object.keys(context.clients[service] ?? {}), operation.name);
  return service === undefined || rpc === undefined
    ? jsonCall(context, operation, draft, request)
    : typedCall(context, operation, draft, `etcd.${service}.${rpc}`);
}

function typedCall({ api, baseUrl }: CodeContext, operation: Operation, draft: Draft, callee: string): string {
  const { body } = bindingOf(operation, draft);
  const imports = new Set(["etcdClient"]);
  const writer = new LiteralWriter(api, draft.bytes, imports);
  const depth = operation.isRequestStream && draft.way === "http" ? 1 : 0;
  const messages = readJsonNodes(draft.body).map((node) => writer.write(node, body, depth));
  const argument = operation.isRequestStream ? `{ requests: ${writer.list(messages, 0)} }` : (messages[0] ?? "{}");
  return [
    `import { ${[...imports].join(", ")} } from "etcd-gateway/client";`,
    "",
    `const etcd = etcdClient({ baseUrl: ${JSON.stringify(baseUrl)} });`,
    ...(draft.way === "websocket"
      ? conversation(operation, `${callee}()`, messages, "const response = await call.response;")
      : [whole(operation, `${callee}(${argument})`, "message", "response")]),
    "",
  ].join("\n");
}

/** Returns the code of a call whose request messages are all known. */
function whole({ isStream }: Operation, call: string, message: string, response: string): string {
  return isStream
    ? `for await (const ${message} of ${call}) {\n  console.log(${message});\n}`
    : `const ${response} = await ${call};`;
}

/** Returns the code of a call that sends its request messages one by one. */
function conversation(
  { isStream }: Operation,
  call: string,
  messages: readonly string[],
  response: string,
): readonly string[] {
  return [
    `const call = ${call};`,
    ...messages.map((message) => `await call.send(${message});`),
    ...(isStream ? ["for await (const message of call) {\n  console.log(message);\n}"] : ["call.end();", response]),
  ];
}

function jsonCall({ baseUrl }: CodeContext, operation: Operation, draft: Draft, request: WireRequest): string {
  const { isStream } = operation;
  const isConversation = draft.way === "websocket";
  const callee = isConversation ? "socketJson" : isStream ? "streamJson" : "callJson";
  const { method, path, body = "" } = request;
  const members = [`path: ${JSON.stringify(path)}`];
  if (!isConversation) members.unshift(`method: ${JSON.stringify(method)}`);
  if (isConversation && !isStream) members.push("single: true");
  if (!isConversation && request.body !== undefined) members.push(`body: ${JSON.stringify(body)}`);
  const call = `${callee}(channel, { ${members.join(", ")} })`;
  return [
    `import { createChannel, ${callee} } from "@etcd-gateway/client";`,
    "",
    `const channel = createChannel({ baseUrl: ${JSON.stringify(baseUrl)} });`,
    ...(isConversation
      ? conversation(
          operation,
          call,
          splitJson(body).map((message) => JSON.stringify(message)),
          "for await (const json of call) console.log(json);",
        )
      : [whole(operation, call, "json", "json")]),
    "",
  ].join("\n");
}

/** Finds a name, ignoring its case. Names in code are in lowerCamelCase: `hashKv` for `HashKV`. */
function namedLike(names: readonly string[], name: string): string | undefined {
  return names.find((each) => each.toLowerCase() === name.toLowerCase());
}

/** Writes messages as literals of the client's types. */
class LiteralWriter {
  readonly #api: Api;
  readonly #bytes: BytesForm;
  readonly #imports: Set<string>;

  constructor(api: Api, bytes: BytesForm, imports: Set<string>) {
    this.#api = api;
    this.#bytes = bytes;
    this.#imports = imports;
  }

  write(node: JsonNode, schema: Json | undefined, depth: number): string {
    const shape = shapeOf(this.#api, schema);
    const scalar = node.kind === "number" ? node.digits : node.kind === "string" ? node.value : "";
    switch (shape.kind) {
      case "bytes":
        return this.#bytesLiteral(node);
      case "integer":
        return shape.is64 ? `${scalar}n` : scalar;
      case "number":
        return /^-?[\d.]+(e[+-]?\d+)?$/i.test(scalar) ? scalar : `Number(${JSON.stringify(scalar)})`;
      case "enum":
        return node.kind === "number" ? node.digits : `${this.#enumName(schema)}.${scalar}`;
      case "list":
        return node.kind === "list"
          ? this.list(
              node.items.map((item) => this.write(item, shape.items, depth + 1)),
              depth,
            )
          : "[]";
      case "map":
      case "object":
        return node.kind === "object" ? this.#object(node.members, schema, depth) : "undefined";
      default:
        return jsonOf(node);
    }
  }

  #object(
    members: readonly { readonly name: string; readonly value: JsonNode }[],
    schema: Json | undefined,
    depth: number,
  ): string {
    const shape = shapeOf(this.#api, schema);
    const oneof = ONEOFS[refName(schema)];
    const chosen = new Set(oneof === undefined ? [] : oneofMembers(this.#api.resolve(schema)));
    const written = members.map(({ name, value }) => {
      const field = shape.kind === "object" ? fieldOf(shape.fields, name) : undefined;
      const inner = shape.kind === "map" ? shape.values : field?.schema;
      const literal = this.write(value, inner, depth + (field !== undefined && chosen.has(field.name) ? 2 : 1));
      if (field !== undefined && chosen.has(field.name)) {
        return `${oneof}: { $case: ${JSON.stringify(field.name)}, value: ${literal} }`;
      }
      const property = field?.name ?? name;
      return `${/^[A-Za-z_]\w*$/.test(property) ? property : JSON.stringify(property)}: ${literal}`;
    });
    const flat = `{ ${written.join(", ")} }`;
    if (written.length === 0) return "{}";
    if (flat.length <= 80 && !flat.includes("\n")) return flat;
    return `{\n${written.map((member) => `${"  ".repeat(depth + 1)}${member},\n`).join("")}${"  ".repeat(depth)}}`;
  }

  list(items: readonly string[], depth: number): string {
    const flat = `[${items.join(", ")}]`;
    if (flat.length <= 80 && !flat.includes("\n")) return flat;
    return `[\n${items.map((item) => `${"  ".repeat(depth + 1)}${item},\n`).join("")}${"  ".repeat(depth)}]`;
  }

  #bytesLiteral(node: JsonNode): string {
    const bytes = bytesOf(node, this.#bytes);
    if (bytes === undefined) return "new Uint8Array()";
    const found = textOf(bytes);
    return found === undefined ? `Uint8Array.of(${[...bytes].join(", ")})` : JSON.stringify(found);
  }

  /**
   * Returns the name of an enum in the client's code: `RangeRequest_SortOrder` for
   * `etcdserverpb.RangeRequest.SortOrder`.
   */
  #enumName(schema: Json | undefined): string {
    const name = refName(schema).split(".").slice(1).join("_");
    this.#imports.add(name);
    return name;
  }
}

function jsonOf(node: JsonNode): string {
  if (node.kind === "object")
    return `{ ${node.members.map(({ name, value }) => `${JSON.stringify(name)}: ${jsonOf(value)}`).join(", ")} }`;
  if (node.kind === "list") return `[${node.items.map(jsonOf).join(", ")}]`;
  return node.kind === "number" ? node.digits : JSON.stringify(node.value);
}

function refName(schema: Json | undefined): string {
  return text(objectOf(schema)["$ref"]).replace(/^.*\//, "");
}

/** Returns the members of a oneof. A description lists each pair of members that exclude each other. */
function oneofMembers(schema: ReturnType<Api["resolve"]>): readonly string[] {
  return listOf(objectOf(schema["not"])["anyOf"]).flatMap((each) => listOf(objectOf(each)["required"]).map(text));
}
