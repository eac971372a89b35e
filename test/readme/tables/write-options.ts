// Writes the tables of options and flags into docs/. Usage: npm run options:docs
import { writeFileSync } from "node:fs";
import { pagesWithOptions } from "./option-tables.js";

for (const { file, expected } of pagesWithOptions()) writeFileSync(file, expected);
