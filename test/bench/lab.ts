import { obtainEtcd } from "../etcd-server/obtain/obtain.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import type { Contender, RunningContender } from "./contenders/contender.js";
import { Children } from "./machine/children.js";

/** The scope of a run. */
export type Mode = "full" | "quick";

/** The etcd version that is measured: the one that most clusters run. */
const ETCD_VERSION = "3.5";

/** Fast writes create a large store, and etcd rejects writes to a store over its quota. */
const ETCD_FLAGS = ["--quota-backend-bytes=8589934592", "--log-level=error"];

/** Starts the processes that benchmarks measure. {@link close} ends all that are still running. */
export class Lab {
  readonly mode: Mode;
  /** The number of turns of each contender. */
  readonly rounds: number = 3;
  readonly children: Children = new Children();
  readonly #etcds = new Set<EtcdServer>();

  constructor(mode: Mode) {
    this.mode = mode;
  }

  /** Returns the choice for the run's mode. */
  pick<T>(choices: Readonly<Record<Mode, T>>): T {
    return choices[this.mode];
  }

  /** Starts a separate etcd for a benchmark, with its data in memory if the system has a file system there. */
  async startEtcd(): Promise<EtcdServer> {
    const etcd = await startEtcd({ version: ETCD_VERSION, args: ETCD_FLAGS });
    this.#etcds.add(etcd);
    return etcd;
  }

  /** Returns the exact version of the etcd that is measured. */
  async etcdVersion(): Promise<string> {
    const { version } = await obtainEtcd({ version: ETCD_VERSION });
    return version;
  }

  /** Starts contenders in front of an etcd. */
  start(contenders: readonly Contender[], etcd: EtcdServer): Promise<readonly RunningContender[]> {
    return Promise.all(
      contenders.map(({ name, start }) => start(this.children, etcd).then((server) => ({ name, ...server }))),
    );
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    await this.children.close();
    await Promise.all([...this.#etcds].map((etcd) => etcd.stop()));
    this.#etcds.clear();
  }
}
