// Not imported by name: bundlers are often told to declare `createRequire` in every bundle.
import nodeModule from "node:module";
import type * as page from "#page";

let hasFailed = false;

/**
 * Loads the files of the page. If that fails, for example because there are no file descriptors left, the next call
 * tries again. It then uses `require`, because Node.js remembers a failed `import()` permanently.
 */
export async function loadPage(): Promise<typeof page> {
  try {
    return hasFailed && import.meta.url ? nodeModule.createRequire(import.meta.url)("#page") : await import("#page");
  } catch (error) {
    hasFailed = true;
    throw error;
  }
}
