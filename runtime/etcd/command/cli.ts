#!/usr/bin/env node
import { VERSION } from "../version.js";
/**
 * The `etcd-gateway` command: etcd's JSON API as a server of its own. See `--help`.
 *
 * @module
 */
import { FlagError } from "./flag-error.js";
import { type Flags, parseFlags, type ServeFlags } from "./flags.js";
import { help } from "./help.js";
import { listenWarning } from "./listen-address.js";

const NAME = "etcd-gateway";

function log(line: string): void {
  process.stderr.write(`${NAME}: ${line}\n`);
}

/** Ends the process with a line for the user. */
function fail(code: 1 | 2, error: unknown): never {
  log(error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error));
  process.exit(code);
}

function flagsOf(args: readonly string[]): Flags {
  try {
    return parseFlags(args, process.env);
  } catch (error) {
    if (error instanceof FlagError) fail(2, error);
    throw error;
  }
}

async function run(flags: ServeFlags): Promise<void> {
  // What asks a daemon to read its files anew must not end it.
  process.on("SIGHUP", () => log("SIGHUP: there is nothing to reload; going on"));
  const { serve } = await import("./serve.js");
  // The gateway refuses a flag's value with a TypeError of its own; anything else is the network's doing.
  const server = await serve(flags, log).catch((error: unknown) => fail(error instanceof TypeError ? 2 : 1, error));
  const warning = listenWarning(flags.listen, Number(new URL(server.url).port));
  if (warning !== undefined) log(warning);
  process.stdout.write(`${NAME} listening on ${server.url}\n`);

  let stopping = false;
  async function stop(): Promise<void> {
    // A second signal is somebody who has waited enough.
    if (stopping) process.exit(1);
    stopping = true;
    await server.close();
    process.exit(0);
  }
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

const flags = flagsOf(process.argv.slice(2));
switch (flags.command) {
  case "help":
    process.stdout.write(help());
    break;
  case "version":
    process.stdout.write(`${NAME} ${VERSION}\n`);
    break;
  case "serve":
    await run(flags);
}
