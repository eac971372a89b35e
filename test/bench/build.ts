import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Children } from "./machine/children.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
/** The folder for built programs and the results of the last run. */
export const HOME: string = join(PROJECT, ".cache", "bench");

/**
 * ts-proto with its JSON and its grpc-js clients. etcd's JSON needs exact 64-bit integers, and names as in the proto.
 */
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

/** The URL of ts-proto's module for etcd's rpc.proto, which the naive design uses. */
export const naiveMessages: string = pathToFileURL(join(HOME, "messages", "etcd/api/etcdserverpb/rpc.js")).href;

/** Returns the file of a program of programs/ after the build. */
export function builtProgram(name: string): string {
  return join(HOME, "programs", `${name}.js`);
}

/** The file of the command, as users run it. */
export const command: string = join(PROJECT, "dist", "runtime", "etcd", "command", "cli.js");

/**
 * Compiles the programs of programs/ into plain JavaScript that uses the built packages. The benchmarks must measure
 * what users run, without a loader that compiles sources at run time.
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
