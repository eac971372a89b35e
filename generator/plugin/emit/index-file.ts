import type { Model } from "../model/model.js";
import type { PluginOptions } from "../options.js";
import { type Export, exportsOf } from "./exports.js";
import type { GeneratedFile } from "./source/generated-file.js";
import { SourceFile } from "./source/source-file.js";

const SERVICES = "services";

/**
 * `index.ts`, which collects the services and exports all that is generated. Of a name that several files export, that of
 * a main package stays, or else the last file's; the others get their package before it: `Member` and
 * `MembershippbMember`. So a file that is added before others changes none of their names.
 */
export function emitIndexFile(model: Model, options: PluginOptions): GeneratedFile {
  const exported = publicNames(
    model.files.flatMap((file) => exportsOf(model, file, options)),
    options,
  );
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

function publicNames(exported: readonly Export[], { mainPackages }: PluginOptions): readonly PublicName[] {
  const byName = new Map<string, Export[]>();
  for (const each of exported) byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
  const used = new Set([SERVICES, ...byName.keys()]);
  const isMain = (each: Export): boolean => mainPackages.includes(each.package);
  // From the last to the first, so that numbers, too, do not change when a file is added before.
  return exported
    .toReversed()
    .map((each) => {
      const same = byName.get(each.name) ?? [];
      const keeps = each.name !== SERVICES && each === (same.find(isMain) ?? same.at(-1));
      const as = keeps ? each.name : freeName(each.qualified, used);
      used.add(as);
      return { ...each, as, ambiguous: same.length > 1 || each.name === SERVICES };
    })
    .toReversed();
}

function freeName(wanted: string, used: ReadonlySet<string>): string {
  let free = wanted;
  for (let number = 2; used.has(free); number++) free = `${wanted}${number}`;
  return free;
}
