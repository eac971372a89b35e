// Writes the list of differences into docs/parity.md. Usage: npm run parity:docs
import { writeFileSync } from "node:fs";
import { PAGE, pageWithDifferences } from "./difference-list.js";

writeFileSync(PAGE, pageWithDifferences());
