import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as protobuf from "@bufbuild/protobuf/wkt";
import {
  isFreeForm,
  isSingleValue,
  WELL_KNOWN_FILES,
  wellKnownName,
  wrappedScalar,
} from "../../../../generator/plugin/model/well-known.js";
import * as contract from "../../../../runtime/core/codegen/v1.js";
import { MessageCodec } from "../../../../runtime/core/json/codec.js";
import { WELL_KNOWN } from "../../../../runtime/core/json/well-known/well-known-types.js";

const codecs = Object.values(contract).filter((each) => each instanceof MessageCodec);

/** The messages that protobuf's own files of the well-known types declare. */
const declared = Object.values(protobuf)
  .filter((each) => typeof each === "object" && "kind" in each && each.kind === "file")
  .filter(({ proto }) => WELL_KNOWN_FILES.has(proto.name))
  .flatMap(({ messages }) => messages.map(({ typeName }) => typeName))
  .sort();

function namesOf(list: readonly MessageCodec[]): readonly string[] {
  return list.map(({ name }) => name).sort();
}

describe("the generator's list of well-known types", () => {
  it("has the types that protobuf's files declare, each with a codec in the runtime", () => {
    assert.deepEqual(namesOf(codecs), declared);
    assert.deepEqual(namesOf(WELL_KNOWN), declared);
    const unknown = declared.filter((name) => wellKnownName(name) === undefined && wrappedScalar(name) === undefined);
    assert.deepEqual(unknown, []);
    assert.equal(isSingleValue("google.protobuf.DescriptorProto"), false);
    assert.equal(isSingleValue("Timestamp"), false);
  });

  for (const { name, form, fields } of codecs) {
    it(`says of ${name} what its codec says`, () => {
      const kind = form?.kind ?? "field";
      assert.equal(isSingleValue(name), ["scalar", "time", "duration", "mask"].includes(kind));
      assert.equal(isFreeForm(name), ["object", "array", "value"].includes(kind));
      assert.equal(wrappedScalar(name), kind === "scalar" ? fields[0]?.type : undefined);
    });
  }
});
