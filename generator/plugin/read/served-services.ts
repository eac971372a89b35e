import type { DescFile, DescService } from "@bufbuild/protobuf";
import type { Model } from "../model/model.js";
import type { PluginOptions } from "../plugin-options.js";
import type { Diagnostics } from "./diagnostics.js";

/**
 * Decides which services are served: those that are named, or whose packages are named, including those of imported
 * files. Without names, the services of the files to generate are served. A name without a service is an error.
 */
export function servedServices(
  names: readonly string[],
  asked: readonly DescFile[],
  known: readonly DescFile[],
  diagnostics: Diagnostics,
): (service: DescService) => boolean {
  const services = known.flatMap((file) => file.services);
  const goesBy = (service: DescService, name: string): boolean =>
    service.typeName === name || service.file.proto.package === name;
  for (const name of names) {
    if (services.some((service) => goesBy(service, name))) continue;
    const known = services.length === 0 ? "there are none" : services.map(({ typeName }) => typeName).join(", ");
    diagnostics.error(
      undefined,
      `invalid plugin option services: unknown service or package "${name}": the services are ${known}`,
    );
  }
  const own = new Set(asked);
  return (service) => (names.length === 0 ? own.has(service.file) : names.some((name) => goesBy(service, name)));
}

/** Checks that each main package exists. Otherwise the option would do nothing. */
export function checkMainPackages(
  names: readonly string[],
  files: readonly DescFile[],
  diagnostics: Diagnostics,
): void {
  const packages = [...new Set(files.map((file) => file.proto.package))];
  for (const name of names) {
    if (packages.includes(name)) continue;
    const known = packages.map((each) => (each === "" ? "(none)" : each)).join(", ");
    diagnostics.error(
      undefined,
      `invalid plugin option main_package: no file has the package "${name}": the packages are ${known}`,
    );
  }
}

/**
 * Warns about a service that is not where the user expects it: one that the option `services` names and `hidden=omit`
 * leaves out, and one whose name in TypeScript belongs to a service of another package.
 */
export function checkServed({ files }: Model, options: PluginOptions, diagnostics: Diagnostics): void {
  const services = files.flatMap((file) => file.services.map((service) => ({ ...service, package: file.package })));
  for (const name of options.services) {
    if (services.some((service) => service.name === name || service.package === name)) continue;
    diagnostics.warn(
      undefined,
      `plugin option services: hidden=omit omits everything in "${name}": add one of its labels with the ` +
        "plugin option visibility, or remove hidden=omit",
    );
  }
  if (!options.outputs.includes("index") && options.client === undefined) return;
  for (const shared of new Set(services.map(({ constName }) => constName))) {
    const same = services.filter(({ constName }) => constName === shared);
    const packages = [...new Set(same.map((service) => service.package))];
    const last = same.at(-1);
    if (last === undefined || packages.length === 1) continue;
    if (packages.some((each) => options.mainPackages.includes(each))) continue;
    diagnostics.warn(
      undefined,
      `${same.map(({ name }) => name).join(" and ")} have the same name in TypeScript: ${shared} is ${last.name}, ` +
        "because its file is the last: set the plugin option main_package to the package that keeps the name, for " +
        `example main_package=${packages.findLast((each) => each !== "")}`,
    );
  }
}
