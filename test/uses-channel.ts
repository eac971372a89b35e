import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const IMPORT = /\b(?:from|import)\s+"(\.[^"]+)\.js"/g;

/**
 * Whether a test depends on the variable `TEST_CHANNEL`: the file or one that it imports names it. The others would only
 * run the same again.
 */
export function usesChannel(file: string, seen: Set<string> = new Set()): boolean {
  if (seen.has(file) || !existsSync(file)) return false;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  if (text.includes("TEST_CHANNEL")) return true;
  return [...text.matchAll(IMPORT)].some(([, path]) => usesChannel(resolve(file, "..", `${path}.ts`), seen));
}
