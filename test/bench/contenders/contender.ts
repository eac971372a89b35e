import type { EtcdServer } from "../../etcd-server/server.js";
import type { Load, LoadResult } from "../load/load.js";
import type { Children } from "../machine/children.js";

/** A server of etcd's JSON API, or of a part of it. */
export interface Contender {
  readonly name: string;
  start(children: Children, etcd: EtcdServer): Promise<ContenderServer>;
}

/** A running contender. */
export interface ContenderServer {
  /** Its base URL. */
  readonly url: string;
  /** The id of its process. Absent if it is a part of etcd. */
  readonly pid?: number;
  stop?(): Promise<void>;
  /** Puts it under load, if it needs a special way to do so. */
  readonly load?: (load: Load) => Promise<LoadResult>;
}

/** A running contender with its name. */
export interface RunningContender extends ContenderServer {
  readonly name: string;
}
