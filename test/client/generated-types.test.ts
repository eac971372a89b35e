import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runBuf } from "../../generator/regenerate/buf.js";
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

test("the client for every type and kind of rpc compiles with the strictest settings, for browsers too", async (t) => {
  // Inside the repository, so that packages are found.
  await mkdir(path.join(ROOT, ".cache"), { recursive: true });
  const folder = await mkdtemp(path.join(ROOT, ".cache/client-types-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(path.join(folder, "proto"));
  await writeFile(path.join(folder, "proto/every.proto"), EVERY_TYPE);
  await cp(path.join(ROOT, "proto/google"), path.join(folder, "proto/google"), { recursive: true });
  const template = {
    version: "v2",
    plugins: [
      {
        local: ["node", "node_modules/ts-proto/protoc-gen-ts_proto"],
        out: "generated/messages",
        strategy: "all",
        include_imports: true,
        include_wkt: true,
        opt: OPTIONS,
      },
      {
        local: ["node", "--import", "tsx", "generator/plugin/protoc-gen-express-gateway.ts"],
        out: "generated",
        strategy: "all",
        opt: ["messages=messages", "outputs=none", "client=client.ts"],
      },
    ],
  };
  const protos = path.join(folder, "proto");
  await runBuf(["generate", protos, "--template", JSON.stringify(template), "--output", folder], ROOT);
  await writeFile(path.join(folder, "generated/user.ts"), USER);
  for (const compilerOptions of [{ types: ["node"] }, { types: [], lib: ["ES2022", "DOM", "DOM.AsyncIterable"] }]) {
    const config = {
      extends: "../../tsconfig.base.json",
      compilerOptions: {
        rootDir: "../..",
        noEmit: true,
        composite: false,
        incremental: false,
        declarationMap: false,
        customConditions: ["@etcd-gateway/source"],
        ...compilerOptions,
      },
      include: ["generated"],
    };
    await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", folder]).catch((error: unknown) =>
      assert.fail(error instanceof Error && "stdout" in error ? String(error.stdout) : String(error)),
    );
    assert.equal(stdout, "");
  }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(ROOT, "node_modules/@biomejs/biome/bin/biome"), "format", "--vcs-enabled=false", "generated/client.ts"],
    { cwd: folder },
  ).catch((error: unknown) => assert.fail(String(Object(error).stdout) + String(Object(error).stderr)));
  assert.match(stdout, /No fixes applied/);
});
