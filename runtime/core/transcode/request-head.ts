import type { IncomingHttpHeaders } from "node:http";

/** The parts of a request without its body. */
export interface RequestHead {
  /** The values of the binding's path variables, in order, percent-decoded. */
  readonly variables: readonly string[];
  readonly req: { readonly url?: string | undefined; readonly headers: IncomingHttpHeaders };
}
