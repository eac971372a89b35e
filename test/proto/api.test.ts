import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { DescFile } from "@bufbuild/protobuf";
import { readApi } from "../../generator/proto-update/changes/read-api.js";
import { apiOf, readFacts, VERSIONS } from "../generator/proto-update/api-facts.js";
import { apiText } from "./api-text.js";
import { buildImage } from "./image.js";

/**
 * The paths, in source code info, of what a file declares: messages, their fields, oneofs and nested types, enums and
 * their values, services and their methods, extensions. The numbers are the field numbers of descriptor.proto.
 */
const declaration = /^(4,\d+(,3,\d+)*(,[28],\d+|,4,\d+(,2,\d+)?)?|[56],\d+(,2,\d+)?|7,\d+)$/;

/** Whether a file is as we wrote it; what `npm run proto:update` takes from etcd has etcd's own text. */
function isOurs({ proto }: DescFile): boolean {
  const text = readFileSync(new URL(`../../proto/${proto.name}`, import.meta.url), "utf8");
  return text.startsWith("// SPDX-License-Identifier: Apache-2.0\n");
}

suite("proto", () => {
  const registry = buildImage();
  const files = [...registry.files].filter(({ proto }) => /^(etcd|google\/api)\//.test(proto.name));
  const ours = files.filter(isOurs);

  test("declares the API of an etcd version, nothing more and nothing less", () => {
    const api = readApi(registry, "etcd/");
    if (VERSIONS.some((version) => isDeepStrictEqual(api, apiOf(readFacts(version))))) return;
    // None: show how far it is from the one that it was written as.
    assert.deepEqual(api, apiOf(readFacts("3.7")));
  });

  if (ours.length === files.length) {
    test("is 3.7 to the last option as we wrote it", () => {
      const golden = readFileSync(new URL("golden/api-3.7.txt", import.meta.url), "utf8");
      assert.deepEqual(apiText(registry, files).split("\n"), golden.split("\n"));
    });
  }

  for (const { proto } of ours) {
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
