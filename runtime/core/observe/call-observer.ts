import type { IncomingMessage } from "node:http";
import type { EndpointStatus, Metadata } from "../transport/transport.js";
import type { CallRecord } from "./call-record.js";

/** What an observer can ask a gateway at any time. */
export interface ObservedGateway {
  /** The endpoints, if the transport tells of them. */
  endpoints(): readonly EndpointStatus[];
}

/**
 * Hears of all calls of a gateway, those too that it refuses. `onStart` and `onEnd` are called once each, in this order.
 *
 * What an observer throws, or rejects with if it is async, is a warning of the process, once for each observer, and changes
 * nothing for the client.
 */
export interface CallObserver {
  /** A gateway is made, and has this observer. */
  onGateway?(gateway: ObservedGateway): void;
  /** A call begins. A pipelined request begins when those before it are answered. */
  onStart?(call: CallRecord, req: IncomingMessage): void;
  /**
   * The gateway is about to call a server, with this metadata. What it gives is sent in its place; entries that cannot
   * travel are left out.
   */
  onBackendCall?(call: CallRecord, req: IncomingMessage, metadata: Metadata): Metadata | undefined;
  /** A call is over: the response has been handed to the system, or the client is gone. */
  onEnd?(call: CallRecord, req: IncomingMessage): void;
}
