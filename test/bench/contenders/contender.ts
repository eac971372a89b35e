import type { EtcdServer } from "../../etcd-server/server.js";
import type { Load, LoadResult } from "../load/load.js";
import type { Children } from "../machine/children.js";

/** A server of etcd's JSON API, or of a part of it. */
export interface Contender {
  readonly name: string;
  start(children: Children, etcd: EtcdServer): Promise<ContenderServer>;
}

/** A contender that serves. */
export interface ContenderServer {
  /** Where it serves. */
  readonly url: string;
  /** Its process; none if it is a part of etcd's. */
  readonly pid?: number;
  stop?(): Promise<void>;
  /** Puts it under load in a way of its own. */
  readonly load?: (load: Load) => Promise<LoadResult>;
}

/** A contender that serves, with its name. */
export interface RunningContender extends ContenderServer {
  readonly name: string;
}
