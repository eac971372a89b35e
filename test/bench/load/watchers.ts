import type { EtcdServer } from "../../etcd-server/server.js";
import { builtProgram } from "../build.js";
import type { Lab } from "../lab.js";

/** A group of watches to open. */
export interface Watches {
  readonly url: string;
  readonly key: string;
  readonly watchers: number;
  /** The `Accept` header, which selects the framing. */
  readonly accept?: string;
  /** Records the revisions of all events, so that `awaitEvents` can compare them with those of the writes. */
  readonly verify?: boolean;
}

/** Writes of one key: a number of them at once, or one after the other at a rate per second. */
export type Writes = { readonly key: string; readonly size: number; readonly puts: number } & (
  | { readonly atOnce: number }
  | { readonly perSecond: number }
);

/** A process that watches over HTTP, and writes the watched key directly to etcd. */
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

  /** Opens watches. Resolves when all are created. */
  async open(watches: Watches): Promise<void> {
    await this.#do("open", watches);
  }

  /** Writes. Resolves when all writes are done. */
  async put(writes: Writes): Promise<void> {
    await this.#do("put", writes);
  }

  /**
   * Waits until every watch has received the events of all writes since it was opened.
   *
   * @throws Error if the events are not those of the writes
   */
  async awaitEvents(): Promise<void> {
    await this.#do("await");
  }

  /** Stops reading. */
  async pause(): Promise<void> {
    await this.#do("pause");
  }

  /** Continues to read. */
  async resume(): Promise<void> {
    await this.#do("resume");
  }

  /** Opens connections that receive one response each, to a range request, and stay open. */
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
