import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
// The namespace import avoids the name `createRequire`, which many configurations of bundlers declare in every bundle.
import * as nodeModule from "node:module";
import { containResponseErrors, type Router, respondWithError } from "@etcd-gateway/runtime";
import {
  type Checked,
  instance,
  type Option,
  type OptionTable,
  optionalGroup,
  readOptions,
  text,
  warnOf,
} from "@etcd-gateway/runtime/options";
import { sendWhole } from "./whole-response.js";

/** Options of `apiDescriptions()`. */
export interface ApiDescriptionsOptions {
  /**
   * The path at which the gateway is mounted, such as `/etcd`. By default, the path at which the descriptions are
   * mounted.
   */
  readonly gatewayPath?: string;
  /**
   * The descriptions themselves, for an app in a bundle that runs where the package is not installed. See
   * docs/api-descriptions.md.
   */
  readonly documents?: ApiDocuments;
}

/** The API descriptions that the package contains. */
export interface ApiDocuments {
  /** The content of `etcd-gateway/openapi.json`. */
  readonly openapi: object;
  /** The content of `etcd-gateway/rpc.swagger.json`. */
  readonly swagger: object;
}

function documentOption(file: string): Option<object> {
  const expected = `the content of etcd-gateway/${file}`;
  return instance<object>({ text: `the content of \`etcd-gateway/${file}\``, type: "object", expected }, (given) => {
    return typeof given === "object" && given !== null;
  }).required();
}

/** The table of the options of {@link apiDescriptions}. */
export const API_DESCRIPTIONS_OPTIONS: OptionTable<Checked<ApiDescriptionsOptions, "gatewayPath" | "documents">> = {
  gatewayPath: text({
    text: "the path at which the gateway is mounted, such as `/etcd`. By default, the path at which the descriptions are mounted",
    expected: 'a path such as "/etcd", or empty',
    accepts: (path) => /^(\/|$)/.test(path),
  }),
  documents: optionalGroup<ApiDocuments>(
    "the descriptions themselves, for an app in a bundle that runs where the package is not installed: see [API descriptions](api-descriptions.md)",
    {
      openapi: documentOption("openapi.json"),
      swagger: documentOption("rpc.swagger.json"),
    },
  ),
};

/** Returns the text of a description. */
type Source = () => string;

/**
 * The number of cached bodies. There is one for each description and each path of the gateway. Few apps have more than
 * two.
 */
const KEPT_BODIES = 16;

/**
 * Makes a handler that serves the descriptions of etcd's JSON API: OpenAPI 3.1 at `/openapi.json` and Swagger 2.0 at
 * `/rpc.swagger.json`. Mount it at the same path as the gateway, so that the descriptions contain the right server URL:
 *
 * ```ts
 * app.use("/etcd", gateway.router);
 * app.use("/etcd", apiDescriptions());
 * ```
 *
 * It passes all other requests to the next handler.
 *
 * @throws TypeError if an option is invalid. The message contains its path, its value and what is expected.
 * @throws Error if the package's files are missing, because the app is in a bundle and needs `documents`
 */
export function apiDescriptions(options: ApiDescriptionsOptions = {}): Router {
  const { gatewayPath, documents } = readOptions(API_DESCRIPTIONS_OPTIONS, options, "apiDescriptions");
  const sources: ReadonlyMap<string, Source> = new Map([
    ["/openapi.json", sourceOf("openapi.json", documents?.openapi)],
    ["/rpc.swagger.json", sourceOf("rpc.swagger.json", documents?.swagger)],
  ]);
  const bodies = new Map<string, Buffer>();

  /** Returns the body of a description for a gateway at a path. */
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

  return function descriptions(req, res, next) {
    const name = pathOf(req);
    const source = sources.get(name);
    if (source === undefined || (req.method !== "GET" && req.method !== "HEAD")) {
      if (next !== undefined) next();
      else sendWhole(req, res, { status: 404, headers: {}, body: Buffer.alloc(0) });
      return;
    }
    try {
      const body = bodyOf(source, name, (gatewayPath ?? req.baseUrl ?? "").replace(/\/$/, ""));
      sendWhole(req, res, { status: 200, headers: { "Content-Type": "application/json" }, body });
    } catch (thrown) {
      // The package's file has been removed. Without a framework, nothing would catch this error.
      warnOf(`${name} cannot be served`, thrown);
      containResponseErrors(res);
      respondWithError(req, res, thrown);
    }
  };
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/**
 * Returns the source of a document: the one that the app has passed, or the package's file. A missing file is reported
 * immediately.
 */
function sourceOf(name: string, document: object | undefined): Source {
  if (document === undefined) {
    const file = fileOf(name);
    return () => readFileSync(file, "utf8");
  }
  return () => textOf(document);
}

function fileOf(name: string): string {
  try {
    // A CommonJS bundle has no `import.meta.url`. In both module formats, the package resolves itself by its name.
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

/** Returns the same description for an API under a path. */
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

/** The members at the beginning of a description. They stay there, because people read the file. */
interface Description {
  readonly openapi?: string;
  readonly swagger?: string;
  readonly info: unknown;
  readonly tags: unknown;
  readonly servers?: readonly { readonly url: string }[];
}
