import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { PageFile } from "#page";
import { checkOptions, type ExplorerOptions } from "./explorer-options.js";
import { loadPage } from "./load-page.js";
import { CONTENT_SECURITY_POLICY, pageHtml } from "./page-html.js";
import { ServedFile } from "./served-file.js";

/** A request handler in the form of Express, Connect and, without `next`, of `node:http`. */
export type ExplorerHandler = (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void;

/** A request, which Express and its like tell where the handler is mounted. */
interface MountedRequest extends IncomingMessage {
  originalUrl?: string;
}

/** Where the page's files are, from the page on. A file of the API's is hardly called so. */
const FOLDER = "explorer/";

/**
 * Makes a handler that serves a page to look at an API that [OpenAPI](https://spec.openapis.org/oas/v3.1.1.html)
 * describes: every call, and if the API is etcd's, keys and cluster too.
 *
 * ```ts
 * app.use("/etcd", gateway.router, apiDescriptions());
 * app.use("/explorer", explorer({ baseUrl: "../etcd" }));
 * ```
 *
 * It answers `GET` and `HEAD` of the path that it is mounted at, and of the page's files in the folder `explorer/` there.
 * All other requests go on to the next handler; without one they are answered 404.
 *
 * @throws TypeError if an option cannot be used: with its name, the value and what it must be
 */
export function explorer(options: ExplorerOptions = {}): ExplorerHandler {
  checkOptions(options);
  let files: Promise<ReadonlyMap<string, ServedFile>> | undefined;
  return function explorer(req: MountedRequest, res, next) {
    const path = pathOf(req.url);
    if ((req.method !== "GET" && req.method !== "HEAD") || (path !== "/" && !path.startsWith(`/${FOLDER}`))) {
      pass(res, next);
      return;
    }
    // What the page refers to is relative to it: at `/explorer` it would be looked for beside the page, not in it.
    const mounted = pathOf(req.originalUrl);
    if (path === "/" && !mounted.endsWith("/")) {
      const query = (req.originalUrl ?? "").slice(mounted.length);
      res.writeHead(308, {
        Location: `./${mounted.slice(mounted.lastIndexOf("/") + 1)}/${query}`,
        "Content-Length": 0,
      });
      res.end();
      return;
    }
    files ??= filesOf(options);
    files.then(
      (served) => {
        const file = served.get(path);
        if (file === undefined) pass(res, next);
        else file.send(req, res);
      },
      (error: unknown) => {
        files = undefined;
        if (next !== undefined) next(error);
        else res.writeHead(500, { "Content-Length": 0 }).end();
      },
    );
  };
}

/** The files of a page, by their paths. They are loaded for the first visitor. */
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
    // For browsers that do not know `frame-ancestors`.
    "X-Frame-Options": "DENY",
  };
  return files.set("/", ServedFile.fresh("text/html; charset=utf-8", html, headers));
}

function inFolder({ name }: PageFile): string {
  return FOLDER + name;
}

/** Serves a description beside the page. @returns where, relative to the page */
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
  else res.writeHead(404, { "Content-Length": 0 }).end();
}
