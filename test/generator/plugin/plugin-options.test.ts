import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type PluginOptions, parseOptions } from "../../../generator/plugin/plugin-options.js";
import { Diagnostics, formatDiagnostic } from "../../../generator/plugin/read/diagnostics.js";

function parse(parameter: string): { readonly options: PluginOptions; readonly errors: readonly string[] } {
  const diagnostics = new Diagnostics();
  const options = parseOptions(parameter, diagnostics);
  return { options, errors: diagnostics.errors.map(formatDiagnostic) };
}

describe("plugin options", () => {
  it("have defaults", () => {
    const { options, errors } = parse("");
    assert.deepEqual([options.messages, options.importExtension], [".", "js"]);
    assert.deepEqual(errors, []);
  });

  it("are pairs joined by commas, of which the last counts", () => {
    const { options, errors } = parse("messages=a, import_extension=ts ,,messages=../b=c");
    assert.deepEqual([options.messages, options.importExtension], ["../b=c", "ts"]);
    assert.deepEqual(errors, []);
  });

  it("of which some may be there several times", () => {
    const { options, errors } = parse("services=a.B,services=c,outputs=index,outputs=codecs,outputs=index");
    assert.deepEqual(options.services, ["a.B", "c"]);
    assert.deepEqual(options.outputs, ["codecs", "index"]);
    assert.deepEqual(parse("outputs=none").options.outputs, []);
    assert.deepEqual(parse("").options.outputs, ["codecs", "gateways", "index"]);
    assert.deepEqual(errors, []);
  });

  it("that do not exist are an error that lists those that do", () => {
    const { errors } = parse("mesages=a,constructor");
    assert.equal(errors.length, 2);
    assert.match(errors[0] ?? "", /^unknown plugin option "mesages": the options are messages=.*, import_extension=/);
    assert.match(errors[1] ?? "", /^unknown plugin option "constructor": /);
  });

  it("with a wrong value are an error that says what is right", () => {
    assert.deepEqual(parse("messages=/abs,messages,import_extension=mjs").errors, [
      'plugin option messages: "/abs" is not right, write a relative path',
      'plugin option messages: "" is not right, write a relative path',
      'plugin option import_extension: "mjs" is not right, write js, ts or none',
    ]);
    assert.deepEqual(parse("defaults=yes,outputs=all,services=a..b,unknown_fields=").errors, [
      'plugin option defaults: "yes" is not right, write omit or write',
      'plugin option outputs: "all" is not right, write codecs, gateways, index or none',
      'plugin option services: "a..b" is not right, write the full name of a service or package',
      'plugin option unknown_fields: "" is not right, write ignore or reject',
    ]);
  });
});
