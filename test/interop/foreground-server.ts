import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { guard } from "../etcd-server/guard.js";

/** The time limit for a server to start listening, in milliseconds. */
const START_TIMEOUT = 30_000;

/** The time limit for a server to end, in milliseconds. */
const STOP_TIMEOUT = 5_000;

/** The command to run after its folder exists. */
export interface ForegroundCommand {
  readonly program: string;
  /** The Debian package that contains it. */
  readonly debianPackage: string;
  readonly args: readonly string[];
  /** Files to write into the folder first: content by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** A server in its own folder. It runs in the foreground as a child of this process, and never outlives it. */
export class ForegroundServer {
  /** Its address: `127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly #child: ChildProcess;
  readonly #folder: string;
  #log = "";
  #failure: Error | undefined;

  private constructor(command: ForegroundCommand, folder: string, port: number) {
    this.endpoint = `127.0.0.1:${port}`;
    this.#folder = folder;
    this.#child = spawn(command.program, command.args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const { pid } = this.#child;
    if (pid !== undefined) this.#child.once("exit", guard(pid, folder));
    this.#child.on("error", (error) => {
      this.#failure = error;
    });
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      output?.setEncoding("utf8").on("data", (text: string) => {
        this.#log = (this.#log + text).slice(-16_384);
      });
    }
  }

  /**
   * Starts a server and waits until it listens on a port of 127.0.0.1.
   *
   * @param commandIn what to run in a folder
   * @throws Error with the end of what the server wrote if it does not listen in time
   */
  static async start(port: number, commandIn: (folder: string) => ForegroundCommand): Promise<ForegroundServer> {
    const folder = await mkdtemp(join(tmpdir(), "interop-"));
    const command = commandIn(folder);
    for (const [name, text] of Object.entries(command.files)) await writeFile(join(folder, name), text);
    const server = new ForegroundServer(command, folder, port);
    const patience = Date.now() + START_TIMEOUT;
    while (!(await listens(port))) {
      if (server.#isRunning && Date.now() < patience) {
        await delay(20);
        continue;
      }
      await server.stop();
      if (server.#failure !== undefined) {
        const advice = `install Debian's package ${command.debianPackage}`;
        throw new Error(`${command.program} could not be started: ${advice}`, { cause: server.#failure });
      }
      const what = `${command.program} ${command.args.join(" ")} does not listen on port ${port}`;
      throw new Error(`${what}:\n${server.#log}`);
    }
    return server;
  }

  /** Ends the server and removes its folder. */
  async stop(): Promise<void> {
    if (this.#isRunning) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      const impatience = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT);
      await ended;
      clearTimeout(impatience);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #isRunning(): boolean {
    const { pid, exitCode, signalCode } = this.#child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
