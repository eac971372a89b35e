import type { IncomingMessage } from "node:http";
import { serverSentEvents } from "../../session/server-sent-events.js";
import { requestedFraming } from "./requested-framing.js";
import type { Bound, RouteMatch, RouteTable } from "./route-table.js";

/** The routes of a gateway. */
export class Routes<Route extends Bound> {
  readonly #table: RouteTable<Route>;
  readonly #eventSources: RouteTable<Route>;

  /**
   * @param table the routes that any request can have
   * @param eventSources the routes that exist only for requests that prefer server-sent events
   */
  constructor(table: RouteTable<Route>, eventSources: RouteTable<Route>) {
    this.#table = table;
    this.#eventSources = eventSources;
  }

  /** The first segments of all paths, if they are literals. */
  get roots(): ReadonlySet<string> {
    return this.#table.roots;
  }

  /** Returns the methods of a path, sorted. Returns none if the path is unknown. */
  methodsOf(path: string): readonly string[] {
    return this.#table.methodsOf(path);
  }

  /** Returns the methods of a path, including those for server-sent events. */
  allMethodsOf(path: string): readonly string[] {
    return [...this.#table.methodsOf(path), ...this.#eventSources.methodsOf(path)];
  }

  /**
   * Returns the route of a request, or `undefined`. A WebSocket handshake is always a `GET`, but may be for a route of
   * any method: the most likely one of its path.
   */
  find(req: IncomingMessage, path: string, isHandshake: boolean): RouteMatch<Route> | undefined {
    const method = isHandshake ? handshakeMethod(this.methodsOf(path)) : (req.method ?? "");
    return this.#table.find(method, path) ?? (wantsEvents(req) ? this.#eventSources.find(method, path) : undefined);
  }
}

/** Returns the method of the route that a WebSocket handshake is for, chosen from the methods of its path. */
function handshakeMethod(methods: readonly string[]): string {
  return ["POST", "GET"].find((method) => methods.includes(method)) ?? methods[0] ?? "GET";
}

/**
 * Whether a request may come from an `EventSource`, or asks by `HEAD` for what an `EventSource` would get. Requests
 * with the mode `no-cors` are excluded: pages of other origins send them without a preflight and without an `Origin`
 * header.
 */
function wantsEvents({ method, headers }: IncomingMessage): boolean {
  return (
    (method === "GET" || method === "HEAD") &&
    requestedFraming(headers.accept) === serverSentEvents &&
    headers["sec-fetch-mode"] !== "no-cors"
  );
}
