import { createRequire } from "node:module";
import type * as TsMorph from "ts-morph";

/**
 * ts-morph, as CommonJS loads it. To `import` it takes twice as long, because Node would first scan all of the TypeScript
 * compiler for the names that it exports.
 */
export const tsMorph: typeof TsMorph = createRequire(import.meta.url)("ts-morph");
