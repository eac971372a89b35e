import type { ServiceModel } from "../model/model.js";

// The reserved words of ECMA-262, section 12.7.2, and of strict mode and modules.
const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

/** The name of a service's const: `kv` for `KV`. A reserved word gets the suffix `_`. */
export function serviceConst({ constName }: ServiceModel): string {
  return RESERVED.has(constName) ? `${constName}_` : constName;
}
