import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { assertCompiles, generate, writeStrictSettings } from "../generator/generated-code.js";
import { EVERY_TYPE } from "./every-type.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What code that uses the client may say, and what it may not. */
const USER = `import { createChannel } from "@etcd-gateway/client";
import { type Everything, createClient } from "./client.js";

export async function use(): Promise<void> {
  const { every } = createClient(createChannel({ baseUrl: "http://127.0.0.1:1" }));
  const whole: Everything = await every.whole({ f_int64: 5n, f_bytes: "text", by_int64: new Map([[1n, {}]]) });
  const text: string = await every.text("a");
  const number: bigint = await every.number(1n);
  const json = await every.json({ a: [1, null, { b: "c" }] });
  const { any } = await every.pack({ any: { "@type": "type.googleapis.com/every.v1.Node", name: "x" } });
  const type: string | undefined = any?.["@type"];
  const { time } = await every.whole({ time: { seconds: 1n }, struct: { a: 1 }, mask: ["a.b"], int64_value: 2n });
  const seconds: bigint | undefined = time?.seconds;
  const gathered: { readonly name: string } = await every.gather({ requests: [{ name: "x" }] });
  // @ts-expect-error a timestamp is no Date
  await every.whole({ time: new Date() });
  // @ts-expect-error a number is no int64
  await every.whole({ f_int64: 5 });
  // @ts-expect-error no such member
  await every.whole({ choice: { $case: "chosen", value: 1n } });
  // @ts-expect-error the value is of another member
  await every.whole({ choice: { $case: "chosen_int64", value: "1" } });
  // @ts-expect-error bytes are no text here
  const bytes: string = whole.f_bytes;
  const withText = await every.whole({}, { text: true });
  const either: string | Uint8Array = withText.f_bytes;
  // @ts-expect-error text may be bytes, if it is no UTF-8
  const always: string = withText.f_bytes;
  void [whole, text, number, json, type, seconds, gathered, bytes, either, always];
}
`;

const OPTIONS = [
  "importSuffix=.js",
  "forceLong=bigint",
  "useDate=false",
  "oneof=unions-value",
  "outputServices=none",
  "snakeToCamel=false",
  "exportCommonSymbols=false",
  "enumsAsLiterals=true",
  "unrecognizedEnum=false",
  "useExactTypes=false",
  "outputJsonMethods=false",
];

test("the client for every type and kind of RPC compiles with the strictest settings, for browsers too", async (t) => {
  // Inside the repository, so that packages are found.
  await mkdir(path.join(ROOT, ".cache"), { recursive: true });
  const folder = await mkdtemp(path.join(ROOT, ".cache/client-types-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(path.join(folder, "proto"));
  await writeFile(path.join(folder, "proto/every.proto"), EVERY_TYPE);
  await cp(path.join(ROOT, "proto/google"), path.join(folder, "proto/google"), { recursive: true });
  await generate(path.join(folder, "proto"), folder, {
    tsProto: OPTIONS,
    plugin: ["messages=messages", "outputs=none", "client=client.ts"],
  });
  await writeFile(path.join(folder, "generated/user.ts"), USER);
  for (const compilerOptions of [{ types: ["node"] }, { types: [], lib: ["ES2022", "DOM", "DOM.AsyncIterable"] }]) {
    await writeStrictSettings(folder, compilerOptions);
    await assertCompiles(folder);
  }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(ROOT, "node_modules/@biomejs/biome/bin/biome"), "format", "--vcs-enabled=false", "generated/client.ts"],
    { cwd: folder },
  ).catch((error: unknown) => assert.fail(String(Object(error).stdout) + String(Object(error).stderr)));
  assert.match(stdout, /No fixes applied/);
});
