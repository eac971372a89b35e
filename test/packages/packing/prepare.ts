// Runs before the tests of this folder: builds and packs the packages into .cache/packages/tarballs, and installs the
// compilers for the tests.
import { rm } from "node:fs/promises";
import { installTools } from "../project/tools.js";
import { packAll } from "./pack.js";
import { TARBALLS } from "./tarballs.js";

await rm(TARBALLS, { recursive: true, force: true });
await Promise.all([installTools(), packAll(TARBALLS)]);
