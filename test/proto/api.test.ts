import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { apiText } from "./api-text.js";
import { buildImage } from "./image.js";

/**
 * The paths, in source code info, of what a file declares: messages, their fields, oneofs and nested types, enums and
 * their values, services and their methods, extensions. The numbers are the field numbers of descriptor.proto.
 */
const declaration = /^(4,\d+(,3,\d+)*(,[28],\d+|,4,\d+(,2,\d+)?)?|[56],\d+(,2,\d+)?|7,\d+)$/;

suite("proto", () => {
  const registry = buildImage();
  const files = [...registry.files].filter(({ proto }) => /^(etcd|google\/api)\//.test(proto.name));

  test("declares etcd's API as of 3.7 and google.api.http, nothing else", () => {
    const golden = readFileSync(new URL("golden/api-3.7.txt", import.meta.url), "utf8");
    assert.deepEqual(apiText(registry, files).split("\n"), golden.split("\n"));
  });

  for (const { proto } of files) {
    test(`says what each element of ${proto.name} is`, () => {
      const declarations = (proto.sourceCodeInfo?.location ?? []).filter(({ path }) => declaration.test(path.join()));
      assert(declarations.length > 0, "no source code info");
      const undocumented = declarations
        .filter(({ leadingComments }) => leadingComments.trim() === "")
        .map(({ span }) => `${proto.name}:${(span[0] ?? 0) + 1}`);
      assert.deepEqual(undocumented, []);
    });
  }
});
