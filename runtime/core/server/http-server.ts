import {
  createServer as createHttp,
  type Server as HttpServer,
  IncomingMessage,
  type RequestListener,
  type ServerOptions,
  ServerResponse,
} from "node:http";
import {
  createServer as createHttps,
  type Server as HttpsServer,
  type ServerOptions as TlsServerOptions,
} from "node:https";
import { rejectConnect } from "../http/connection/connect-requests.js";
import { KEEP_ALIVE } from "../http/connection/long-connection.js";
import { trackConnections } from "../http/connection/open-connections.js";
import { serveInTurn } from "../http/connection/turn.js";
import { isRecord } from "../options/is-record.js";
import type { Checked, OptionTable } from "../options/option.js";
import { readOptions } from "../options/option-group.js";
import { copied, instance } from "../options/option-kinds.js";
import { rejectMalformedRequests } from "./malformed-requests.js";
import { requireHost } from "./required-host.js";

/** An app: any request handler. An Express app also has the prototypes of its requests and responses. */
export type App = RequestListener & { request?: object; response?: object };

/** How long a client may take for the handshake of TLS, and for the headers of a request, in milliseconds. */
const HEADERS_TIMEOUT = 30_000;

/** The options of {@link createHttpServer}. */
export interface HttpServerOptions {
  /** Options of `https.createServer`, such as the certificate and key. With them, the server serves HTTPS. */
  readonly tls?: TlsServerOptions;
  /** Further options of `http.createServer`. They override those that this function chooses. */
  readonly http?: ServerOptions;
}

/** Node.js does not check the classes among its options: the first request would end the process. */
function nodeOptions<Value>(text: string) {
  const expected =
    "an object with options of Node.js; its IncomingMessage and ServerResponse must be classes that extend those of Node.js";
  return copied<Value>(
    { text, type: "object", expected },
    (given) =>
      isRecord(given) &&
      isClassBelow(IncomingMessage, given["IncomingMessage"]) &&
      isClassBelow(ServerResponse, given["ServerResponse"]),
  );
}

/** Whether an option is a class that extends another one, or that class, or is not given. */
function isClassBelow(base: { readonly prototype: object }, given: unknown): boolean {
  return (
    given === undefined ||
    given === base ||
    (typeof given === "function" && Object.prototype.isPrototypeOf.call(base.prototype, given.prototype))
  );
}

/** The table of the options of {@link createHttpServer}. */
export const HTTP_SERVER_OPTIONS: OptionTable<Checked<HttpServerOptions, "tls" | "http">> = {
  tls: nodeOptions(
    "options of `https.createServer`, such as the certificate and key. With them, the server serves HTTPS",
  ),
  http: nodeOptions("further options of `http.createServer`. They override those that this function chooses"),
};

const APP = instance<App>(
  { text: "the app", type: "App", expected: "an Express app, or another request handler" },
  (given) => typeof given === "function",
).required();

/**
 * Creates an HTTP or HTTPS server for an app, with settings for a gateway. Streams may last for ever, but the handshake
 * of TLS and the headers must arrive within 30 s each. Pipelined requests are served one after the other, and other
 * clients between them. An Express app serves more requests per second than on the server of `app.listen`. Normally
 * Express replaces the prototype of every request and response, which makes V8 run slow code. This server creates them
 * with the right prototypes. For this, it replaces `app.request` and `app.response` with objects that inherit from them.
 *
 * @throws TypeError if the app or an option cannot be used; the errors of Node.js for its own options
 */
export function createHttpServer(app: App, options: HttpServerOptions = {}): HttpServer | HttpsServer {
  APP.readArgument(app, "app");
  const { tls, http: further } = readOptions(HTTP_SERVER_OPTIONS, options, "createHttpServer");
  const http: ServerOptions = {
    ...withPrototypes(app),
    headersTimeout: HEADERS_TIMEOUT,
    // How often Node.js looks for overdue headers. With its default of 30 s, the limit could double.
    connectionsCheckingInterval: 5_000,
    // Clients that vanish send nothing.
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE,
    // Longer than the idle timeout of common load balancers (60 s), which must close connections first.
    keepAliveTimeout: 65_000,
    ...further,
  };
  const all = { handshakeTimeout: HEADERS_TIMEOUT, ...http, ...tls };
  const listener = all.requireHostHeader === false ? app : requireHost(app);
  all.requireHostHeader = false;
  const server = tls === undefined ? createHttp(all) : createHttps(all);
  serveInTurn(server, listener);
  trackConnections(server);
  rejectConnect(server);
  rejectMalformedRequests(server);
  return server;
}

const prepared = new WeakMap<App, ServerOptions>();

/**
 * Creates classes whose instances have an Express app's prototypes from the start. Express sets the prototypes of each
 * request and response to `app.request` and `app.response`. This does nothing if they are already set. So the classes
 * inherit from these prototypes, and then replace them.
 */
function withPrototypes(app: App): ServerOptions {
  const before = prepared.get(app);
  if (before !== undefined) return before;
  const { request, response } = app;
  if (!isBelow(IncomingMessage.prototype, request) || !isBelow(ServerResponse.prototype, response)) return {};
  class AppRequest extends IncomingMessage {}
  class AppResponse<Request extends IncomingMessage> extends ServerResponse<Request> {}
  Object.setPrototypeOf(AppRequest.prototype, request);
  Object.setPrototypeOf(AppResponse.prototype, response);
  app.request = AppRequest.prototype;
  app.response = AppResponse.prototype;
  const options = { IncomingMessage: AppRequest, ServerResponse: AppResponse };
  prepared.set(app, options);
  return options;
}

function isBelow(base: object, prototype: object | undefined): prototype is object {
  return prototype !== undefined && Object.prototype.isPrototypeOf.call(base, prototype);
}
