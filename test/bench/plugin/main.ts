// Measures the plugin alone, started as a compiler does it: npm run bench:plugin
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { bufExecutable } from "../../../generator/regenerate/buf.js";
import { LARGE_SIZE, protoTree, TEMPORAL_SIZE, type TreeSize } from "./proto-tree.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PLUGIN = path.join(ROOT, "generator/plugin/dist/protoc-gen-express-gateway.js");
const REPORT = new URL("./report-usage.mjs", import.meta.url);
const PARAMETER = "messages=messages,openapi=openapi.json";
const ROUNDS = 5;

interface Goal {
  readonly name: string;
  readonly size: TreeSize;
  readonly seconds: number;
  readonly mebibytes?: number;
}

const GOALS: readonly Goal[] = [
  { name: "Temporal's size", size: TEMPORAL_SIZE, seconds: 3, mebibytes: 200 },
  { name: "2,000 messages", size: LARGE_SIZE, seconds: 6 },
];

interface Run {
  readonly seconds: number;
  /** CPU time, which depends less on the load of the machine. */
  readonly processorSeconds: number;
  readonly mebibytes: number;
  readonly files: number;
}

for (const { name, size, seconds, mebibytes } of GOALS) {
  const request = requestOf(protoTree(size));
  const runs: Run[] = [];
  for (let round = 0; round < ROUNDS; round++) runs.push(await run(request));
  const [best] = runs.sort((a, b) => a.seconds - b.seconds);
  const median = runs[Math.floor(ROUNDS / 2)];
  if (best === undefined || median === undefined) throw new Error("nothing was measured");
  const memory = Math.max(...runs.map((each) => each.mebibytes));
  const goal = `goal ${seconds} s${mebibytes === undefined ? "" : `, ${mebibytes} MiB`}`;
  const { files, messages, rpcs, bindings } = size;
  console.log(
    `${name}: ${files} files, ${messages} messages, ${rpcs} rpcs, ${bindings} bindings -> ${best.files} files`,
  );
  console.log(
    `  ${median.seconds.toFixed(2)} s (best ${best.seconds.toFixed(2)}, of the processor ` +
      `${best.processorSeconds.toFixed(2)}), ${memory.toFixed(0)} MiB at most; ${goal}`,
  );
}

/** Makes the request that a compiler would send for these files. */
function requestOf(protos: ReadonlyMap<string, string>): Uint8Array {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-plugin-"));
  try {
    cpSync(path.join(ROOT, "proto/google"), path.join(folder, "google"), { recursive: true });
    for (const [name, text] of protos) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const image = path.join(folder, "image.binpb");
    execFileSync(bufExecutable(), ["build", folder, "-o", image]);
    const { file } = fromBinary(FileDescriptorSetSchema, readFileSync(image));
    const request = { parameter: PARAMETER, protoFile: file, fileToGenerate: [...protos.keys()] };
    return toBinary(CodeGeneratorRequestSchema, create(CodeGeneratorRequestSchema, request));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the plugin once. */
async function run(request: Uint8Array): Promise<Run> {
  const started = performance.now();
  const child = spawn(process.execPath, ["--import", REPORT.href, PLUGIN], { stdio: "pipe" });
  const output: Buffer[] = [];
  let notes = "";
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    notes += String(chunk);
  });
  child.stdin.end(request);
  await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  const seconds = (performance.now() - started) / 1000;
  const { error, file } = fromBinary(CodeGeneratorResponseSchema, Buffer.concat(output));
  const [, memory, processor] = /^took (\d+) (\d+)$/m.exec(notes) ?? [];
  if (error !== "" || file.length === 0 || memory === undefined) throw new Error(`the plugin failed: ${error}${notes}`);
  return { seconds, processorSeconds: Number(processor) / 1e6, mebibytes: Number(memory) / 1024, files: file.length };
}
