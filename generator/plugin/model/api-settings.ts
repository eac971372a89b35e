import type { ExternalDocs, ResponseDocs, SecurityRequirement, SecurityScheme } from "./documentation.js";

/** What an API description says beyond the protos: made by `read`, consumed by `emit`. */
export interface ApiSettings {
  readonly title: string;
  /** The version of the API. */
  readonly version: string;
  /** What the API is, as Markdown; `""` for nothing. */
  readonly description: string;
  /** Where the API is served, the usual place first; never empty. */
  readonly servers: readonly ApiServer[];
  /**
   * What paths in the protos begin with and the servers' URLs have in its place, e.g. `/v3` if one of the servers is
   * `/v3` and another `/v3beta`; `""` for nothing. By default the path of a server, if the protos have it.
   */
  readonly pathPrefix: string;
  /** The header with which a client says who it is, if there is one. */
  readonly token?: ApiToken;
  /** Who answers for the API, and on what terms: more members of `info`. */
  readonly info?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly externalDocs?: ExternalDocs;
  /** How clients say who they are, beside a token. */
  readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  readonly security?: readonly SecurityRequirement[];
  /** Responses that every operation may have, by HTTP status or `default`. */
  readonly responses?: Readonly<Record<string, ResponseDocs>>;
  /** A request body that works, by full rpc name. */
  readonly examples: Readonly<Record<string, unknown>>;
}

/** A place where an API is served. */
export interface ApiServer {
  /** Absolute, or relative to where the description is served. */
  readonly url: string;
  readonly description: string;
  /** The dialect of its errors, where it is not that of grpc-gateway v2. */
  readonly dialect?: "grpcGatewayV1";
}

/** A request header that carries a token. */
export interface ApiToken {
  readonly header: string;
  readonly description: string;
}
