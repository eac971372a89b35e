import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type CodeGeneratorResponse,
  CodeGeneratorResponseSchema,
  Edition,
} from "@bufbuild/protobuf/wkt";
import { runPlugin } from "../../../generator/plugin/plugin.js";
import { VERSION } from "../../../generator/plugin/version.js";
import { makeRequest } from "./compile.js";

const PLUGIN = fileURLToPath(new URL("../../../generator/plugin/protoc-gen-express-gateway.ts", import.meta.url));

/** Runs the plugin as a compiler does: in a process of its own, with the request on its standard input. */
async function run(
  request: CodeGeneratorRequest,
): Promise<{ readonly response: CodeGeneratorResponse; readonly stderr: string; readonly code: number | null }> {
  const child = spawn(process.execPath, ["--import", "tsx", PLUGIN], { stdio: "pipe" });
  const output: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end(toBinary(CodeGeneratorRequestSchema, request));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  return { response: fromBinary(CodeGeneratorResponseSchema, Buffer.concat(output)), stderr, code };
}

const WARNED = `syntax = "proto3"; import "google/api/annotations.proto";
message M { string s = 1; }
service S { rpc R(M) returns (M) { option (google.api.http) = { get: "/v1" body: "*" }; } }`;

describe("the plugin", () => {
  it("responds with the files and what it supports; warnings go to the terminal", async () => {
    const { response, stderr, code } = await run(await makeRequest({ "a.proto": WARNED }));
    assert.equal(code, 0);
    assert.deepEqual(
      response.file.map((file) => file.name),
      ["a.codec.ts", "a.gateway.ts", "index.ts"],
    );
    assert.equal(response.error, "");
    assert.equal(response.supportedFeatures, 3n, "FEATURE_PROTO3_OPTIONAL and FEATURE_SUPPORTS_EDITIONS");
    assert.equal(response.minimumEdition, Edition.EDITION_PROTO2);
    assert.equal(response.maximumEdition, Edition.EDITION_2023);
    assert.match(stderr, /^a\.proto:3:\d+: warning: S\.R: the body of a GET request has no defined meaning.*\n$/);
  });

  it("responds with every mistake at once, options included", async () => {
    const wrong = WARNED.replace("/v1", "/{x}/{y}");
    const { response, code } = await run(await makeRequest({ "a.proto": wrong }, "nonsense=1"));
    assert.equal(code, 0, "a user's mistake is a response, not a crash");
    assert.deepEqual(response.file, []);
    const errors = response.error.split("\n");
    assert.equal(errors.length, 3);
    assert.match(errors[0] ?? "", /^unknown plugin option "nonsense"/);
    assert.match(errors[1] ?? "", /^a\.proto:3:\d+: S\.R: the path variable \{x\}: M has no field "x"/);
    assert.match(errors[2] ?? "", /^a\.proto:3:\d+: S\.R: the path variable \{y\}: M has no field "y"/);
  });

  it("writes the same for the same, to the byte", async () => {
    const input = readFileSync(new URL("golden/kitchen-sink/input.proto", import.meta.url), "utf8");
    const request = await makeRequest({ "library.proto": input });
    const files = runPlugin(request).files;
    assert.ok(files.length > 0);
    assert.deepEqual(runPlugin(request).files, files);
  });

  it("works without source information, as protoc may leave it out of imports", async () => {
    const request = await makeRequest({ "a.proto": WARNED.replace("/v1", "/{x}") });
    for (const file of request.protoFile) delete file.sourceCodeInfo;
    assert.deepEqual(runPlugin(request).errors, [
      'a.proto: S.R: the path variable {x}: M has no field "x": its fields are s',
    ]);
  });

  it("knows its version", () => {
    const manifest: unknown = JSON.parse(
      readFileSync(new URL("../../../generator/plugin/package.json", import.meta.url), "utf8"),
    );
    assert.ok(typeof manifest === "object" && manifest !== null && "version" in manifest);
    assert.equal(VERSION, manifest.version);
  });
});
