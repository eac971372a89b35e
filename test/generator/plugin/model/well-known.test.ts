import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isFreeForm, isSingleValue, wrappedScalar } from "../../../../generator/plugin/model/well-known.js";
import * as contract from "../../../../runtime/core/codegen/v1.js";
import { MessageCodec } from "../../../../runtime/core/json/codec.js";

const codecs = Object.values(contract).filter((each) => each instanceof MessageCodec);

describe("the generator's list of well-known types", () => {
  it("is of the types that the runtime has codecs for", () => {
    assert.equal(codecs.length, 17);
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
