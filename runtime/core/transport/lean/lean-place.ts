import type { Place } from "../endpoints/connection.js";
import type { PlaceOptions } from "../endpoints/place-options.js";
import { LeanConnection } from "./lean-connection.js";

/** Creates an endpoint that is reached over the lean channel, without grpc-js. */
export function leanPlace(options: PlaceOptions): Place {
  return { name: options.name, open: (traffic, onReady) => new LeanConnection(options, traffic, onReady) };
}
