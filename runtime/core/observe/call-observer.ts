import type { IncomingMessage } from "node:http";
import type { EndpointStatus, Metadata } from "../transport/transport.js";
import type { CallRecord } from "./call-record.js";

/** What an observer can ask a gateway at any time. */
export interface ObservedGateway {
  /** Returns the status of each endpoint, or an empty list if the transport does not report them. */
  endpoints(): readonly EndpointStatus[];
}

/**
 * Observes all calls of a gateway, including those that the gateway rejects. `onStart` and `onEnd` are called once for
 * each call, in this order.
 *
 * If an observer throws, or rejects because it is async, the process emits a warning, once per observer. Clients are
 * not affected.
 */
export interface CallObserver {
  /** A gateway with this observer has been created. */
  onGateway?(gateway: ObservedGateway): void;
  /** A call begins. A pipelined request begins when the requests before it have their responses. */
  onStart?(call: CallRecord, req: IncomingMessage): void;
  /**
   * The gateway is about to call a server, with this metadata. Return other metadata to replace it. Entries that cannot
   * be sent are left out.
   */
  onBackendCall?(call: CallRecord, req: IncomingMessage, metadata: Metadata): Metadata | undefined;
  /** A call is over: the response has been passed to the operating system, or the client has disconnected. */
  onEnd?(call: CallRecord, req: IncomingMessage): void;
}
