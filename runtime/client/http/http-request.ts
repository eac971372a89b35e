/** One HTTP request, but for what the channel adds to it. */
export interface HttpRequest {
  /** The full name of the rpc, for errors. */
  readonly rpc: string;
  readonly method: string;
  /** The path and the query, as the rpc's rule has them. */
  readonly path: string;
  readonly body?: string | Uint8Array | undefined;
  /** The type of the body, if it is not JSON. */
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  /** Whether it changes nothing. */
  readonly idempotent: boolean;
}
