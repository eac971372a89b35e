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
import { KEEP_ALIVE } from "../http/connection/long-connection.js";
import { isRecord } from "../options/is-record.js";
import type { Checked, OptionTable } from "../options/option.js";
import { readOptions } from "../options/option-group.js";
import { instance } from "../options/option-kinds.js";
import { refuseMalformedRequests } from "./malformed-requests.js";

/** An app: any request handler. One of Express has the prototypes that it gives its requests and responses. */
export type App = RequestListener & { request?: object; response?: object };

/** What the server is like, beside what Node.js lets one choose. */
export interface HttpServerOptions {
  /** Serves HTTPS: the certificate, key and so on, as for `https.createServer`. */
  readonly tls?: TlsServerOptions;
  /** Further options of `http.createServer`, over those chosen here. */
  readonly http?: ServerOptions;
}

function nodeOptions<Value>(text: string) {
  return instance<Value>({ text, type: "object", expected: "an object with options of Node.js" }, isRecord);
}

const HTTP_SERVER_OPTIONS: OptionTable<Checked<HttpServerOptions, "tls" | "http">> = {
  tls: nodeOptions("serves HTTPS: the certificate and key"),
  http: nodeOptions("further options of `http.createServer`"),
};

const APP = instance<App>(
  { text: "the app", type: "App", expected: "an Express app, or another request handler" },
  (given) => typeof given === "function",
).required();

/**
 * Makes an HTTP or HTTPS server of an app, fit for a gateway: streams may last for ever, headers may not, and an Express
 * app answers several times as many requests, as its requests and responses are made with its prototypes (which are
 * replaced by ones below them) instead of being given them one by one, which V8 answers with slow code.
 *
 * @throws TypeError if the app or an option cannot be used; what Node.js says of its own options
 */
export function createHttpServer(app: App, options: HttpServerOptions = {}): HttpServer | HttpsServer {
  APP.readArgument(app, "app");
  const { tls, http: further } = readOptions(HTTP_SERVER_OPTIONS, options, "createHttpServer");
  const http: ServerOptions = {
    ...withPrototypes(app),
    headersTimeout: 30_000,
    // How often Node.js looks for connections that have exceeded it: by default every 30 s, which doubles it at worst.
    connectionsCheckingInterval: 5_000,
    // Clients that vanish say nothing.
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE,
    // More than the idle time of the usual load balancers (60 s), which must be the ones to close.
    keepAliveTimeout: 65_000,
    ...further,
  };
  const server = tls === undefined ? createHttp(http, app) : createHttps({ ...http, ...tls }, app);
  refuseMalformedRequests(server);
  return server;
}

const prepared = new WeakMap<App, ServerOptions>();

/**
 * Classes whose instances have an Express app's prototypes from the beginning. Express sets the prototypes of what it
 * gets to `app.request` and `app.response`, which does nothing if they are these already: so the classes inherit from
 * them, and take their place.
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
