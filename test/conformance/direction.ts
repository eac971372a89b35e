/** From what to what a test of the suite goes. */
export type Direction = "json->json" | "json->wire" | "wire->json" | "wire->wire" | "text" | "jspb";

/** Every direction; the first three are run. */
export const directions: readonly Direction[] = [
  "json->json",
  "json->wire",
  "wire->json",
  "wire->wire",
  "text",
  "jspb",
];

/** Whether JSON is on at least one side, and nothing that this project does not have on the other. */
export function isRun(direction: Direction): boolean {
  return direction === "json->json" || direction === "json->wire" || direction === "wire->json";
}
