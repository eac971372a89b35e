import type { GatewayError } from "../errors/gateway-error.js";

/** An HTTP body, or a part of one. */
export interface ResponseBody {
  readonly contentType: string;
  readonly bytes: Buffer;
  /** A problem with the body that is reported to the app, not to the client: it has messages that could not be read. */
  readonly flaw?: GatewayError | undefined;
}

/** A body that is produced in slices; `undefined` if the next slice is not ready yet. */
export interface SlicedBody {
  readonly contentType: string;
  readonly slices: Iterator<Buffer | undefined, void>;
}
