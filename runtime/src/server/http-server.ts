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

/** An app: any request handler. One of Express has the prototypes that it gives its requests and responses. */
export type App = RequestListener & { readonly request?: object; readonly response?: object };

/** What the server is like, beside what Node.js lets one choose. */
export interface HttpServerOptions {
  /** Serves HTTPS: the certificate, key and so on, as for `https.createServer`. */
  readonly tls?: TlsServerOptions;
  /** Further options of `http.createServer`, over those chosen here. */
  readonly http?: ServerOptions;
}

/**
 * Makes an HTTP or HTTPS server of an app, fit for a gateway: streams may last for ever, headers may not, and an Express
 * app answers several times as many requests, as its requests and responses are made with its prototypes instead of being
 * given them one by one, which V8 answers with slow code.
 */
export function createHttpServer(app: App, options: HttpServerOptions = {}): HttpServer | HttpsServer {
  const http: ServerOptions = {
    ...withPrototypes(app),
    headersTimeout: 30_000,
    // It counts until the request's end, which a stream of requests may put off for ever: the gateway has a deadline of
    // its own for the bodies of unary requests.
    requestTimeout: 0,
    // More than the idle time of the usual load balancers (60 s), which must be the ones to close.
    keepAliveTimeout: 65_000,
    ...options.http,
  };
  return options.tls === undefined ? createHttp(http, app) : createHttps({ ...http, ...options.tls }, app);
}

/** Constructors whose instances have an Express app's prototypes from the beginning. */
function withPrototypes({ request, response }: App): ServerOptions {
  if (!isPrototypeBelow(request, IncomingMessage) || !isPrototypeBelow(response, ServerResponse)) return {};
  return {
    IncomingMessage: constructorOf(IncomingMessage, request),
    ServerResponse: constructorOf(ServerResponse, response),
  };
}

function isPrototypeBelow(prototype: object | undefined, base: { readonly prototype: object }): prototype is object {
  return prototype !== undefined && Object.prototype.isPrototypeOf.call(base.prototype, prototype);
}

/** A class that makes what its base makes, with another prototype. A class declaration cannot be given one. */
function constructorOf<Base extends typeof IncomingMessage | typeof ServerResponse>(
  base: Base,
  prototype: object,
): Base {
  function construct(...args: unknown[]): object {
    return Reflect.construct(base, args, construct);
  }
  construct.prototype = prototype;
  // TypeScript does not know plain functions as constructors.
  return construct as unknown as Base;
}
