import type { GatewayProcess } from "./gateway-process.js";
import type { Random } from "./random.js";

/** A client of the gateway, which works until the time is over. */
export interface Run {
  readonly gateway: GatewayProcess;
  /** The beginning of the keys that writers write, with a slash at the end. */
  readonly prefix: string;
  /** Distinguishes the client from others of its kind. */
  readonly name: string;
  readonly random: Random;
  /** Whether there is time left. */
  goesOn(): boolean;
}
