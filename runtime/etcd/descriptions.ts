import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { Router } from "@etcd-gateway/runtime";

/** The paths that descriptions are served under; their files in `generated/` are called the same. */
const PATHS: ReadonlySet<string> = new Set(["/openapi.json", "/rpc.swagger.json"]);

/** Where `generated/` is from this file: as a source, and as built into `dist/`, where the compiler copies no JSON. */
const GENERATED = ["../../generated", "../../../generated"];

/** How the descriptions of the API are served. */
export interface ApiDescriptionsOptions {
  /** The path that the gateway is mounted at, e.g. `/etcd`; by default the one that the descriptions are mounted at. */
  readonly gatewayPath?: string;
}

/** A request, which Express tells where the handler is mounted. */
interface MountedRequest extends IncomingMessage {
  baseUrl?: string;
}

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
 * @throws TypeError if `gatewayPath` is no path
 */
export function apiDescriptions({ gatewayPath }: ApiDescriptionsOptions = {}): Router {
  if (gatewayPath !== undefined && !/^(\/|$)/.test(gatewayPath)) {
    throw new TypeError(`bad gatewayPath ${JSON.stringify(gatewayPath)}: it must begin with "/", or be empty`);
  }
  return function descriptions(req: MountedRequest, res, next) {
    const path = pathOf(req);
    if (!PATHS.has(path) || (req.method !== "GET" && req.method !== "HEAD")) {
      if (next !== undefined) next();
      else res.writeHead(404).end();
      return;
    }
    const body = Buffer.from(under(gatewayPath ?? req.baseUrl ?? "", path));
    res.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
    res.end(req.method === "HEAD" ? undefined : body);
  };
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

const texts = new Map<string, string>();

/** The text of a description of the gateway at a path. */
function under(gatewayPath: string, name: string): string {
  const text = texts.get(name) ?? read(name);
  texts.set(name, text);
  const path = gatewayPath.replace(/\/$/, "");
  return path === "" ? text : moved(text, path);
}

function read(name: string): string {
  const files = GENERATED.map((folder) => new URL(folder + name, import.meta.url));
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`etcd-gateway is installed without its file generated${name}`);
  return readFileSync(file, "utf8");
}

/** The same description, of an API under a path. */
function moved(text: string, path: string): string {
  const { swagger, openapi, info, tags, servers, ...rest }: Description = JSON.parse(text);
  const place =
    servers === undefined
      ? { basePath: path }
      : { servers: servers.map((server) => ({ ...server, url: path + server.url })) };
  return `${JSON.stringify({ openapi, swagger, info, tags, ...place, ...rest }, undefined, 2)}\n`;
}

/** What a description begins with: for people who read it, it still does. */
interface Description {
  readonly openapi?: string;
  readonly swagger?: string;
  readonly info: unknown;
  readonly tags: unknown;
  readonly servers?: readonly { readonly url: string }[];
}
