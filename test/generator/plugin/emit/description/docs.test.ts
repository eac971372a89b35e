import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readApiSettings } from "../../../../../generator/plugin/read/api-settings-file.js";
import { Diagnostics } from "../../../../../generator/plugin/read/diagnostics.js";
import { snippets } from "../../../../readme/run/snippets.js";
import { compile } from "../../compile.js";

const PAGE = "docs/api-descriptions.md";
const ROOT = fileURLToPath(new URL("../../../../../", import.meta.url));

test("the settings in the documentation are right", async () => {
  const { model } = await compile({
    "bookstore.proto": `syntax = "proto3"; package bookstore.v1; import "google/api/annotations.proto";
      service Bookstore { rpc GetBook(Book) returns (Book) { option (google.api.http) = {get: "/v1/{name=shelves/*/books/*}"}; } }
      message Book { string name = 1; }`,
  });
  const [settings] = snippets(PAGE, "json");
  const diagnostics = new Diagnostics();
  assert.equal(readApiSettings("api.json", settings, model, diagnostics).title, "Bookstore");
  assert.deepEqual(diagnostics.list, []);
});

test("the mounting in the documentation works", async () => {
  const [mounting] = snippets(PAGE, "ts");
  const program = `import express from "express";
    const app = express();
    ${mounting}
    const server = app.listen(0, "127.0.0.1", async () => {
      const answer = await fetch("http://127.0.0.1:" + server.address().port + "/etcd/openapi.json");
      console.log((await answer.json()).servers[0].url);
      server.close();
      await gateway.close();
    });`;
  // Only inside this package can a module import the package by its name.
  mkdirSync(`${ROOT}.cache`, { recursive: true });
  const file = `${ROOT}.cache/api-descriptions-${process.pid}.ts`;
  writeFileSync(file, program);
  try {
    const flags = ["--conditions=@etcd-gateway/source", "--import", "tsx", file];
    const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: ROOT });
    assert.equal(stdout, "/etcd/v3\n");
  } finally {
    rmSync(file);
  }
});
