import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import {
  type BrowserGuardOptions,
  browserGuard,
  type CallObserver,
  GatewayError,
  rejectionRecorder,
  respondWithError,
  Status,
} from "@etcd-gateway/runtime";
import { apiDescriptions } from "../../descriptions.js";
import type { EtcdGateway } from "../../etcd-gateway.js";
import { etcdProbes } from "../../probes/etcd-probes.js";
import { notFound, sendWhole } from "../../whole-response.js";
import { disconnectIfStalled } from "./stalled-response.js";

/** Handles a request, or passes it to the next handler. */
export type Handler = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

/**
 * Makes the handler of the stand-alone server. It serves the API, the probes, the descriptions and the further
 * handlers, in this order, and responds with 404 to the rest. It does not use a framework, which would take longer to
 * load than everything else.
 *
 * @param browsers options for web pages that use the server
 * @param log receives a line when a handler throws, which is a bug
 * @param further handlers after all others
 * @param observers the observers of requests that are rejected outside the API: by the guard, or because the server has
 * no such path
 * @param stall how long a client may read nothing of a response that is not the gateway's, in milliseconds; 0 for no
 * limit
 */
export function requestHandler(
  gateway: Pick<EtcdGateway, "router" | "client" | "publishedVersions">,
  browsers: BrowserGuardOptions,
  log: (line: string) => void,
  further: readonly Handler[] = [],
  observers: readonly CallObserver[] = [],
  stall = 0,
): RequestListener {
  const recordRejection = rejectionRecorder(observers);
  const guard = browserGuard(browsers, ["GET", "HEAD"], recordRejection);
  const probes = etcdProbes(gateway);
  const descriptions = apiDescriptions();
  const handlers: readonly Handler[] = [guard, probes, descriptions, ...further];
  function others(req: IncomingMessage, res: ServerResponse, at = 0): void {
    const handler = handlers[at];
    if (handler === undefined) reject(req, res);
    else handler(req, res, (error) => (error === undefined ? others(req, res, at + 1) : fail(req, res, error)));
  }
  function reject(req: IncomingMessage, res: ServerResponse): void {
    recordRejection(req, res, new GatewayError(Status.NOT_FOUND, "Not Found"), "not-found");
    sendWhole(req, res, notFound());
  }
  function fail(req: IncomingMessage, res: ServerResponse, error: unknown): void {
    log(`${GatewayError.from(error).httpStatus} ${error instanceof Error ? error.message : String(error)}`);
    if (res.headersSent) res.destroy();
    else respondWithError(req, res, error);
  }
  return function handleRequest(req, res) {
    try {
      gateway.router(req, res, () => {
        req.url = originForm(req.url);
        disconnectIfStalled(res, stall);
        others(req, res);
      });
    } catch (error) {
      fail(req, res, error);
    }
  };
}

/** Removes the origin from a request target in absolute form (RFC 9112, 3.2.2), which every server must accept. */
function originForm(target = "/"): string {
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, "");
  return rest === target || rest.startsWith("/") ? rest : `/${rest}`;
}
