import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Project, ts } from "ts-morph";
import { services } from "../../../generated/index.js";
import type { Service } from "../../../runtime/core/call/rpc.js";

const IMPORTS = `
import { services } from "../../../generated/index.js";
import type { EtcdGateway } from "../../../runtime/etcd/index.js";
import type { Client } from "../../../generated/client.js";
import { library } from "../../generator/plugin/golden/kitchen-sink/library.gateway.js";
declare const gateway: EtcdGateway;
declare const http: Client;
`;

/** What the API description says of the services and of the RPCs that have an HTTP rule. */
const { tags, paths } = JSON.parse(readFileSync(new URL("../../../generated/openapi.json", import.meta.url), "utf8"));
const OPERATIONS = Object.values<object>(paths).flatMap((item) => Object.values(item));

/** What an editor shows of the last name of each expression. */
function wordsOf(expressions: readonly string[]): readonly string[] {
  const file = fileURLToPath(new URL("editor.ts", import.meta.url));
  const project = new Project({
    tsConfigFilePath: fileURLToPath(new URL("../../tsconfig.json", import.meta.url)),
    skipAddingFilesFromTsConfig: true,
  });
  const service = project.getLanguageService().compilerObject;
  let text = IMPORTS;
  const ends = expressions.map((expression) => {
    text += `${expression};\n`;
    return text.length - ";\n".length - 1;
  });
  project.createSourceFile(file, text);
  return ends.map((end) => ts.displayPartsToString(service.getQuickInfoAtPosition(file, end)?.documentation));
}

/** Words in one line, because a generated comment breaks its lines elsewhere. */
function flat(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

test("an editor shows the proto's words of every service: in the tables, at the gateway's client and at the HTTP client", () => {
  const entries = Object.entries<Service>(services);
  const words = wordsOf(entries.flatMap(([key]) => [`services.${key}`, `gateway.client.${key}`, `http.${key}`]));
  for (const [i, [, { name }]] of entries.entries()) {
    const tag = tags.find((each: { readonly name: string }) => name.endsWith(`.${each.name}`));
    const comment = String(tag?.description);
    assert.match(comment, /^[A-Z].*\.$/s, name);
    for (const shown of words.slice(i * 3, i * 3 + 3)) {
      assert.equal(flat(shown), `${flat(comment)} The service \`${name}\`.`);
    }
  }
});

test("an editor shows the proto's words of every RPC, at the same places", () => {
  const rpcs = Object.entries<Service>(services).flatMap(([service, { rpcs }]) =>
    Object.entries(rpcs).map(([key, { name }]) => ({ service, key, name })),
  );
  const words = wordsOf(
    rpcs.flatMap(({ service, key }) => [
      `services.${service}.rpcs.${key}`,
      `gateway.client.${service}.${key}`,
      `http.${service}.${key}`,
    ]),
  );
  for (const [i, { name }] of rpcs.entries()) {
    const operation = OPERATIONS.find(({ operationId }) => name.endsWith(`.${operationId.replace("_", ".")}`));
    const [table = "", client = "", http = ""] = words.slice(i * 3, i * 3 + 3);
    assert.match(table, /^[A-Z].*\.$/s, name);
    // An RPC without a rule has no operation.
    if (operation !== undefined) assert.ok(flat(table).startsWith(flat(operation.summary)), name);
    assert.equal(client, table, name);
    const [comment, routes = ""] = http.split(`\n\n\`${name}\`: `);
    assert.equal(comment, table, name);
    assert.match(routes, /^(`[A-Z]+ \/|without an HTTP rule$)/, name);
  }
});

test("an editor shows them without ts-proto's definitions, too", () => {
  const [shown = ""] = wordsOf(["library.rpcs.updateBook"]);
  assert.match(shown, /^Changes a book\..*UpdateBook`: `PATCH /s);
});
