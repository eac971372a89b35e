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
