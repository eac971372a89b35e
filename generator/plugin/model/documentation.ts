/*
 * What the options of protoc-gen-openapiv2 and of gnostic say for API descriptions alone. What both can say is called the
 * same here; where an element has both, gnostic's count.
 */

/** A page with more. */
export interface ExternalDocs {
  readonly url: string;
  readonly description?: string;
}

/** Of a file: the whole API. */
export interface DocumentDocs {
  readonly title?: string;
  readonly version?: string;
  readonly description?: string;
  readonly termsOfService?: string;
  readonly contact?: Readonly<Record<string, string>>;
  readonly license?: Readonly<Record<string, string>>;
  readonly externalDocs?: ExternalDocs;
  /** Where the API is, as URLs; never empty. */
  readonly servers?: readonly string[];
  readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  readonly security?: readonly SecurityRequirement[];
  /** Responses that every operation may have, by HTTP status or `default`. */
  readonly responses?: Readonly<Record<string, ResponseDocs>>;
}

/** How clients say who they are. */
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

/** Names of security schemes that are needed together, each with the scopes that it takes. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

/** A response to an rpc. */
export interface ResponseDocs {
  readonly description?: string;
  /** The full name of the message that it has, or the JSON type; absent if it says nothing of its body. */
  readonly schema?: { readonly message: string } | { readonly type: string };
  /** Examples by media type: JSON values. */
  readonly examples?: Readonly<Record<string, unknown>>;
}

/** Of a service. */
export interface TagDocs {
  readonly description?: string;
  readonly externalDocs?: ExternalDocs;
}

/** Of an rpc. */
export interface OperationDocs {
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly deprecated?: boolean;
  readonly externalDocs?: ExternalDocs;
  /** In place of what the whole API needs; empty for nothing. */
  readonly security?: readonly SecurityRequirement[];
  /** By HTTP status or `default`. */
  readonly responses?: Readonly<Record<string, ResponseDocs>>;
}

/** Of a message, an enum or a field. */
export interface SchemaDocs {
  readonly title?: string;
  readonly description?: string;
  /** Any JSON value. */
  readonly example?: unknown;
  /** Names of fields that a message must have, as its file or its JSON has them. */
  readonly required?: readonly string[];
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly externalDocs?: ExternalDocs;
  /** Limits of values, as JSON Schema has them: `maxLength` and the like. */
  readonly limits?: Readonly<Record<string, number>>;
}
