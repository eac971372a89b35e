import type { DescFile, DescService } from "@bufbuild/protobuf";
import type { Diagnostics } from "./diagnostics.js";

/**
 * Which services are to be served: those that are named, or whose packages are. All of them if none is. A name that no
 * service of the files goes by is a mistake.
 */
export function servedServices(
  names: readonly string[],
  files: readonly DescFile[],
  diagnostics: Diagnostics,
): (service: DescService) => boolean {
  const services = files.flatMap((file) => file.services);
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
  return (service) => names.length === 0 || names.some((name) => goesBy(service, name));
}
