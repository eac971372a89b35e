#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import { responseOf, runPlugin } from "./plugin.js";

const STDIN = 0;

const result = runPlugin(fromBinary(CodeGeneratorRequestSchema, readFileSync(STDIN)));
for (const warning of result.warnings) process.stderr.write(`${warning}\n`);
// Not synchronously: a compiler's pipe may be full and not wait.
process.stdout.write(toBinary(CodeGeneratorResponseSchema, responseOf(result)));
