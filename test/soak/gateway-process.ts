import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ChannelKind } from "../../runtime/core/transport/transport-options.js";
import { at } from "../http/etcd-json.js";

/** What a gateway's process uses. */
export interface Resources {
  /** The open connections of clients. */
  readonly connections: number;
  /** The open file descriptors. 0 on systems without `/proc`. */
  readonly files: number;
  /** The heap after a garbage collection, in bytes. */
  readonly heap: number;
}

/** A gateway in a process of its own. */
export class GatewayProcess {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(channel: ChannelKind, endpoints: readonly string[]): Promise<GatewayProcess> {
    const child = fork(fileURLToPath(new URL("gateway-program.ts", import.meta.url)), [channel, ...endpoints], {
      execArgv: ["--conditions=@etcd-gateway/source", "--import", "tsx"],
    });
    const [ready] = await once(child, "message");
    return new GatewayProcess(child, String(at(ready, "url")));
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  async resources(): Promise<Resources> {
    assert.ok(this.#child.connected, "the gateway's process has ended");
    const message = once(this.#child, "message");
    this.#child.send("resources");
    const [resources] = await message;
    return {
      connections: Number(at(resources, "connections")),
      files: Number(at(resources, "files")),
      heap: Number(at(resources, "heap")),
    };
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}
