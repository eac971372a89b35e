import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DOCS = readdirSync(`${ROOT}docs`).filter((file) => file.endsWith(".md"));
const PAGES = ["README.md", "CHANGELOG.md", ...DOCS.map((file) => `docs/${file}`)];

/** The text of a page without its blocks of code. */
function proseOf(file: string): string {
  return readFileSync(file, "utf8").replaceAll(/^```.*?^```$/gms, "");
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(file: string): readonly string[] {
  return [...proseOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

for (const page of PAGES) {
  test(`the links of ${page} lead somewhere`, () => {
    const links = [...proseOf(`${ROOT}${page}`).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
    const broken = links.filter(([, path = "", anchor]) => {
      const target = path === "" ? `${ROOT}${page}` : resolve(dirname(`${ROOT}${page}`), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && statSync(target).isFile() && !anchorsOf(target).includes(anchor);
    });
    assert.deepEqual(
      broken.map(([link]) => link),
      [],
    );
  });
}

test("docs/README.md leads to every page of docs/", () => {
  const index = proseOf(`${ROOT}docs/README.md`);
  const missing = DOCS.filter((file) => file !== "README.md" && !index.includes(`(${file}`));
  assert.deepEqual(missing, []);
});
