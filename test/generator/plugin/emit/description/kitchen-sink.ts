import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Compiled, compile } from "../../compile.js";

const FOLDER = new URL("kitchen-sink/", import.meta.url);

/** Generates both descriptions of the kitchen-sink protos, as `openapi.json` and `swagger.json`. */
export function describeKitchenSink(): Promise<Compiled> {
  const api = fileURLToPath(new URL("api.json", FOLDER));
  return compile(protosIn(FOLDER), `openapi=openapi.json,swagger=swagger.json,api=${api}`);
}

/** Returns the proto files in a folder, by import path. */
function protosIn(folder: URL): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".proto"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));
}
