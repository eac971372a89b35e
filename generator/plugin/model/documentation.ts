/*
 * Documentation from the options of protoc-gen-openapiv2 and of gnostic, which only API descriptions use. Facts that
 * both kinds of options can express have one name here. If an element has both, gnostic's options have precedence.
 */

/** A link to a page with more documentation. */
export interface ExternalDocs {
  readonly url: string;
  readonly description?: string;
}

/** The documentation of a file, which describes the whole API. */
export interface DocumentDocs {
  readonly title?: string;
  readonly version?: string;
  readonly description?: string;
  readonly termsOfService?: string;
  readonly contact?: Readonly<Record<string, string>>;
  readonly license?: Readonly<Record<string, string>>;
  readonly externalDocs?: ExternalDocs;
  /** The URLs of the API. Never empty. */
  readonly servers?: readonly string[];
  readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  readonly security?: readonly SecurityRequirement[];
  /** Responses that every operation can have, by HTTP status or `default`. */
  readonly responses?: Readonly<Record<string, ResponseDocs>>;
}

/** A way for clients to authenticate. */
export type SecurityScheme = { readonly description?: string } & (
  | { readonly type: "basic" }
  | { readonly type: "apiKey"; readonly name: string; readonly in: "header" | "query" }
  | {
      readonly type: "oauth2";
      readonly flow: "implicit" | "password" | "application" | "accessCode";
      readonly authorizationUrl?: string;
      readonly tokenUrl?: string;
      readonly scopes: Readonly<Record<string, string>>;
    }
);

/** Names of security schemes that are needed together, each with its required scopes. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

/** A response to an RPC. */
export interface ResponseDocs {
  readonly description?: string;
  /** The full name of the body's message, or its JSON type. Absent if the options do not describe the body. */
  readonly schema?: { readonly message: string } | { readonly type: string };
  /** Examples by media type, as JSON values. */
  readonly examples?: Readonly<Record<string, unknown>>;
}

/** The documentation of a service. */
export interface TagDocs {
  readonly description?: string;
  readonly externalDocs?: ExternalDocs;
}

/** The documentation of an RPC. */
export interface OperationDocs {
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly deprecated?: boolean;
  readonly externalDocs?: ExternalDocs;
  /** The requirements that replace those of the API. Empty if the RPC needs no authentication. */
  readonly security?: readonly SecurityRequirement[];
  /** By HTTP status or `default`. */
  readonly responses?: Readonly<Record<string, ResponseDocs>>;
}

/** The documentation of a message, an enum or a field. */
export interface SchemaDocs {
  readonly title?: string;
  readonly description?: string;
  /** Any JSON value. */
  readonly example?: unknown;
  /** Names of required fields, as proto names or as JSON names. */
  readonly required?: readonly string[];
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly externalDocs?: ExternalDocs;
  /** Limits of values, under their names in JSON Schema, for example `maxLength`. */
  readonly limits?: Readonly<Record<string, number>>;
}
