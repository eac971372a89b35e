import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Where the packed packages are. */
export const TARBALLS: string = fileURLToPath(new URL("../../.cache/packages/tarballs", import.meta.url));

/** The names of the packages, and of what their tarballs begin with. */
const PACKAGES = {
  "etcd-gateway": "etcd-gateway-0",
  "@etcd-gateway/explorer": "etcd-gateway-explorer-",
  "@etcd-gateway/runtime": "etcd-gateway-runtime-",
  "protoc-gen-express-gateway": "protoc-gen-express-gateway-",
} as const;

/** A package of this repository. */
export type PackageName = keyof typeof PACKAGES;

/** The path of a package's tarball. */
export function tarball(name: PackageName): string {
  const file = readdirSync(TARBALLS).find((each) => each.startsWith(PACKAGES[name]));
  if (file === undefined) throw new Error(`${name} is not packed: npm run test:packages does it first`);
  return path.join(TARBALLS, file);
}
