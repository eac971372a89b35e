import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = readFileSync(`${ROOT}docs/errors.md`, "utf8");

/** A text that the page has twice, with each of the words that stand in its gap. */
const TOO_MANY = /too many (requests|streams) in progress/;

const SOURCE = ["runtime/core", "runtime/etcd"]
  .flatMap((folder) => readdirSync(`${ROOT}${folder}`, { recursive: true }).map((file) => `${ROOT}${folder}/${file}`))
  .filter((file) => file.endsWith(".ts") && !file.includes("/dist/") && !file.includes("node_modules"))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

/** The texts of the page that are not the gateway's, but etcd's or Node.js's. */
const OF_OTHERS = /^(etcdserver:|connect E)/;

/** Text with `...` in place of what differs from error to error. */
function withGaps(literal: string): string {
  return literal
    .replaceAll(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, "...")
    .replaceAll(/\\(["`])/g, "$1")
    .replaceAll(/(\.\.\.){2,}/g, "...");
}

/** What the page has in the first column of its tables. */
function textsOfPage(): readonly string[] {
  const cells = [...PAGE.matchAll(/^\| ((?:[^|\\]|\\.)*) \|/gm)].map(([, cell = ""]) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text));
}

/** The texts at which the rows of a table stand, as they are ordered: without gaps at the beginning. */
function rowsOf(table: string): readonly string[] {
  return [...table.matchAll(/^\| [^`|]*`([^`]+)`/gm)].map(([, text = ""]) =>
    text.replace(/^[^a-z@]*/i, "").toLowerCase(),
  );
}

it("docs/errors.md has the rows of each table in alphabetical order", () => {
  const tables = PAGE.split(/\n{2,}/).filter((block) => block.startsWith("| text |"));
  assert.ok(tables.length > 10);
  for (const table of tables) assert.deepEqual(rowsOf(table), [...rowsOf(table)].sort());
});

it("docs/errors.md has texts that the code has", () => {
  const source = withGaps(SOURCE);
  const known = textsOfPage().filter((text) => !OF_OTHERS.test(text));
  assert.ok(known.length > 80);
  const unknown = known.filter((text) => {
    const parts = text
      .replace(TOO_MANY, "too many ... in progress")
      .replace(/mount the gateway before the app's body parsers$/, "")
      .split("...");
    // What stands behind a colon may be added elsewhere, as `warnOf` does.
    return !parts.every((part) => source.includes(part.trim().replace(/:$/, "")));
  });
  assert.deepEqual(unknown, []);
});

it("docs/errors.md has every error that the code makes of a text", () => {
  const literal =
    /(?:new GatewayError\(|super\((?=Status\.\w+, "))\s*Status\.\w+,\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;
  const made = [...SOURCE.matchAll(literal)].map(([, plain, template]) => withGaps(plain ?? template ?? ""));
  assert.ok(made.length > 40);
  const page = textsOfPage().map((text) => text.replace(TOO_MANY, "too many ... in progress").replace(/\.\.\.$/, ""));
  const missing = made
    .filter((text) => /[a-z]/.test(text))
    .filter((text) => !page.some((known) => text.startsWith(known) || known.startsWith(text.replace(/\.\.\.$/, ""))));
  assert.deepEqual([...new Set(missing)], []);
});

it("docs/errors.md has every text of a flag that is wrong", () => {
  const literal = /new FlagError\(`((?:[^`\\]|\\.)*)`/g;
  const made = [...SOURCE.matchAll(literal)].map(([, template = ""]) =>
    withGaps(template).replaceAll("... ...", "..."),
  );
  assert.ok(made.length > 8);
  // What is behind the first colon, or differs as a whole, is told by the rest.
  const told = made.filter((text) => !/^\.\.\.; see/.test(text));
  const page = textsOfPage();
  const missing = told.filter(
    (text) => !page.some((known) => text.endsWith(known.replace(/^\.\.\. /, "")) || text.startsWith(known)),
  );
  assert.deepEqual([...new Set(missing)], []);
});
