import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { browserGuard } from "@etcd-gateway/runtime";
import { apiDescriptions } from "./descriptions.js";
import type { EtcdGateway, EtcdGatewayOptions } from "./gateway.js";
import { etcdProbes } from "./probes/etcd-probes.js";

/**
 * Makes the handler of the stand-alone server: the API, then the probes and the descriptions, and 404 for the rest. An app
 * of one's own has a framework for this; here it would take longer to load than all the rest.
 *
 * @param options those of the gateway
 * @param log told of what must not happen: a handler that throws
 */
export function requestHandler(
  gateway: Pick<EtcdGateway, "router" | "client">,
  options: EtcdGatewayOptions,
  log: (line: string) => void,
): RequestListener {
  const guard = browserGuard(options);
  const { endpoints, tls } = options;
  const probes = etcdProbes(gateway, { endpoints, ...(tls !== undefined && { tls }) });
  const descriptions = apiDescriptions();
  function others(req: IncomingMessage, res: ServerResponse): void {
    guard(req, res, () => probes(req, res, () => descriptions(req, res, () => send(res, 404, 5, "Not Found"))));
  }
  return function handleRequest(req, res) {
    try {
      gateway.router(req, res, () => others(req, res));
    } catch (error) {
      log(`500 ${error instanceof Error ? error.message : String(error)}`);
      if (res.headersSent) res.destroy();
      else send(res, 500, 13, "Internal Server Error");
    }
  };
}

function send(res: ServerResponse, httpStatus: number, code: number, message: string): void {
  const body = JSON.stringify({ code, message });
  res.writeHead(httpStatus, { "Content-Type": "application/json", "Content-Length": body.length }).end(body);
}
