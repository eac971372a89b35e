import { createHash } from "node:crypto";
import { type IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { PageFile } from "#page";
import { type ExplorerOptions, readOptions } from "./explorer-options.js";
import { loadPage } from "./load-page.js";
import { CONTENT_SECURITY_POLICY, pageHtml } from "./page-html.js";
import { ServedFile } from "./served-file.js";
import { thrownText } from "./thrown-text.js";

/** A request handler for Express, Connect or, without `next`, `node:http`. */
export type ExplorerHandler = (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void;

/** A request with `originalUrl`, from which the handler learns where Express has mounted it. */
interface MountedRequest extends IncomingMessage {
  originalUrl?: string;
}

/** The folder of the page's files, relative to the page. The name is unlikely to collide with a file of the API. */
const FOLDER = "explorer/";

/**
 * Makes a handler that serves a page to explore an API with an [OpenAPI](https://spec.openapis.org/oas/v3.1.1.html)
 * description. The page shows all calls and, for etcd's API, also keys and cluster.
 *
 * ```ts
 * app.use("/etcd", gateway.router, apiDescriptions());
 * app.use("/explorer", explorer({ baseUrl: "../etcd" }));
 * ```
 *
 * It responds to `GET` and `HEAD` requests for its mount path and for the page's files in the folder `explorer/` below
 * it. All other requests are passed to the next handler; if there is none, the response is 404.
 *
 * @throws TypeError if an option is wrong: with its name, its value, and what is expected
 */
export function explorer(options: ExplorerOptions = {}): ExplorerHandler {
  const settings = readOptions(options);
  let files: Promise<ReadonlyMap<string, ServedFile>> | undefined;
  return function explorer(req: MountedRequest, res, next) {
    const path = pathOf(req.url);
    if ((req.method !== "GET" && req.method !== "HEAD") || (path !== "/" && !path.startsWith(`/${FOLDER}`))) {
      pass(res, next);
      return;
    }
    // The page's links are relative. Without the trailing slash, the browser would resolve them against the parent
    // folder.
    const mounted = pathOf(req.originalUrl);
    if (path === "/" && !mounted.endsWith("/")) {
      const query = (req.originalUrl ?? "").slice(mounted.length);
      const location = `./${mounted.slice(mounted.lastIndexOf("/") + 1)}/${query}`;
      respond(res, () => res.writeHead(308, { Location: location, "Content-Length": 0 }).end());
      return;
    }
    files ??= filesOf(settings);
    files.then(
      (served) => {
        const file = served.get(path);
        if (file === undefined) pass(res, next);
        else respond(res, () => file.send(req, res));
      },
      (error: unknown) => {
        files = undefined;
        if (next !== undefined) next(error);
        else respond(res, () => res.writeHead(500, { "Content-Length": 0 }).end());
      },
    );
  };
}

/** Returns the files of the page by path. They are loaded on the first request. */
async function filesOf(options: ExplorerOptions): Promise<ReadonlyMap<string, ServedFile>> {
  const { SCRIPT, STYLE, ICON } = await loadPage();
  const files = new Map<string, ServedFile>();
  for (const { name, type, gzip } of [SCRIPT, STYLE, ICON]) {
    files.set(`/${FOLDER}${name}`, ServedFile.named(type, Buffer.from(gzip, "base64")));
  }
  const { baseUrl = ".", description = `${baseUrl.replace(/\/$/, "")}/openapi.json`, title, tabs, exposed } = options;
  const config = {
    baseUrl,
    description: typeof description === "string" ? description : addDescription(files, description),
    ...(title !== undefined && { title }),
    ...(tabs !== undefined && { tabs }),
    ...(exposed !== undefined && { exposed }),
  };
  const html = pageHtml(config, { script: inFolder(SCRIPT), style: inFolder(STYLE), icon: inFolder(ICON) });
  const headers = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    // For browsers that do not support `frame-ancestors`.
    "X-Frame-Options": "DENY",
  };
  return files.set("/", ServedFile.fresh("text/html; charset=utf-8", html, headers));
}

function inFolder({ name }: PageFile): string {
  return FOLDER + name;
}

/** Adds a description to the page's files. @returns its path, relative to the page */
function addDescription(files: Map<string, ServedFile>, description: object): string {
  const text = JSON.stringify(description);
  const name = `openapi-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.json`;
  files.set(`/${FOLDER}${name}`, ServedFile.named("application/json", gzipSync(text)));
  return FOLDER + name;
}

function pathOf(url = "/"): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

function pass(res: ServerResponse, next: ((error?: unknown) => void) | undefined): void {
  if (next !== undefined) next();
  else respond(res, () => res.writeHead(404, { "Content-Length": 0 }).end());
}

/**
 * Responds, unless other middleware has responded or the client has disconnected. If code of the app throws or rejects,
 * such as a replacement for `writeHead` or `end`, the response is cut off and the process emits a warning.
 */
function respond(res: ServerResponse, write: () => void): void {
  try {
    if (res.headersSent || res.destroyed) return;
    for (const name of FUNCTIONS) if (res[name] !== ServerResponse.prototype[name]) guardFunction(res, name);
    // For example, of a write to a response that the app has ended. Without a listener, the error would end the process.
    res.on("error", ignore);
    write();
  } catch (error) {
    cutOff(res, error);
  }
}

/** The functions of a response that are called here and that apps may replace. */
const FUNCTIONS = ["on", "writeHead", "end"] as const;

/** Handles the rejection if a replaced function is asynchronous. Unhandled, it would end the process. */
function guardFunction(res: ServerResponse, name: (typeof FUNCTIONS)[number]): void {
  const original: unknown = res[name];
  if (typeof original !== "function") return;
  Reflect.set(res, name, function (this: unknown, ...args: unknown[]): unknown {
    const returned: unknown = Reflect.apply(original, this, args);
    if (returned instanceof ServerResponse) return returned;
    Promise.resolve(returned).catch((error: unknown) => cutOff(res, error));
    return returned;
  });
}

function cutOff(res: ServerResponse, error: unknown): void {
  process.emitWarning(`a response could not be written: ${thrownText(error)}`, "GatewayWarning");
  // Not `res.destroy()`, because the app may have replaced that too.
  ServerResponse.prototype.destroy.call(res);
}

function ignore(): void {}
