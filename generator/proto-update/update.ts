import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { downloadTree, tagOf } from "./tree/download.js";
import { folderTree, type SourceTree } from "./tree/source-tree.js";
import { UpdateError } from "./update-error.js";
import { updateProto } from "./update-proto.js";

const USAGE = `Replaces the protos of etcd's API in proto/ with those of an etcd source tree, and reports the changes.

  npm run proto:update -- --from DIR        from a source tree of etcd 3.1 or later
  npm run proto:update -- --version v3.7.1  from the source archive of that tag, downloaded from GitHub

  --proto DIR  the proto folder to update (default: this project's)
  --help       prints this text
`;

const OPTIONS = {
  from: { type: "string" },
  version: { type: "string" },
  proto: { type: "string", default: fileURLToPath(new URL("../../proto", import.meta.url)) },
  help: { type: "boolean", default: false },
} as const;

interface Flags {
  readonly from?: string;
  readonly version?: string;
  readonly proto: string;
  readonly help: boolean;
}

/** The error for invalid flags. */
class UsageError extends Error {}

process.exitCode = await main(process.argv.slice(2));

/**
 * Runs the command.
 *
 * @returns The exit status: 0, 1 if the update failed, or 2 if the flags are invalid.
 */
async function main(args: string[]): Promise<number> {
  try {
    const flags = readFlags(args);
    if (flags.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const report = await updateProto(fromWhereCalled(flags.proto), await openTree(flags));
    process.stdout.write(`${report}\nNext: npm run generate\n`);
    return 0;
  } catch (error) {
    if (error instanceof UsageError || error instanceof UpdateError || isSystemError(error)) {
      process.stderr.write(`proto:update: ${error.message}\n`);
      return error instanceof UsageError ? 2 : 1;
    }
    throw error;
  }
}

/** Whether the file system reported the error, for example because the proto folder is not writable. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}

function readFlags(args: string[]): Flags {
  const flags = parse(args);
  if (!flags.help && (flags.from === undefined) === (flags.version === undefined)) {
    throw new UsageError("expected either --from DIR or --version TAG; see --help");
  }
  return flags;
}

function parse(args: string[]): Flags {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; see --help`);
  }
}

async function openTree(flags: Flags): Promise<SourceTree> {
  if (flags.version === undefined) {
    return folderTree(fromWhereCalled(flags.from ?? "."));
  }
  const tag = tagOf(flags.version);
  if (tag === undefined) {
    throw new UsageError(`invalid --version ${flags.version}: expected a version such as v3.7.1`);
  }
  return downloadTree(tag);
}

/**
 * Resolves a path that is relative to the folder in which the user called npm. npm runs scripts in the project's root.
 */
function fromWhereCalled(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? ".", path);
}
