// Not by the name createRequire: bundlers are commonly told to declare that in every bundle.
import nodeModule from "node:module";

let hasFailed = false;

/**
 * Loads the files of the page. If that fails, as it does while there are no file descriptors left, the next call tries
 * anew: with `require`, because Node.js remembers for good that an `import()` failed.
 */
export async function loadPage(): Promise<typeof import("#page")> {
  try {
    return hasFailed && import.meta.url ? nodeModule.createRequire(import.meta.url)("#page") : await import("#page");
  } catch (error) {
    hasFailed = true;
    throw error;
  }
}
