import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Apt } from "../etcd-server/obtain/apt.js";
import { runCommand } from "../etcd-server/obtain/run-command.js";

/** The clients, and what they import. */
const PACKAGES = [
  ...["python3-etcd3gw", "python3-futurist", "python3-pbr", "python3-requests", "python3-chardet", "python3-idna"],
  ...["patroni", "python3-etcd", "python3-dnspython", "python3-dateutil"],
  ...["python3-urllib3", "python3-certifi", "python3-six"],
];

const CACHE = fileURLToPath(new URL("../../.cache/clients", import.meta.url));

/**
 * Unpacks etcd clients from Debian's packages. They come from this machine's suite, so that they fit its Python.
 * Nothing is installed.
 *
 * @returns the folder with their Python modules
 */
export async function debianModules(): Promise<string> {
  const folder = join(CACHE, "root");
  const modules = join(folder, "usr", "lib", "python3", "dist-packages");
  if (await isThere(modules)) return modules;
  await mkdir(CACHE, { recursive: true });
  const scratch = await mkdtemp(join(CACHE, "scratch-"));
  try {
    const unpacked = join(scratch, "root");
    await unpack(Apt.onMachineLists(runCommand), join(scratch, "known"), unpacked).catch(async () => {
      await unpack(await Apt.onFreshLists(runCommand, join(scratch, "lists")), join(scratch, "fresh"), unpacked);
    });
    // Another process may have been faster.
    await rename(unpacked, folder).catch(async (error: unknown) => {
      if (!(await isThere(modules))) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return modules;
}

async function unpack(apt: Apt, downloads: string, target: string): Promise<void> {
  await mkdir(downloads);
  for (const name of PACKAGES) {
    await runCommand("dpkg", ["-x", await apt.download(name, join(downloads, name)), target]);
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
