import { createRequire } from "node:module";
import type * as TsMorph from "ts-morph";

/**
 * ts-morph, loaded as CommonJS. An `import` takes twice as long, because Node would first scan the whole TypeScript
 * compiler for the names that it exports.
 */
export const tsMorph: typeof TsMorph = createRequire(import.meta.url)("ts-morph");
