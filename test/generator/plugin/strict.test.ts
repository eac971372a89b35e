import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { assertCompiles, generate, writeStrictSettings } from "../generated-code.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** What code that uses the output may say, and what it may not. */
const USER = `import { type Book, type GetBookRequest, library, services } from "./index.js";

const request: GetBookRequest = library.rpcs.getBook.method.requestDeserialize(Buffer.alloc(0));
const response: Book = library.rpcs.getBook.method.responseDeserialize(Buffer.alloc(0));
// @ts-expect-error a book is no request for one
library.rpcs.getBook.method.requestSerialize({ books: [] });
// @ts-expect-error there is no such RPC
library.rpcs.getBok;
// @ts-expect-error a service is not to be changed
library.rpcs.getBook.bindings = [];

export const names: readonly string[] = Object.values(services).map((service) => service.name);
export const bytes: readonly Buffer[] = [
  library.rpcs.getBook.method.requestSerialize(request),
  library.rpcs.getBook.method.responseSerialize(response),
];
`;

describe("the output for every kind of RPC and for awkward names, with ts-proto's", () => {
  let folder: string;
  before(async () => {
    // Inside the repository, so that packages are found.
    await mkdir(path.join(ROOT, ".cache"), { recursive: true });
    folder = await mkdtemp(path.join(ROOT, ".cache/strict-"));
    await mkdir(path.join(folder, "proto"));
    await cp(new URL("golden/kitchen-sink/input.proto", import.meta.url), path.join(folder, "proto/library.proto"));
    await cp(new URL("awkward-names/input.proto", import.meta.url), path.join(folder, "proto/awkward.proto"));
    await cp(path.join(ROOT, "test/trees/client-names/proto"), path.join(folder, "proto"), { recursive: true });
    await cp(path.join(ROOT, "proto/google"), path.join(folder, "proto/google"), { recursive: true });
    // With the form of ts-proto for the well-known types that the protos import.
    await generate(path.join(folder, "proto"), folder, {
      tsProto: await tsProtoOptions(),
      plugin: ["messages=messages", "definitions=ts-proto", "client=client.ts"],
    });
    await writeFile(path.join(folder, "generated/user.ts"), USER);
    await writeStrictSettings(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("compiles with the strictest settings, and its types say what they should", async () => {
    await assertCompiles(folder);
  });
});

/** Returns the options of ts-proto in the project's own template. */
async function tsProtoOptions(): Promise<readonly string[]> {
  const own = await readFile(path.join(ROOT, "buf.gen.yaml"), "utf8");
  const [tsProto = "", ours = ""] = own.split("out: generated/messages")[1]?.split("- local:") ?? [];
  const messages = [...tsProto.matchAll(/^ +- (.+=.+)$/gm)].map(([, option = ""]) => option);
  assert.ok(messages.length > 5 && ours.includes("messages=messages"), "buf.gen.yaml has both plugins, ts-proto first");
  return messages;
}
