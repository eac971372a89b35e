import type { Model } from "../model/model.js";
import type { PluginOptions } from "../options.js";
import { type Export, exportsOf } from "./exports.js";
import type { GeneratedFile } from "./generated-file.js";
import { SourceFile } from "./source-file.js";

const SERVICES = "services";

/**
 * `index.ts`, which collects the services and exports all that is generated. Of a name that several files export, the
 * first file's stays; the others get their package before it: `Member` and `MembershippbMember`.
 */
export function emitIndexFile(model: Model, options: PluginOptions): GeneratedFile {
  const exported = publicNames(model.files.flatMap((file) => exportsOf(model, file, options)));
  const source = new SourceFile(
    "index.ts",
    model.files.map((file) => file.path),
    [SERVICES],
    options,
  );
  for (const { from } of exported) source.exportAll(from);
  for (const each of exported) {
    if (each.ambiguous) source.exportName(each.name, each.as, each.from, each.typeOnly);
  }
  source.add(
    servicesStatement(
      exported.filter(({ service }) => service),
      source,
    ),
  );
  return source.build();
}

function servicesStatement(services: readonly PublicName[], source: SourceFile): string {
  const members = services.map(({ as, name, from }) => ({ as, local: source.import(name, from) }));
  const type = members.map(({ as, local }) => `  readonly ${as}: typeof ${local};`);
  const value = members.map(({ as, local }) => (as === local ? `  ${as},` : `  ${as}: ${local},`));
  const doc = "/** Every service, in the order of the files. */";
  if (members.length === 0) return `${doc}\nexport const ${SERVICES}: Readonly<Record<never, never>> = {};`;
  return [doc, `export const ${SERVICES}: {`, ...type, "} = {", ...value, "};"].join("\n");
}

interface PublicName extends Export {
  readonly as: string;
  /** Another file exports the name too, so that `export *` alone would be an error. */
  readonly ambiguous: boolean;
}

function publicNames(exported: readonly Export[]): readonly PublicName[] {
  const taken = new Map([[SERVICES, 1]]);
  for (const { name } of exported) taken.set(name, (taken.get(name) ?? 0) + 1);
  const used = new Set([SERVICES]);
  return exported.map((each) => {
    const ambiguous = (taken.get(each.name) ?? 0) > 1;
    let as = each.name;
    for (let number = 1; used.has(as) || (as !== each.name && taken.has(as)); number++) {
      as = `${each.qualified}${number === 1 ? "" : number}`;
    }
    used.add(as);
    return { ...each, as, ambiguous };
  });
}
