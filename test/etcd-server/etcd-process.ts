import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { guard } from "./guard.js";

/** The length of a server's log that is kept, in characters. */
const logKept = 16_384;

/** The options of {@link EtcdProcess.start}. */
export interface EtcdCommand {
  /** The etcd executable. */
  readonly path: string;
  readonly args: readonly string[];
  /** The server's working folder. It is removed if this process dies before the server does. */
  readonly folder: string;
  /** The URL of the server's health endpoint over plain HTTP, for example `http://127.0.0.1:8081/health`. */
  readonly healthUrl: string;
  /** The maximum time until the server is healthy, in milliseconds. The default is 90,000. */
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
      // A separate process group, so that Ctrl-C reaches only this process. This process ends the server after all that
      // uses it.
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
    // A running server does not keep this process alive. When this process ends, the guard ends the server.
    this.#child.unref();
  }

  /**
   * Starts a server and waits until it is healthy. A member of a cluster is healthy when it knows a leader.
   *
   * @throws Error with the end of the server's log, if the server ends or is not healthy in time
   */
  static async start(command: EtcdCommand): Promise<EtcdProcess> {
    const started = new EtcdProcess(command);
    const deadline = Date.now() + (command.startTimeout ?? 90_000);
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

  /** Whether the server's process exists. It can be stopped (SIGSTOP). */
  get isRunning(): boolean {
    const { pid, exitCode, signalCode } = this.#child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** The end of the server's output. */
  get log(): string {
    return this.#log;
  }

  /** Sends a signal. If the signal ends the server, waits for the end. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning) return;
    const ends = signal === "SIGKILL" || signal === "SIGTERM" || signal === "SIGINT";
    const ended = ends ? this.ended() : undefined;
    this.#child.kill(signal);
    await ended;
  }

  /** Resolves when the server ends for any reason. Keeps this process alive until then. */
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

/** The environment without the variables that etcd reads as flags. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith("ETCD_"));
  // etcd 3.4 runs on ARM only with this variable.
  return { ...Object.fromEntries(entries), ...(process.arch === "arm64" ? { ETCD_UNSUPPORTED_ARCH: "arm64" } : {}) };
}

function isHealthy(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy(new Error("no response")));
    request.on("error", () => resolve(false));
  });
}
