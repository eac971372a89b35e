import { isObject, type Json, type JsonObject, listOf, objectOf, text } from "./json-parts.js";

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly description: string;
  readonly required: boolean;
  readonly schema: Json;
  readonly example: Json | undefined;
}

/** An HTTP binding of an RPC: a method and a path. */
export interface Binding {
  readonly method: string;
  /** The path below the server's path, with `{NAME}` for parameters. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** The schema of the body; `undefined` if there is no body. */
  readonly body: Json | undefined;
  readonly example: Json | undefined;
}

/** An RPC in the description. */
export interface Operation {
  /** For example `KV_Range`. */
  readonly id: string;
  /** The service, for example `KV`. */
  readonly group: string;
  /** The RPC, for example `Range`. */
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly isDeprecated: boolean;
  /** Whether responses are a stream of messages. */
  readonly isStream: boolean;
  /** Whether requests are a stream of messages. */
  readonly isRequestStream: boolean;
  /** Whether bytes may be text: the operation has the parameter `bytes`. */
  readonly hasBytes: boolean;
  /** At least one binding. */
  readonly bindings: readonly [Binding, ...Binding[]];
}

/** An API, read from its OpenAPI description. */
export interface Api {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** The paths of the API's servers, relative to the API's URL: `v3`. There is at least one. */
  readonly servers: readonly { readonly path: string; readonly description: string }[];
  readonly groups: readonly { readonly name: string; readonly description: string }[];
  readonly operations: readonly Operation[];
  /** Returns the schema that a `$ref` refers to. Returns any other schema unchanged. */
  resolve(schema: Json | undefined): JsonObject;
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/**
 * Reads an OpenAPI 3 description.
 *
 * @param base the URL of the API; servers with an absolute URL are assumed to be there
 * @throws TypeError if the document is not an OpenAPI 3 description
 */
export function readApi(document: unknown, base: URL): Api {
  if (!isObject(document) || typeof document["openapi"] !== "string" || !isObject(document["paths"])) {
    throw new TypeError("this is not an OpenAPI 3 description");
  }
  const root = document;
  const resolve = (schema: Json | undefined): JsonObject => {
    for (let hops = 0, found: Json | undefined = schema; hops < 16; hops++) {
      if (!isObject(found)) return {};
      const ref = found["$ref"];
      if (typeof ref !== "string") return found;
      found = at(root, ref);
    }
    return {};
  };
  const info = objectOf(root["info"]);
  const operations = readOperations(objectOf(root["paths"]), resolve);
  const described = listOf(root["tags"]).map((tag) => ({
    name: text(objectOf(tag)["name"]),
    description: text(objectOf(tag)["description"]),
  }));
  const names = new Set(operations.map(({ group }) => group));
  const servers = listOf(root["servers"]).map((server) => ({
    path: pathUnder(base, text(objectOf(server)["url"])),
    description: text(objectOf(server)["description"]),
  }));
  return {
    title: text(info["title"]),
    version: text(info["version"]),
    description: text(info["description"]),
    servers: servers.length === 0 ? [{ path: "", description: "" }] : servers,
    groups: [
      ...described.filter(({ name }) => names.has(name)),
      ...[...names]
        .filter((name) => !described.some((tag) => tag.name === name))
        .map((name) => ({ name, description: "" })),
    ],
    operations,
    resolve,
  };
}

type Resolve = Api["resolve"];

function readOperations(paths: JsonObject, resolve: Resolve): readonly Operation[] {
  const operations = new Map<string, Operation>();
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS) {
      const found = objectOf(item)[method];
      if (!isObject(found)) continue;
      const operation = readOperation(path, method, found, objectOf(item), resolve);
      if (operation === undefined) continue;
      // `LeaseRevoke2` is another binding of `LeaseRevoke`.
      const first = operations.get(operation.id.replace(/\d+$/, ""));
      if (first !== undefined && first.group === operation.group && first.summary === operation.summary) {
        operations.set(first.id, { ...first, bindings: [...first.bindings, ...operation.bindings] });
      } else operations.set(operation.id, operation);
    }
  }
  return [...operations.values()];
}

/** @returns `undefined` for an operation that exists only for `EventSource`, beside the operation of the same RPC */
function readOperation(
  path: string,
  method: string,
  found: JsonObject,
  item: JsonObject,
  resolve: Resolve,
): Operation | undefined {
  const id = text(found["operationId"]) || `${method} ${path}`;
  const content = objectOf(resolve(objectOf(found["responses"])["200"])["content"]);
  const types = Object.keys(content);
  if (types.length === 1 && types[0] === "text/event-stream") return undefined;
  const parameters = [...listOf(item["parameters"]), ...listOf(found["parameters"])].map((each) => resolve(each));
  const requestBody = resolve(found["requestBody"]);
  const body = objectOf(objectOf(requestBody["content"])["application/json"]);
  const group = text(listOf(found["tags"])[0]) || "API";
  const prefix = `${group}_`;
  return {
    id,
    group,
    name: id.startsWith(prefix) ? id.slice(prefix.length) : id,
    summary: text(found["summary"]),
    description: text(found["description"]),
    isDeprecated: found["deprecated"] === true,
    isStream: types.includes("text/event-stream") || types.includes("application/x-ndjson"),
    // OpenAPI cannot express this in another way.
    isRequestStream: text(requestBody["description"]).startsWith("A stream"),
    hasBytes: parameters.some(
      (each) => each["name"] === "bytes" && isEqualList(objectOf(each["schema"])["enum"], ["base64", "text"]),
    ),
    bindings: [
      {
        method: method.toUpperCase(),
        path,
        parameters: parameters.filter((each) => each["name"] !== "bytes").flatMap(readParameter),
        body: body["schema"],
        example: body["example"],
      },
    ],
  };
}

function readParameter(found: JsonObject): Parameter[] {
  const where = found["in"];
  if (where !== "path" && where !== "query") return [];
  return [
    {
      name: text(found["name"]),
      in: where,
      description: text(found["description"]),
      required: found["required"] === true || where === "path",
      schema: found["schema"] ?? {},
      example: found["example"],
    },
  ];
}

/** Returns a server's path, relative to the API's URL. */
function pathUnder(base: URL, server: string): string {
  const { pathname } = new URL(server, base);
  const path = pathname.startsWith(base.pathname) ? pathname.slice(base.pathname.length) : pathname.slice(1);
  return path.replace(/\/$/, "");
}

/** Returns the value to which a JSON pointer in a fragment refers. */
function at(root: JsonObject, ref: string): Json | undefined {
  let found: Json | undefined = root;
  for (const segment of ref.replace(/^#\//, "").split("/")) {
    const name = decodeURIComponent(segment).replaceAll("~1", "/").replaceAll("~0", "~");
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
}

function isEqualList(value: Json | undefined, expected: readonly string[]): boolean {
  const list = listOf(value);
  return list.length === expected.length && expected.every((each, i) => list[i] === each);
}
