import type { Transport } from "./transport.js";

const TRUSTED = new WeakSet<Transport>();

/** Marks a transport as one of our own, which keeps the contract of {@link Transport}. It is called without a guard. */
export function trusted<Kind extends Transport>(transport: Kind): Kind {
  TRUSTED.add(transport);
  return transport;
}

/** Whether a transport is one of our own. */
export function isTrusted(transport: Transport): boolean {
  return TRUSTED.has(transport);
}
