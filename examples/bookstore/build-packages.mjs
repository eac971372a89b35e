// In a clone, this example runs on the packages of the clone, which must be built. `npm install` runs this first.
import { execSync } from "node:child_process";
import { existsSync } from "node:fs";

if (!existsSync("../../runtime/core/dist")) execSync("npm ci", { cwd: "../..", stdio: "inherit" });
