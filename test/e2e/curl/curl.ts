import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { findOnPath } from "../../etcd-server/obtain/path-lookup.js";

/** A running curl command. */
export class Curl {
  readonly #output: Readable;
  readonly #lines: AsyncIterator<string>;
  readonly #stop: () => void;

  private constructor(output: Readable, stop: () => void) {
    this.#output = output;
    this.#lines = createInterface({ input: output })[Symbol.asyncIterator]();
    this.#stop = stop;
  }

  /**
   * Runs a command line that begins with `curl`, like a shell. If curl is not installed, node:http sends the same
   * request. It supports only the options that the documentation uses.
   */
  static async run(line: string): Promise<Curl> {
    if ((await findOnPath("curl")) === undefined) {
      const [, url = "", body = ""] = /^curl (?:-[LN] )*(\S+) (?:-X POST )?-d '(.*)'$/.exec(line) ?? [];
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      const outgoing = request(url, { method: "POST", agent: false, headers }).end(body);
      const [response] = await once(outgoing, "response");
      return new Curl(response, () => outgoing.destroy());
    }
    // -s: no progress. exec: the shell becomes curl, so that signals reach it.
    const child = spawn("sh", ["-c", line.replace(/^curl /, "exec curl -sS ")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    return new Curl(child.stdout, () => child.kill());
  }

  /** Returns the next line of the response; `undefined` at its end. */
  async next(): Promise<string | undefined> {
    const { done, value } = await this.#lines.next();
    return done === true ? undefined : value;
  }

  /** Returns the rest of the response. */
  async text(): Promise<string> {
    const lines: string[] = [];
    for (let line = await this.next(); line !== undefined; line = await this.next()) lines.push(line);
    return lines.join("\n");
  }

  /** Interrupts the command. */
  async stop(): Promise<void> {
    const closed = once(this.#output, "close");
    this.#stop();
    await closed;
  }
}
