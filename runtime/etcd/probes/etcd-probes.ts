import type { IncomingMessage, ServerResponse } from "node:http";
import { GatewayError, type Router } from "@etcd-gateway/runtime";
import {
  type Checked,
  hasMethods,
  instance,
  milliseconds,
  type OptionTable,
  readOptions,
} from "@etcd-gateway/runtime/options";
import {
  ignoreErrors,
  jsonResponse,
  methodNotAllowed,
  notFound,
  sendWhole,
  uncached,
  type WholeResponse,
} from "../whole-response.js";
import { type Checks, LIVENESS, READINESS, runChecks } from "./checks.js";
import { health } from "./health.js";
import { version } from "./server-version.js";
import { type ProbedGateway, VitalSigns } from "./vital-signs.js";

/** Options of `etcdProbes()`. */
export interface EtcdProbesOptions {
  /**
   * How long etcd may take to respond to a probe.
   *
   * @defaultValue 2000 milliseconds
   */
  readonly timeout?: number;
}

/** The table of the options of {@link etcdProbes}. */
export const ETCD_PROBES_OPTIONS: OptionTable<Checked<EtcdProbesOptions>> = {
  timeout: milliseconds({ text: "how long etcd may take to respond to a probe", from: 1 }).or(2_000),
};

const GATEWAY = instance<ProbedGateway>(
  { text: "the gateway", type: "EtcdGateway", expected: "a gateway from etcdGateway" },
  (given) => hasMethods(given, "publishedVersions") && typeof given === "object" && given !== null && "client" in given,
).required();

/** Responds to a path. May throw. */
type Probe = (signs: VitalSigns, query: URLSearchParams) => Promise<WholeResponse>;

const PROBES: ReadonlyMap<string, Probe> = new Map([
  ["/version", version],
  ["/health", health],
  ...checkProbes("/livez", LIVENESS),
  ...checkProbes("/readyz", READINESS),
]);

/**
 * Makes a handler for the paths that etcd's client port serves in addition to the API, for clients and monitoring:
 * `GET /version`, `/health`, `/livez` and `/readyz`. It calls etcd with the gateway's client, and therefore with the
 * gateway's own credentials, if there are any. It responds to everyone, so mount it behind the app's authentication if
 * the information is not public.
 *
 * ```ts
 * app.use(gateway.router);
 * app.use(etcdProbes(gateway));
 * ```
 *
 * If etcd has authentication enabled, newer versions return their version over gRPC only to users. `/version` is then
 * the version that an endpoint publishes over HTTP. At most one call of each kind is in progress at etcd, for any
 * number of probes. The handler passes all other requests to the next handler.
 *
 * @throws TypeError if an option is invalid. The message contains its path, its value and what is expected.
 */
export function etcdProbes(gateway: ProbedGateway, options: EtcdProbesOptions = {}): Router {
  GATEWAY.readArgument(gateway, "gateway");
  const { timeout } = readOptions(ETCD_PROBES_OPTIONS, options, "etcdProbes");
  const signs = new VitalSigns(gateway, timeout);
  return function etcdProbes(req, res, next) {
    const { path, query } = targetOf(req);
    const probe = PROBES.get(path);
    if (probe === undefined) {
      if (next !== undefined) next();
      else send(req, res, notFound());
    } else if (req.method !== "GET" && req.method !== "HEAD") {
      send(req, res, methodNotAllowed());
    } else {
      // The app may use the response while etcd is responding.
      ignoreErrors(res);
      probe(signs, query)
        .catch(failure)
        .then((response) => send(req, res, response));
    }
  };
}

/** Returns a probe of all checks, and a probe of each single check at a path below it. */
function checkProbes(path: string, checks: Checks): readonly (readonly [string, Probe])[] {
  const all: Probe = (signs, query) => runChecks(checks, signs, query);
  const each = [...checks].map(([name, check]): [string, Probe] => {
    return [`${path}/${name}`, (signs, query) => runChecks(new Map([[name, check]]), signs, query)];
  });
  return [[path, all], ...each];
}

function targetOf({ url = "/" }: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = "/", ...query] = url.split("?");
  return { path, query: new URLSearchParams(query.join("?")) };
}

/** Responds with 503 to every error, because a probe's client never causes one. */
function failure(thrown: unknown): WholeResponse {
  const { code, message } = GatewayError.from(thrown);
  return jsonResponse(503, { code, message });
}

function send(req: IncomingMessage, res: ServerResponse, response: WholeResponse): void {
  sendWhole(req, res, uncached(response));
}
