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
    assert.match(errors[0] ?? "", /^unknown plugin option "mesages": expected one of messages=.*, import_extension=/);
    assert.match(errors[1] ?? "", /^unknown plugin option "constructor": /);
  });

  it("with a wrong value are an error that says what is right", () => {
    assert.deepEqual(parse("messages=/abs,messages,import_extension=mjs").errors, [
      'invalid plugin option messages "/abs": expected a relative path',
      'invalid plugin option messages "": expected a relative path',
      'invalid plugin option import_extension "mjs": expected js, ts or none',
    ]);
    assert.deepEqual(parse("defaults=yes,outputs=all,services=a..b,unknown_fields=").errors, [
      'invalid plugin option defaults "yes": expected omit or write',
      'invalid plugin option outputs "all": expected codecs, gateways, index or none',
      'invalid plugin option services "a..b": expected the full name of a service or package',
      'invalid plugin option unknown_fields "": expected ignore or reject',
    ]);
  });
});
