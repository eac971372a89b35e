import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const DOCUMENT = new URL("../../docs/generate.md", import.meta.url);
const TS_PROTO = fileURLToPath(new URL("../../node_modules/ts-proto/protoc-gen-ts_proto", import.meta.url));
const OURS = fileURLToPath(new URL("../../generator/plugin/protoc-gen-express-gateway.ts", import.meta.url));

/** The parts of buf's `buf.gen.yaml` that tests use. */
export interface Template {
  readonly plugins: { readonly local: string | readonly string[]; readonly opt: readonly string[] }[];
}

/** Options that a tree adds to those of the documentation. */
export interface MoreOptions {
  readonly tsProto?: readonly string[];
  readonly plugin?: readonly string[];
}

/** Reads the `buf.gen.yaml` of docs/generate.md, and adds the plugins of this repository and further options. */
export function documentedTemplate({ tsProto = [], plugin = [] }: MoreOptions): Template {
  const blocks = readFileSync(DOCUMENT, "utf8").matchAll(/^```yaml\n(.*?)^```$/gms);
  const text = [...blocks].map(([, block = ""]) => block).find((block) => block.includes("plugins:"));
  if (text === undefined) throw new Error("docs/generate.md has no buf.gen.yaml");
  const template: Template = parse(text);
  const plugins = template.plugins.map(({ local, opt, ...rest }) =>
    local === "protoc-gen-ts_proto"
      ? { ...rest, local: [process.execPath, TS_PROTO], opt: [...opt, ...tsProto] }
      : { ...rest, local: [process.execPath, "--import", "tsx/esm", OURS], opt: [...opt, ...plugin] },
  );
  return { ...template, plugins };
}
