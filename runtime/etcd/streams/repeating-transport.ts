import {
  type Call,
  type CallOptions,
  ForwardingTransport,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import { RetriedUnary } from "./retried-unary.js";

/** Repeats unary calls that a member has refused for a reason of its own. */
export function repeatingTransport(transport: Transport): Transport {
  return new RepeatingTransport(transport);
}

/** The class of {@link repeatingTransport}, for transports that do more. */
export class RepeatingTransport extends ForwardingTransport {
  override unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    const call = new RetriedUnary(this.transport, path, request, options, listener);
    call.start();
    return call;
  }
}
