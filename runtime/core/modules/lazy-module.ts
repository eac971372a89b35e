// Not imported as createRequire: bundlers often get a banner that declares this name in every bundle.
import nodeModule from "node:module";

/**
 * Creates a function that loads a package once, when it is first needed. If loading fails, for example because there
 * are no file descriptors left, the next call tries again.
 *
 * Node.js remembers failed `import()` calls, so further attempts use `require`.
 *
 * @param name the name of the package
 * @param load its `import()`, written out for bundlers
 */
export function lazyModule<Module>(name: string, load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | undefined;
  let hasFailed = false;
  const loadAnew = async (): Promise<Module> => {
    try {
      // The packages are CommonJS, and export the same names both ways.
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
 * Finds a package that will be loaded later, so that Node.js has already read its `package.json` by then. If Node.js
 * cannot read that file, for example because there are no file descriptors left, it considers the package missing for
 * good.
 */
export function locateModule(name: string): void {
  try {
    if (import.meta.url) nodeModule.createRequire(import.meta.url).resolve(name);
  } catch {
    // If the package is missing, loading it throws.
  }
}
