import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../packages/project/run-program.js";

const HOME = fileURLToPath(new URL("../../.cache/protoc", import.meta.url));

/** The Debian packages that contain protoc. Its version is part of the libraries' names. */
const PACKAGES = /^(protobuf-compiler|libprotobuf-dev|libprotoc\d+(t64)?|libprotobuf\d+(t64)?)$/;

/** Returns a folder with Debian's `protoc`, which is downloaded on first use. Nothing is installed. */
export async function debianProtoc(): Promise<string> {
  const bin = path.join(HOME, "bin");
  if (existsSync(path.join(bin, "protoc"))) return bin;
  await mkdir(bin, { recursive: true });
  const { stdout } = await run("apt-cache", ["depends", "--recurse", "--no-suggests", "protobuf-compiler"], HOME);
  const needed = new Set([...stdout.split("\n"), "libprotobuf-dev"].filter((name) => PACKAGES.test(name)));
  await run("apt-get", ["download", ...needed], HOME);
  for (const file of await readdir(HOME)) {
    if (file.endsWith(".deb")) await run("dpkg", ["-x", file, path.join(HOME, "root")], HOME);
  }
  const libraries = await run("find", ["root", "-name", "libprotoc.so.*", "-printf", "%h\n"], HOME);
  const script = `#!/bin/sh
export LD_LIBRARY_PATH="${path.join(HOME, libraries.stdout.split("\n")[0] ?? "")}"
exec "${path.join(HOME, "root/usr/bin/protoc")}" "$@"
`;
  await writeFile(path.join(bin, "protoc"), script, { mode: 0o755 });
  return bin;
}
