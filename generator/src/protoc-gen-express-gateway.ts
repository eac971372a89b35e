#!/usr/bin/env node
import { readFileSync, writeFileSync } from "node:fs";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import { responseOf, runPlugin } from "./plugin.js";

const STDIN = 0;
const STDOUT = 1;

const result = runPlugin(fromBinary(CodeGeneratorRequestSchema, readFileSync(STDIN)));
for (const warning of result.warnings) process.stderr.write(`${warning}\n`);
writeFileSync(STDOUT, toBinary(CodeGeneratorResponseSchema, responseOf(result)));
