#!/usr/bin/env node
/**
 * The `etcd-gateway` command: etcd's JSON API as a stand-alone server. See `--help`.
 *
 * @module
 */
import { VERSION } from "../version.js";
import { FlagError } from "./flags/flag-error.js";
import { withFlagNames } from "./flags/flag-names.js";
import { type FlagValues, flagValues, unknownVariables } from "./flags/flag-values.js";
import { type Flags, filesOf, type ProbeFlags, readFlags, type ServeFlags, serveFlags } from "./flags/flags.js";
import { help } from "./flags/help.js";
import { listenWarning } from "./flags/listen-address.js";
import { type Logger, loggerOf } from "./log/logger.js";
import { onStop } from "./on-stop.js";
import { probe } from "./probe.js";
import { Reload } from "./reload/reload.js";
import type { RunningServer } from "./running-server.js";
import { supervise } from "./workers/supervisor.js";
import { work } from "./workers/worker.js";
import { WORKER_ARGUMENT } from "./workers/worker-messages.js";
import { WorkerFailure } from "./workers/worker-slot.js";

const NAME = "etcd-gateway";

/** The log, if flags ask for one. */
let logger: Logger | undefined;

// The reader of the output may have closed it. That must not end the server.
for (const output of [process.stdout, process.stderr]) output.on("error", () => {});

function log(line: string): void {
  if (logger === undefined) process.stderr.write(`${NAME}: ${line}\n`);
  else logger.warn({}, line);
}

/** Prints a line for the user and exits. */
function fail(code: number, error: unknown): never {
  log((error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "");
  process.exit(code);
}

/**
 * Returns the exit code for an error: the code of a worker's failure, 2 for an invalid flag (for which the gateway
 * throws a `TypeError`), or 1 for other errors, such as those of the network.
 */
function exitCodeOf(error: unknown): number {
  if (error instanceof WorkerFailure) return error.code;
  return error instanceof TypeError || error instanceof FlagError ? 2 : 1;
}

/** Reads flags. If they are invalid, prints the reason and exits. */
function readOrFail<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (error instanceof FlagError) fail(2, error);
    throw error;
  }
}

async function serveHere(flags: ServeFlags): Promise<RunningServer> {
  const { serve } = await import("./serve.js");
  return serve(flags, log);
}

async function run(flags: ServeFlags, values: FlagValues): Promise<void> {
  let server: RunningServer | undefined;
  // From the start: the first process of a container ignores signals without a listener.
  onStop(
    async () => server?.close(),
    (error) => fail(1, error),
  );
  logger = loggerOf(flags.server);
  const read = (): ServeFlags => serveFlags(values);
  for (const name of unknownVariables(process.env))
    log(`unknown environment variable ${name}; see etcd-gateway --help`);
  const reload = new Reload({ files: filesOf(values), read, log });
  // SIGHUP asks a daemon to read its files again. It must not end the process, even if it arrives early.
  process.on("SIGHUP", () => reload.run("SIGHUP"));
  const starting = flags.server.workers > 1 ? supervise(flags, process.argv.slice(2), log) : serveHere(flags);
  server = await starting.catch((error: unknown) => {
    const code = exitCodeOf(error);
    fail(code, code === 2 && error instanceof Error ? withFlagNames(error.message, values) : error);
  });
  reload.attach(server);
  const isGuarded = flags.listenTls?.requestCert === true;
  const warning = isGuarded ? undefined : listenWarning(flags.listen, Number(new URL(server.url).port));
  if (warning !== undefined) log(warning);
  process.stdout.write(`${NAME} listening on ${server.url}\n`);
}

async function ask(flags: ProbeFlags): Promise<void> {
  await probe(flags).catch((error: unknown) => fail(1, error));
}

/** Runs the command. */
async function main(): Promise<void> {
  const values = readOrFail(() => flagValues(process.argv.slice(2), process.env));
  const flags: Flags = readOrFail(() => readFlags(values));
  switch (flags.command) {
    case "help":
      process.stdout.write(help());
      break;
    case "version":
      process.stdout.write(`${NAME} ${VERSION}\n`);
      break;
    case "probe":
      await ask(flags);
      break;
    case "serve":
      await run(flags, values);
  }
}

/** Serves as a worker, with flags from the first process. */
function serveAsWorker(flags: ServeFlags): Promise<RunningServer> {
  logger = loggerOf(flags.server);
  return serveHere(flags);
}

const isWorker = process.send !== undefined && process.argv[2] === WORKER_ARGUMENT;
await (isWorker ? work({ start: serveAsWorker, exitCodeOf, log }) : main());
