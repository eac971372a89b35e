import type { DescFile, DescService } from "@bufbuild/protobuf";
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
      `plugin option services: no service or package is named "${name}": the services are ${known}`,
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
      `plugin option main_package: no file has the package "${name}": the packages are ${known}`,
    );
  }
}
