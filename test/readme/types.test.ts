import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { snippets } from "./run/snippets.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Pages whose TypeScript is that of an app with a gateway. */
const PAGES = [
  "README.md",
  "runtime/core/README.md",
  "runtime/client/README.md",
  "docs/http-client.md",
  "docs/mounting.md",
  "docs/access.md",
  "docs/responses.md",
  "docs/parity.md",
  "docs/api-descriptions.md",
  "docs/interceptors.md",
  "docs/faq.md",
  "docs/observability.md",
];

/** Pages whose TypeScript is one program. */
const PROGRAMS = ["docs/recipes.md"];

/** What a snippet may take for granted. */
const GIVEN: readonly (readonly [name: string, declaration: string])[] = [
  ["app", 'declare const app: import("express").Express;'],
  ["server", 'declare const server: import("node:http").Server;'],
  ["gateway", 'declare const gateway: import("etcd-gateway").EtcdGateway;'],
  ["client", 'declare const client: import("etcd-gateway").EtcdGateway["client"];'],
  ["endpoints", "declare const endpoints: readonly string[];"],
  ["etcdGateway", 'import { etcdGateway } from "etcd-gateway";'],
];

/** The snippet as a module. */
function moduleOf(snippet: string): string {
  const missing = GIVEN.filter(([name]) => {
    const declared = new RegExp(`^ *(const|import)\\b[^=(;"]*\\b${name}\\b`, "m");
    return new RegExp(`\\b${name}\\b`).test(snippet) && !declared.test(snippet);
  });
  return [...missing.map(([, declaration]) => declaration), snippet, "export {};"].join("\n");
}

test("the TypeScript in the documentation passes the strictest checks", async () => {
  // Only inside this package can a module import the package by its name.
  mkdirSync(`${ROOT}.cache`, { recursive: true });
  const folder = mkdtempSync(`${ROOT}.cache/snippets-`);
  try {
    for (const page of PAGES) {
      for (const [i, snippet] of snippets(page, "ts").entries()) {
        writeFileSync(
          `${folder}/${page.replaceAll(/\W/g, "-")}-${i + 1}.ts`,
          moduleOf(
            snippet
              .replace("./generated/index.js", "etcd-gateway/generated")
              .replace("./generated/client.js", "../../examples/bookstore/generated/client.js"),
          ),
        );
      }
    }
    for (const page of PROGRAMS) {
      writeFileSync(`${folder}/${page.replaceAll(/\W/g, "-")}.ts`, snippets(page, "ts").join("\n"));
    }
    const compilerOptions = { rootDir: "../..", noUnusedLocals: false };
    const config = { extends: "../../test/tsconfig.json", compilerOptions, include: ["."] };
    writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config));
    const tsc = `${ROOT}node_modules/typescript/bin/tsc`;
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", folder]).catch((error) => error);
    assert.equal(stdout, "");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
