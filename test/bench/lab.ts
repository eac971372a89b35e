import { obtainEtcd } from "../etcd-server/obtain/obtain.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import type { Contender, RunningContender } from "./contenders/contender.js";
import { Children } from "./machine/children.js";

/** How thorough a run is. */
export type Mode = "full" | "quick";

/** The etcd that is measured: the version that most clusters run. */
const ETCD_VERSION = "3.5";

/** Fast writes make a large store, and one over its quota would refuse them. */
const ETCD_FLAGS = ["--quota-backend-bytes=8589934592", "--log-level=error"];

/** Where benchmarks start what they measure. All that was started is ended by {@link close}, at the latest. */
export class Lab {
  readonly mode: Mode;
  /** How often each contender has its turn. */
  readonly rounds: number = 3;
  readonly children: Children = new Children();
  readonly #etcds = new Set<EtcdServer>();

  constructor(mode: Mode) {
    this.mode = mode;
  }

  /** Picks what holds for the run's mode. */
  pick<T>(choices: Readonly<Record<Mode, T>>): T {
    return choices[this.mode];
  }

  /** Starts an etcd of its own for a benchmark, with its data in memory where the system has files there. */
  async startEtcd(): Promise<EtcdServer> {
    const etcd = await startEtcd({ version: ETCD_VERSION, args: ETCD_FLAGS });
    this.#etcds.add(etcd);
    return etcd;
  }

  /** The exact version of the etcd that is measured. */
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

  /** Ends all that was started. */
  async close(): Promise<void> {
    await this.children.close();
    await Promise.all([...this.#etcds].map((etcd) => etcd.stop()));
    this.#etcds.clear();
  }
}
