import type { EtcdServer } from "../../etcd-server/server.js";
import { builtProgram } from "../build.js";
import type { Lab } from "../lab.js";
import type { Command, Watches, Writes } from "../programs/watchers.js";

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
    await this.#do({ do: "open", ...watches });
  }

  /** Writes. Resolves when all writes are done. */
  async put(writes: Writes): Promise<void> {
    await this.#do({ do: "put", ...writes });
  }

  /**
   * Waits until every watch has received the events of all writes since it was opened.
   *
   * @throws Error if the events are not those of the writes
   */
  async awaitEvents(): Promise<void> {
    await this.#do({ do: "await" });
  }

  /** Stops reading. */
  async pause(): Promise<void> {
    await this.#do({ do: "pause" });
  }

  /** Continues to read. */
  async resume(): Promise<void> {
    await this.#do({ do: "resume" });
  }

  /** Opens connections that receive one response each, to a range request, and stay open. */
  async connect(url: string, body: string, connections: number): Promise<void> {
    await this.#do({ do: "connect", url, body, connections });
  }

  /** Closes all watches and connections. */
  async close(): Promise<void> {
    await this.#do({ do: "close" });
  }

  async #do(command: Command): Promise<void> {
    const body = JSON.stringify(command);
    const response = await fetch(this.#url, { method: "POST", body });
    const text = await response.text();
    if (!response.ok) throw new Error(`${body.slice(0, 200)}: ${text}`);
  }
}
