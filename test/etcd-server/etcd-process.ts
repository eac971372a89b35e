import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { guard } from "./guard.js";

/** How much of the end of a server's log is kept, in characters. */
const logKept = 16_384;

/** What {@link EtcdProcess.start} starts. */
export interface EtcdCommand {
  /** The etcd executable. */
  readonly path: string;
  readonly args: readonly string[];
  /** The server's folder; it is removed if this process dies before the server does. */
  readonly folder: string;
  /** Where the server tells of its health over plain HTTP, e.g. `http://127.0.0.1:8081/health`. */
  readonly healthUrl: string;
  /** How long the server may take to become healthy, in milliseconds; 30,000 by default. */
  readonly startTimeout?: number;
}

/** An etcd server that runs as a child of this process and never outlives it. */
export class EtcdProcess {
  readonly #child: ChildProcess;
  readonly #command: EtcdCommand;
  #log = "";
  #failure: Error | undefined;

  private constructor(command: EtcdCommand) {
    this.#command = command;
    this.#child = spawn(command.path, command.args, {
      cwd: command.folder,
      env: serverEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: Ctrl-C reaches only this process, which ends what it serves before it ends the server.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    const { pid } = this.#child;
    if (pid !== undefined) this.#child.once("exit", guard(pid, command.folder));
    this.#child.on("error", (error) => {
      this.#failure = error;
    });
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      output?.setEncoding("utf8").on("data", (text: string) => {
        this.#log = (this.#log + text).slice(-logKept);
      });
      if (output instanceof Socket) output.unref();
    }
    // The server does not keep this process from ending; when it ends, the guard ends the server.
    this.#child.unref();
  }

  /**
   * Starts a server and waits until it is healthy, which a member of a cluster is once it knows a leader.
   *
   * @throws Error with the end of the server's log, if it ends instead or is not healthy in time.
   */
  static async start(command: EtcdCommand): Promise<EtcdProcess> {
    const started = new EtcdProcess(command);
    const deadline = Date.now() + (command.startTimeout ?? 30_000);
    while (!(await isHealthy(command.healthUrl))) {
      if (!started.isRunning) throw started.#error("ended before it was healthy");
      if (Date.now() > deadline) {
        await started.kill("SIGKILL");
        throw started.#error("was not healthy in time");
      }
      await delay(20);
    }
    return started;
  }

  /** The process id of the server. */
  get pid(): number {
    if (this.#child.pid === undefined) throw this.#error("could not be started");
    return this.#child.pid;
  }

  /** Whether the server has not ended; it may be stopped (SIGSTOP). */
  get isRunning(): boolean {
    const { pid, exitCode, signalCode } = this.#child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** The end of what the server has written. */
  get log(): string {
    return this.#log;
  }

  /** Sends a signal, and waits for the end of the server if the signal is one that ends it. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning) return;
    const ends = signal === "SIGKILL" || signal === "SIGTERM" || signal === "SIGINT";
    const ended = ends ? this.ended() : undefined;
    this.#child.kill(signal);
    await ended;
  }

  /** Resolves when the server ends, for whatever reason; until then this process lives. */
  async ended(): Promise<void> {
    if (!this.isRunning) return;
    this.#child.ref();
    await once(this.#child, "exit");
  }

  #error(what: string): Error {
    const message = `${this.#command.path} ${this.#command.args.join(" ")}\n${what}`;
    if (this.#failure !== undefined) return new Error(message, { cause: this.#failure });
    return new Error(`${message}; the end of its log:\n${this.#log.trimEnd()}`);
  }
}

/** The environment without the variables that etcd takes for flags. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith("ETCD_"));
  // etcd 3.4 wants to be told that it may run on ARM.
  return { ...Object.fromEntries(entries), ...(process.arch === "arm64" ? { ETCD_UNSUPPORTED_ARCH: "arm64" } : {}) };
}

function isHealthy(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", () => resolve(false));
  });
}
