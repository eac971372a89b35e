import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Children } from "./machine/children.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
/** Where built programs, and the last results, are kept. */
export const HOME: string = join(PROJECT, ".cache", "bench");

/** ts-proto with its JSON and its grpc-js clients; etcd's JSON needs 64-bit integers whole and names as in the proto. */
const NAIVE = {
  version: "v2",
  inputs: [{ directory: join(PROJECT, "proto"), exclude_paths: [join(PROJECT, "proto", "google")] }],
  plugins: [
    {
      local: ["node", join(PROJECT, "node_modules/ts-proto/protoc-gen-ts_proto")],
      out: join(HOME, "messages-source"),
      strategy: "all",
      opt: [
        "env=node",
        "esModuleInterop=true",
        "importSuffix=.js",
        "outputServices=grpc-js",
        "forceLong=bigint",
        "oneof=unions-value",
        "snakeToCamel=false",
        "protoJsonFormat=false",
      ],
    },
  ],
};

/** The URL of the module that ts-proto has made of etcd's rpc.proto for the naive design. */
export const naiveMessages: string = pathToFileURL(join(HOME, "messages", "etcd/api/etcdserverpb/rpc.js")).href;

/** The file of a program in programs/, once it is built. */
export function builtProgram(name: string): string {
  return join(HOME, "programs", `${name}.js`);
}

/** The file of the command as users run it. */
export const command: string = join(PROJECT, "dist", "runtime", "etcd", "command", "cli.js");

/**
 * Compiles the programs of programs/ into plain JavaScript against the built packages: what is measured must be what
 * users run, without a loader that rewrites sources.
 */
export async function buildPrograms(children: Children): Promise<void> {
  await mkdir(HOME, { recursive: true });
  const npx = (...args: string[]) => children.run("npx", ["--no-install", ...args]);
  await npx("buf", "generate", "--template", JSON.stringify(NAIVE));
  const source = join(HOME, "messages-source");
  const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith(".ts"));
  await npx(
    "tsc",
    "--ignoreConfig",
    ...["--rootDir", source, "--outDir", join(HOME, "messages")],
    ...["--module", "nodenext", "--target", "es2022", "--types", "node", "--skipLibCheck"],
    ...files.map((name) => join(source, name)),
  );
  await npx("tsc", "-p", join(PROJECT, "test/bench/programs"));
}
