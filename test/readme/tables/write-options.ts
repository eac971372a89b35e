// Writes the tables of options and flags into docs/, and the comments of options into their interfaces.
// Usage: npm run options:docs
import { writeFileSync } from "node:fs";
import { sourcesWithComments } from "./option-comments.js";
import { pagesWithOptions } from "./option-tables.js";

for (const { file, expected } of [...pagesWithOptions(), ...sourcesWithComments()]) writeFileSync(file, expected);
