// Bundles the page into dist/page/page.cjs, a module that holds the page's compressed files. A bundler that bundles the
// server includes them automatically. The module is CommonJS so that every Node.js can also `require` it.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const folder = dirname(fileURLToPath(import.meta.url));
const page = join(folder, "page");
const out = join(folder, "dist", "page");

const { outputFiles, metafile } = await build({
  entryPoints: { page: join(page, "main.tsx"), style: join(page, "style", "page.css") },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  conditions: ["@etcd-gateway/source"],
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  metafile: true,
  write: false,
  logLevel: "warning",
});

/** Returns the source text of a constant that holds a file. */
function constant(name: string, file: string, type: string, content: Uint8Array): string {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8);
  const gzip = gzipSync(content, { level: constants.Z_BEST_COMPRESSION }).toString("base64");
  const value = { name: file.replace(".", `-${hash}.`), type, gzip };
  return `exports.${name} = ${JSON.stringify(value)};\n`;
}

function output(extension: string): Uint8Array {
  const found = outputFiles.find(({ path }) => path.endsWith(extension));
  if (found === undefined) throw new Error(`the bundle has no ${extension}`);
  return found.contents;
}

/** Returns the licenses of the bundled libraries. Their terms require that they are included. */
function licences(): string {
  const packages = new Set(
    Object.keys(metafile.inputs).flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
  );
  return [...packages]
    .sort()
    .map((each) => {
      const file = readdirSync(each).find((name) => /^licen[cs]e/i.test(name));
      const { name, version, license } = JSON.parse(readFileSync(join(each, "package.json"), "utf8"));
      const text = file === undefined ? license : readFileSync(join(each, file), "utf8").trim();
      return `${name} ${version}\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

if (!existsSync(out)) mkdirSync(out, { recursive: true });
writeFileSync(
  join(out, "page.cjs"),
  constant("SCRIPT", "page.js", "text/javascript; charset=utf-8", output("page.js")) +
    constant("STYLE", "style.css", "text/css; charset=utf-8", output("style.css")) +
    constant("ICON", "icon.svg", "image/svg+xml", readFileSync(join(page, "style", "icon.svg"))),
);
writeFileSync(join(out, "licences.txt"), licences());
