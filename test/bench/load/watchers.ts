import type { EtcdServer } from "../../etcd-server/server.js";
import { builtProgram } from "../build.js";
import type { Lab } from "../lab.js";

/** Watches to open. */
export interface Watches {
  readonly url: string;
  readonly key: string;
  readonly watchers: number;
  /** The `Accept` header: which framing is wanted. */
  readonly accept?: string;
  /** Keep the revisions of all events, so that `await` can compare them with those of the writes. */
  readonly verify?: boolean;
}

/** Writes of one key: so many at once, or one after the other, so many a second. */
export type Writes = { readonly key: string; readonly size: number; readonly puts: number } & (
  | { readonly atOnce: number }
  | { readonly perSecond: number }
);

/** A process that watches over HTTP, and writes what is watched straight to etcd. */
export class Watchers {
  readonly pid: number;
  readonly #url: string;

  private constructor(pid: number, url: string) {
    this.pid = pid;
    this.#url = url;
  }

  static async start(lab: Lab, etcd: EtcdServer): Promise<Watchers> {
    const { pid, url } = await lab.children.serve(process.execPath, [builtProgram("watchers"), etcd.endpoint]);
    return new Watchers(pid, url);
  }

  /** Opens watches; resolves when all are created. */
  async open(watches: Watches): Promise<void> {
    await this.#do("open", watches);
  }

  /** Writes; resolves when all is written. */
  async put(writes: Writes): Promise<void> {
    await this.#do("put", writes);
  }

  /** Waits until every watch has had the events of all writes since it was opened. @throws Error if they are not those. */
  async awaitEvents(): Promise<void> {
    await this.#do("await");
  }

  /** Reads nothing more. */
  async pause(): Promise<void> {
    await this.#do("pause");
  }

  /** Reads on. */
  async resume(): Promise<void> {
    await this.#do("resume");
  }

  /** Opens connections that get one answer each, to a range request, and stay. */
  async connect(url: string, body: string, connections: number): Promise<void> {
    await this.#do("connect", { url, body, connections });
  }

  /** Closes all watches and connections. */
  async close(): Promise<void> {
    await this.#do("close");
  }

  async #do(command: string, parameters: object = {}): Promise<void> {
    const response = await fetch(this.#url, { method: "POST", body: JSON.stringify({ do: command, ...parameters }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${command} ${JSON.stringify(parameters).slice(0, 200)}: ${text}`);
  }
}
