// Packs the packages for publication, and checks them. Usage: npm run release -- --help
import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installTools } from "../project/tools.js";
import { publishedWorkspaces } from "../project/workspaces.js";
import { checkPackage } from "./check-package.js";
import { packAll } from "./pack.js";

const USAGE = `Packs what would be published, and checks it. Nothing is published.

Usage: npm run release -- [--into DIR] [--repository URL] [--no-checks]

--into DIR        where the tarballs go; .cache/release by default
--repository URL  where the sources are, https://HOST/OWNER/NAME, for the metadata of the packages. By default that of the git
                  remote "origin" if it is such a URL
--no-checks       only packs: without publint, attw and npm publish --dry-run
`;

const { values } = parseArgs({
  options: {
    into: { type: "string" },
    repository: { type: "string" },
    "no-checks": { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) {
  process.stdout.write(USAGE);
} else {
  const into = path.resolve(values.into ?? fileURLToPath(new URL("../../../.cache/release", import.meta.url)));
  const repository = values.repository ?? originUrl();
  await packAll(into, repository);
  const files = publishedWorkspaces().map(({ tarball }) => path.join(into, tarball));
  if (values["no-checks"] !== true) {
    await installTools();
    for (const file of files) await checkPackage(file);
  }
  for (const file of files) console.log(file);
  if (repository === undefined) {
    console.log(
      "The packages have no `repository`. To set it, use --repository URL. You can ignore this for local use.",
    );
  }
}

/** Returns the URL of the repository that this one was cloned from, if a browser can open it. */
function originUrl(): string | undefined {
  try {
    const url = execFileSync("git", ["remote", "get-url", "origin"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return /^https:\/\/[\w.-]+\/[\w./-]+$/.test(url.trim()) ? url.trim() : undefined;
  } catch {
    // There is no git, no clone, or no remote.
    return undefined;
  }
}
