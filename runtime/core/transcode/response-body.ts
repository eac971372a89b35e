import type { GatewayError } from "../errors/gateway-error.js";

/** An HTTP body, or a part of one. */
export interface ResponseBody {
  readonly contentType: string;
  readonly bytes: Buffer;
  /** What is to be told of the body, though not to its client: it has messages that could not be read. */
  readonly flaw?: GatewayError | undefined;
}

/** A body that is made in parts; `undefined` where there is none yet. */
export interface SlicedBody {
  readonly contentType: string;
  readonly slices: Iterator<Buffer | undefined, void>;
}
