import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "../api/description.js";
import type { Etcd } from "./bundled-client.js";
import type { Config } from "./config.js";
import type { Exposure } from "./exposure.js";

/** The objects that all parts of the page use. */
export interface App {
  readonly config: Config;
  readonly api: Api;
  readonly etcd: Etcd;
  readonly exposure: Exposure;
}

/** Gives the page's components the {@link App}. */
export const AppContext = createContext<App | undefined>(undefined);

/** Returns the {@link App} around a component. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("there is no app around this component");
  return app;
}
