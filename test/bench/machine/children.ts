import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** The length of a program's output that is kept for an error message, in characters. */
const OUTPUT_KEPT = 8_192;

/** The maximum time until a server listens, in milliseconds. */
const START_TIMEOUT = 20_000;

/** A server in a separate process. */
export interface ServerProcess {
  readonly pid: number;
  /** Its base URL, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A program that has ended. */
export interface Ended {
  /** The program's standard output. */
  readonly output: string;
}

/** The processes that a benchmark starts. All of them can be ended at any time. */
export class Children {
  readonly #running = new Set<ChildProcess>();

  /**
   * Runs a program to its end.
   *
   * @throws Error with the end of its output, if it fails
   */
  async run(command: string, args: readonly string[]): Promise<Ended> {
    const child = this.#spawn(command, args);
    const output: string[] = [];
    child.stdout?.on("data", (text: string) => output.push(text));
    const log = tail(child);
    const code = await ended(child);
    if (code !== 0) throw new Error(`${commandLine(command, args)}\nended with ${code}:\n${log()}`);
    return { output: output.join("") };
  }

  /**
   * Starts a server and waits for its line `... listening on URL`.
   *
   * @throws Error if the line does not appear in time
   */
  async serve(command: string, args: readonly string[]): Promise<ServerProcess> {
    const child = this.#spawn(command, args);
    const log = tail(child);
    const url = await listeningUrl(child).catch(async (error: Error) => {
      await this.#stop(child);
      throw new Error(`${commandLine(command, args)}\n${error.message}:\n${log()}`);
    });
    const { pid } = child;
    if (pid === undefined) throw new Error(`${command} has no process id`);
    return { pid, url, stop: () => this.#stop(child) };
  }

  /** Ends all running processes. */
  async close(): Promise<void> {
    await Promise.all([...this.#running].map((child) => this.#stop(child)));
  }

  #spawn(command: string, args: readonly string[]): ChildProcess {
    // A separate process group, so that the program's own children can be ended too.
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#running.add(child);
    child.once("exit", () => this.#running.delete(child));
    child.once("error", () => this.#running.delete(child));
    child.stdout?.setEncoding("utf8");
    child.stderr?.setEncoding("utf8");
    return child;
  }

  async #stop(child: ChildProcess): Promise<void> {
    const { pid } = child;
    if (!this.#running.has(child) || pid === undefined) return;
    const gone = ended(child);
    process.kill(-pid, "SIGKILL");
    await gone;
  }
}

function commandLine(command: string, args: readonly string[]): string {
  return [command, ...args].join(" ").slice(0, 500);
}

/** Waits until a program has ended and its output is read. Returns the exit code, or the signal. */
async function ended(child: ChildProcess): Promise<unknown> {
  const [code, signal]: unknown[] = await once(child, "close");
  return code ?? signal;
}

/** Records the end of a program's output. */
function tail(child: ChildProcess): () => string {
  let text = "";
  const add = (more: string) => {
    text = (text + more).slice(-OUTPUT_KEPT);
  };
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  return () => text.trimEnd();
}

function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error("does not listen in time")), START_TIMEOUT);
    const settle = (error?: Error) => {
      clearTimeout(timer);
      if (error !== undefined) reject(error);
    };
    child.once("error", settle);
    child.once("close", () => settle(new Error("ended before it listened")));
    child.stdout?.on("data", (more: string) => {
      text += more;
      const url = /listening on (http:\S+)\n/.exec(text)?.[1];
      if (url === undefined) return;
      settle();
      resolve(url);
    });
  });
}
