import type { ExternalDocs, ResponseDocs, SecurityRequirement, SecurityScheme } from "./documentation.js";

/** Facts of an API description that the protos do not contain. `read` makes them and `emit` uses them. */
export interface ApiSettings {
  readonly title: string;
  /** The version of the API. */
  readonly version: string;
  /** The description of the API, as Markdown. `""` for none. */
  readonly description: string;
  /** The servers of the API, the usual one first. Never empty. */
  readonly servers: readonly ApiServer[];
  /**
   * The prefix that paths in the protos have, and that the servers' URLs replace. For example `/v3`, if one server has
   * `/v3` and another has `/v3beta`. `""` for none. The default is the path of a server, if the protos use it.
   */
  readonly pathPrefix: string;
  /** The request header for a client's token, if there is one. */
  readonly token?: ApiToken;
  /** More members of `info`: contact, license and terms of service. */
  readonly info?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly externalDocs?: ExternalDocs;
  /** The ways to authenticate, in addition to a token. */
  readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  readonly security?: readonly SecurityRequirement[];
  /** Responses that every operation can have, by HTTP status or `default`. */
  readonly responses?: Readonly<Record<string, ResponseDocs>>;
  /** A working example of the request body, by full RPC name. */
  readonly examples: Readonly<Record<string, unknown>>;
}

/** A server of an API. */
export interface ApiServer {
  /** An absolute URL, or one relative to the URL of the description. */
  readonly url: string;
  readonly description: string;
  /** The dialect of its errors. Absent for that of grpc-gateway v2. */
  readonly dialect?: "grpcGatewayV1";
}

/** A request header that carries a token. */
export interface ApiToken {
  readonly header: string;
  readonly description: string;
}
