import type { FileModel, Model, ServiceModel } from "../model/model.js";
import type { PluginOptions } from "../options.js";
import { type Export, exportsOf } from "./exports.js";
import { codecModule, RUNTIME, stem } from "./output-path.js";
import { serviceConst } from "./service-const.js";
import type { GeneratedFile } from "./source/generated-file.js";
import { LINE_WIDTH } from "./source/line-width.js";
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
  const services = exported.filter(({ service }) => service);
  const hasCodecs = services.length > 0 && options.outputs.includes("codecs");
  source.add(servicesStatement(services, hasCodecs ? codecModules(model, source) : [], source));
  return source.build();
}

/** Imports the modules with codecs of messages, whole: all of these may be in an `Any`. */
function codecModules(model: Model, source: SourceFile): readonly string[] {
  return model.files
    .filter(({ messages }) => messages.length > 0)
    .map((file) => source.importModule(`${moduleName(file)}Codecs`, codecModule(file.path)));
}

/** The name of a file as a variable's, in lowerCamel. */
function moduleName({ path }: FileModel): string {
  const words =
    stem(path)
      .slice(path.lastIndexOf("/") + 1)
      .match(/[A-Za-z0-9]+/g) ?? [];
  const camel = words.map((word, i) => (i === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join("");
  return /^[A-Za-z]/.test(camel) ? camel : `file${camel}`;
}

function servicesStatement(services: readonly PublicName[], codecs: readonly string[], source: SourceFile): string {
  const members = services.map(({ as, name, from }) => ({ as, local: source.import(name, from) }));
  const type = members.map(({ as, local }) => `  readonly ${as}: typeof ${local};`);
  const value = members.map(({ as, local }) => (as === local ? `  ${as},` : `  ${as}: ${local},`));
  const doc = "/** Every service, in the order of the files. */";
  if (members.length === 0) return `${doc}\nexport const ${SERVICES}: Readonly<Record<never, never>> = {};`;
  if (codecs.length === 0) return [doc, `export const ${SERVICES}: {`, ...type, "} = {", ...value, "};"].join("\n");
  const withCodecs = source.import("withCodecs", RUNTIME);
  return [
    "/** Every service, in the order of the files, with the codecs of all messages, which an `Any` may hold. */",
    `export const ${SERVICES}: {`,
    ...type,
    `} = ${withCodecs}(`,
    "  {",
    ...value.map((line) => `  ${line}`),
    "  },",
    ...listArgument(codecs),
    ");",
  ].join("\n");
}

/** A list as an argument of its own line, or lines. */
function listArgument(items: readonly string[]): readonly string[] {
  const line = `  [${items.join(", ")}],`;
  return line.length <= LINE_WIDTH ? [line] : ["  [", ...items.map((item) => `    ${item},`), "  ],"];
}

interface PublicName extends Export {
  readonly as: string;
  /** Another file exports the name too, so that `export *` alone would be an error. */
  readonly ambiguous: boolean;
}

/** The names of all services, as `index.ts` has them, in the order of the files. */
export function serviceNames(model: Model, options: PluginOptions): ReadonlyMap<ServiceModel, string> {
  const outputs: PluginOptions = { ...options, outputs: ["codecs", "gateways", "index"] };
  const names = publicNames(
    model.files.flatMap((file) => exportsOf(model, file, outputs)),
    outputs,
  ).filter(({ service }) => service);
  const services = model.files.flatMap((file) => file.services);
  return new Map(services.map((service, i) => [service, names[i]?.as ?? serviceConst(service)]));
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
