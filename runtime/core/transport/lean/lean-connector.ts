import type { Connector, ConnectorOptions } from "../endpoints/connector.js";
import { Addresses } from "./addresses.js";
import { LeanConnection } from "./lean-connection.js";

/** Creates the connector of the lean channel, which does without grpc-js. */
export function leanConnector(options: ConnectorOptions): Connector {
  const addresses = new Addresses();
  return { name: options.name, open: (traffic, onReady) => new LeanConnection(options, addresses, traffic, onReady) };
}
