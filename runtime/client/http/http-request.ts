/** One HTTP request, before the channel adds the base URL and headers. */
export interface HttpRequest {
  /** The full name of the RPC, used in errors. */
  readonly rpc: string;
  readonly method: string;
  /** The path and the query, as in the RPC's rule. */
  readonly path: string;
  readonly body?: string | Uint8Array | undefined;
  /** The media type of the body if it is not JSON. */
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  /** Whether the request changes nothing on the server. */
  readonly idempotent: boolean;
}
