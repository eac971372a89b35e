import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { TEST_CHANNEL } from "../../core/transport/channels.js";

const CLI = fileURLToPath(new URL("../../../runtime/etcd/command/cli.ts", import.meta.url));

/** The end of a run of the command. */
export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `etcd-gateway` command. By default it runs from its sources. */
export class CommandProcess {
  readonly #child: ChildProcess;
  readonly #ending: Promise<Ending>;
  readonly #firstLine: Promise<string>;
  readonly #errors: () => string;

  /**
   * @param nodeArgs further arguments of Node.js
   * @param built the file of a built command, to run that instead
   * @param env further environment variables
   */
  constructor(
    args: readonly string[],
    nodeArgs: readonly string[] = [],
    built?: string,
    env: Readonly<Record<string, string>> = {},
  ) {
    const program = built === undefined ? ["--conditions=@etcd-gateway/source", "--import", "tsx"] : [];
    // If a flag is repeated, the last one counts.
    const channel = args.includes("--listen") ? ["--channel", TEST_CHANNEL] : [];
    this.#child = spawn(process.execPath, [...program, ...nodeArgs, built ?? CLI, ...channel, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error("the command has no output");
    const output = collect(stdout);
    const errors = collect(stderr);
    this.#errors = errors;
    this.#ending = once(this.#child, "close").then(([code]) => ({
      code: typeof code === "number" ? code : null,
      stdout: output(),
      stderr: errors(),
    }));
    this.#firstLine = once(createInterface(stdout), "line").then(([line]) => String(line));
  }

  /** Stops reading standard error, and closes the pipe. */
  closeErrors(): void {
    this.#child.stderr?.destroy();
  }

  /** The process id. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves with the URL when the command serves. Rejects with its output if it ends before. */
  async url(): Promise<string> {
    const line = await Promise.race([
      this.#firstLine,
      this.#ending.then((ending) => Promise.reject(new Error(`the command ended: ${JSON.stringify(ending)}`))),
    ]);
    const url = /^etcd-gateway listening on (https?:\/\/\S+:\d+)$/.exec(line)?.[1];
    if (url === undefined) throw new Error(`unexpected first line ${JSON.stringify(line)}`);
    return url;
  }

  /** Resolves with the match when its standard error matches a pattern. Rejects if it ends before. */
  async told(pattern: RegExp): Promise<RegExpExecArray> {
    const { stderr } = this.#child;
    if (stderr === null) throw new Error("the command has no output");
    const ended = this.#ending.then(() => true);
    for (let isOver = false; ; ) {
      const match = pattern.exec(this.#errors());
      if (match !== null) return match;
      if (isOver) throw new Error(`the command ended without ${pattern}: ${this.#errors()}`);
      isOver = await Promise.race([once(stderr, "data").then(() => false), ended]);
    }
  }

  /** Sends it a signal without waiting. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends it a signal and waits for its end. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ending> {
    if (this.#child.exitCode === null) this.#child.kill(signal);
    return this.#ending;
  }

  /** Waits for its end. */
  ended(): Promise<Ending> {
    return this.#ending;
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    text += chunk;
  });
  return () => text;
}
