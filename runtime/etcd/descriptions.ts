import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
// Not by the name createRequire: bundlers are commonly told to declare that in every bundle.
import * as nodeModule from "node:module";
import type { Router } from "@etcd-gateway/runtime";
import {
  type Checked,
  instance,
  type Option,
  type OptionTable,
  optionalGroup,
  readOptions,
  text,
} from "@etcd-gateway/runtime/options";
import { sendWhole } from "./whole-response.js";

/** How the descriptions of the API are served. */
export interface ApiDescriptionsOptions {
  /** The path that the gateway is mounted at, e.g. `/etcd`; by default the one that the descriptions are mounted at. */
  readonly gatewayPath?: string;
  /** The descriptions themselves, for an app in a bundle that runs where the package is not installed. */
  readonly documents?: ApiDocuments;
}

/** The descriptions of the API, as the package has them. */
export interface ApiDocuments {
  /** The content of `etcd-gateway/openapi.json`. */
  readonly openapi: object;
  /** The content of `etcd-gateway/rpc.swagger.json`. */
  readonly swagger: object;
}

function documentOption(file: string): Option<object> {
  const expected = `the content of etcd-gateway/${file}`;
  return instance<object>({ text: expected, type: "object", expected }, (given) => {
    return typeof given === "object" && given !== null;
  }).required();
}

const OPTIONS: OptionTable<Checked<ApiDescriptionsOptions, "gatewayPath" | "documents">> = {
  gatewayPath: text({
    text: "the path that the gateway is mounted at; by default the one that the descriptions are mounted at",
    expected: 'a path such as "/etcd", or empty',
    accepts: (path) => /^(\/|$)/.test(path),
  }),
  documents: optionalGroup<ApiDocuments>("the descriptions themselves", {
    openapi: documentOption("openapi.json"),
    swagger: documentOption("rpc.swagger.json"),
  }),
};

/** A request, which Express tells where the handler is mounted. */
interface MountedRequest extends IncomingMessage {
  baseUrl?: string;
}

/** Gives the text of a description. */
type Source = () => string;

/** How many bodies are kept. There is one for each description and place of the gateway; few apps have more than two. */
const KEPT_BODIES = 16;

/**
 * Makes a handler that serves the descriptions of etcd's JSON API: OpenAPI 3.1 under `/openapi.json` and Swagger 2.0 under
 * `/rpc.swagger.json`. Mount it beside the gateway, so that the servers in the descriptions are where the gateway is:
 *
 * ```ts
 * app.use("/etcd", gateway.router);
 * app.use("/etcd", apiDescriptions());
 * ```
 *
 * All other requests go on to the next handler.
 *
 * @throws TypeError if an option cannot be used: with its path, the value and what it must be
 * @throws Error if the package's files are not there: the app is in a bundle, and needs `documents`
 */
export function apiDescriptions(options: ApiDescriptionsOptions = {}): Router {
  const { gatewayPath, documents } = readOptions(OPTIONS, options, "apiDescriptions");
  const sources: ReadonlyMap<string, Source> = new Map([
    ["/openapi.json", sourceOf("openapi.json", documents?.openapi)],
    ["/rpc.swagger.json", sourceOf("rpc.swagger.json", documents?.swagger)],
  ]);
  const bodies = new Map<string, Buffer>();

  /** The body of a description of the gateway at a path. */
  function bodyOf(source: Source, name: string, path: string): Buffer {
    const key = name + path;
    const kept = bodies.get(key);
    if (kept !== undefined) return kept;
    const body = Buffer.from(path === "" ? source() : moved(source(), path));
    const [oldest] = bodies.keys();
    if (bodies.size >= KEPT_BODIES && oldest !== undefined) bodies.delete(oldest);
    bodies.set(key, body);
    return body;
  }

  return function descriptions(req: MountedRequest, res, next) {
    const name = pathOf(req);
    const source = sources.get(name);
    if (source === undefined || (req.method !== "GET" && req.method !== "HEAD")) {
      if (next !== undefined) next();
      else sendWhole(req, res, { status: 404, headers: {}, body: Buffer.alloc(0) });
      return;
    }
    const headers = { "Content-Type": "application/json" };
    try {
      const body = bodyOf(source, name, (gatewayPath ?? req.baseUrl ?? "").replace(/\/$/, ""));
      sendWhole(req, res, { status: 200, headers, body });
    } catch (thrown) {
      // The package's file has gone. Without a framework nobody would catch this.
      process.emitWarning(`${name} cannot be served: ${String(thrown)}`, "GatewayWarning");
      sendWhole(req, res, { status: 500, headers, body: FAILURE });
    }
  };
}

const FAILURE = Buffer.from('{"code":13,"message":"Internal Server Error"}');

function pathOf({ url = "/" }: IncomingMessage): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** The text of a document that the app has given, or else that of the package's file, which is looked for at once. */
function sourceOf(name: string, document: object | undefined): Source {
  if (document === undefined) {
    const file = fileOf(name);
    return () => readFileSync(file, "utf8");
  }
  return () => textOf(document);
}

function fileOf(name: string): string {
  try {
    // A bundle in CommonJS has no URL of its module. From either, the package finds itself by its name.
    const module: string | undefined = import.meta.url;
    return nodeModule.createRequire(module ?? __filename).resolve(`etcd-gateway/${name}`);
  } catch (cause) {
    throw new Error(
      `apiDescriptions cannot find etcd-gateway/${name}, as in a bundle that runs where etcd-gateway is not installed: ` +
        "import etcd-gateway/openapi.json and etcd-gateway/rpc.swagger.json, and give them as documents: { openapi, swagger }",
      { cause },
    );
  }
}

/** The same description, of an API under a path. */
function moved(text: string, path: string): string {
  const { swagger, openapi, info, tags, servers, ...rest }: Description = JSON.parse(text);
  const place =
    servers === undefined
      ? { basePath: path }
      : { servers: servers.map((server) => ({ ...server, url: path + server.url })) };
  return textOf({ openapi, swagger, info, tags, ...place, ...rest });
}

function textOf(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** What a description begins with: for people who read it, it still does. */
interface Description {
  readonly openapi?: string;
  readonly swagger?: string;
  readonly info: unknown;
  readonly tags: unknown;
  readonly servers?: readonly { readonly url: string }[];
}
