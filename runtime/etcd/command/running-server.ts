import type { Renewable } from "./reload/reload.js";

/** A running server. */
export interface RunningServer extends Renewable {
  /** The URL, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Drains and closes the server: see `closeServer`. Resolves when everything is closed. */
  close(): Promise<void>;
}
