/** The formats of the input and the output of a test. */
export type Direction = "json->json" | "json->wire" | "wire->json" | "wire->wire" | "text" | "jspb";

/** All directions. Only the first three are run. */
export const directions: readonly Direction[] = [
  "json->json",
  "json->wire",
  "wire->json",
  "wire->wire",
  "text",
  "jspb",
];

/** Whether tests of a direction are run: one side is JSON, and the other is a format that this project supports. */
export function isRun(direction: Direction): boolean {
  return direction === "json->json" || direction === "json->wire" || direction === "wire->json";
}
