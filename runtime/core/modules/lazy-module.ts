// Not by the name createRequire: bundlers are commonly told to declare that in every bundle.
import nodeModule from "node:module";

/**
 * Makes a function that loads a package when it is first needed, once. A load that fails, as it does while there are no
 * file descriptors left, is tried anew by the next who needs the package.
 *
 * Node.js itself remembers for good that an `import()` failed, so that the further tries are by `require`.
 *
 * @param name the package's name
 * @param load its `import()`, written out for the sake of bundlers
 */
export function lazyModule<Module>(name: string, load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | undefined;
  let hasFailed = false;
  const loadAnew = async (): Promise<Module> => {
    try {
      // The packages are CommonJS, and have the same names either way.
      return hasFailed && import.meta.url ? nodeModule.createRequire(import.meta.url)(name) : await load();
    } catch (error) {
      hasFailed = true;
      loading = undefined;
      throw error;
    }
  };
  return () => {
    loading ??= loadAnew();
    return loading;
  };
}

/**
 * Finds a package that is loaded later, so that Node.js knows its `package.json` by then: one that could not be read for a
 * shortage counts as missing for good.
 */
export function locateModule(name: string): void {
  try {
    if (import.meta.url) nodeModule.createRequire(import.meta.url).resolve(name);
  } catch {
    // Who loads it will be told.
  }
}
