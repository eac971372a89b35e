import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Project, ts } from "ts-morph";

/** What an editor shows of the last name of an expression. */
function wordsOf(expression: string, imported: string): string {
  const file = fileURLToPath(new URL("editor.ts", import.meta.url));
  const project = new Project({
    tsConfigFilePath: fileURLToPath(new URL("../../tsconfig.json", import.meta.url)),
    skipAddingFilesFromTsConfig: true,
  });
  const text = `${imported}\n${expression}`;
  project.createSourceFile(file, text);
  const info = project.getLanguageService().compilerObject.getQuickInfoAtPosition(file, text.length - 1);
  return ts.displayPartsToString(info?.documentation);
}

test("an editor shows the proto's words of an rpc, at a service and at a client", () => {
  const gateway = `import type { EtcdGateway } from "../../../runtime/etcd/index.js";\ndeclare const gateway: EtcdGateway;`;
  assert.match(wordsOf("gateway.client.kv.range", gateway), /^Gets a key or a range of keys/);
  assert.match(wordsOf("kv.rpcs.range", 'import { kv } from "../../../generated/index.js";'), /^Gets a key or a range/);
});

test("an editor shows them without ts-proto's definitions, too", () => {
  const library = 'import { library } from "../../generator/plugin/golden/kitchen-sink/library.gateway.js";';
  assert.match(wordsOf("library.rpcs.updateBook", library), /^Changes a book\..*UpdateBook`: `PATCH /s);
});
