// In a clone, this example uses the packages of the clone, which must be built first. `npm install` runs this script.
import { execSync } from "node:child_process";
import { existsSync } from "node:fs";

if (!existsSync("../../runtime/core/dist")) execSync("npm ci", { cwd: "../..", stdio: "inherit" });
