import { strict as assert } from "node:assert";
import { suite, test } from "node:test";
import fc from "fast-check";
import { readImports, rewriteProto } from "../../../../generator/proto-update/rewrite/proto-rewrite.js";
import { isComment, tokenize } from "../../../../generator/proto-update/rewrite/proto-tokens.js";
import { arbitraryFile } from "./arbitrary-file.js";

const rewrite = (text: string): string => rewriteProto(text, "x.proto", ({ path }) => path.replace("old/", "new/"));

/** White space is for `buf format` to tidy. */
function becomes(before: string, after: string): void {
  const words = (text: string): string =>
    text
      .replaceAll(/\s+/g, " ")
      .replaceAll(/ ?([[\],;{}()=]) ?/g, "$1")
      .trim();
  assert.equal(words(rewrite(before)), words(after));
}

suite("rewriting a proto file", () => {
  test("drops imports of foreign options", () => {
    becomes(
      `import "a.proto";

// for gogo
import "gogoproto/gogo.proto"; // why
import "github.com/gogo/protobuf/gogoproto/gogo.proto";
import public "protoc-gen-openapiv2/options/annotations.proto";
import "protoc-gen-swagger/options/annotations.proto";

// not on it

import "gogoproto/gogo.proto";

message A {}
`,
      'import "a.proto"; message A {}',
    );
  });

  test("gives imports their new path and nothing else", () => {
    becomes(
      `import 'old/a.proto' ; import weak "old/b.proto"; option c = "old/c.proto";`,
      `import 'new/a.proto' ; import weak "new/b.proto"; option c = "old/c.proto";`,
    );
    becomes(`message A { string import = 1; }`, `message A { string import = 1; }`);
  });

  test("drops file, message, enum, oneof, service and RPC options, whole lines and their gaps", () => {
    becomes(
      `option go_package = "a";

option (gogoproto.marshaler_all) = true;
option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_swagger) = {
  info: { title: "}; {"; } // of all
  schemes: [HTTP, HTTPS];
};

// A is.
message A {
  // on the option
  option (gogoproto.goproto_getters) = false;

  // a is.
  bytes a = 1;
  oneof b {
    option (gogoproto.x) = true;
    bytes c = 2;
  }
  enum D {
    option (gogoproto.goproto_enum_prefix) = true; option allow_alias = true;
    E = 0;
  }
}
service F {
  rpc G(A) returns (A) {
    option (google.api.http) = { post: "/g" body: "*" };
    option (grpc.gateway.protoc_gen_swagger.options.openapiv2_operation).summary = "g";
  }
}
`,
      `option go_package = "a";

message A {
  bytes a = 1;
  oneof b {
    bytes c = 2;
  }
  enum D {
    option allow_alias = true;
    E = 0;
  }
}
service F {
  rpc G(A) returns (A) {
    option (google.api.http) = { post: "/g" body: "*" };
  }
}
`,
    );
  });

  test("drops a list of options that has none left", () => {
    becomes("bytes a = 1 [(gogoproto.nullable) = false];", "bytes a = 1;");
    becomes("bytes a = 1[\n  (gogoproto.nullable) = false,\n  (.gogoproto.x).y = {a: [1, 2]}\n];", "bytes a = 1;");
    becomes("extensions 4 to 10 [(gogoproto.x) = 1];", "extensions 4 to 10;");
  });

  test("drops options of a list that keeps others", () => {
    becomes("a = 1 [(gogoproto.a) = 1, deprecated = true];", "a = 1 [deprecated = true];");
    becomes("a = 1 [deprecated = true, (gogoproto.a) = 1];", "a = 1 [deprecated = true];");
    becomes(
      "a = 1 [(gogoproto.a) = 1, b = 2, (gogoproto.c) = 3, d = 4 , (gogoproto.e) = 5];",
      "a = 1 [b = 2, d = 4 ];",
    );
    becomes(`a = 1 [(gogoproto.a) = "],", (versionpb.v)="3.6"];`, `a = 1 [(versionpb.v)="3.6"];`);
  });

  test("drops comments of every kind, and joins no words by it", () => {
    becomes(
      `// of the file
syntax = "proto3"; /* at
  the end */
message/* between */A { // opens
  bytes a = 1 [ // of all
    // over b
    b = 2, // of b
    (gogoproto.c) = 3 // of c
  ];
  // reserved 1;
}
/**/`,
      'syntax = "proto3"; message A { bytes a = 1 [b = 2]; }',
    );
    becomes("int32// of the type\n  a = 1;", "int32 a = 1;");
  });

  test("leaves alone what only looks like a foreign option", () => {
    for (const text of [
      'option a = "// option (gogoproto.x) = true; /* */";',
      'option (a.b) = { gogoproto: "option (gogoproto.x) = true;" };',
      "option (gogoprotobuf.x) = true;",
      "option (my.gogoproto.x) = true;",
      "option gogoproto = true;",
      "message A { gogoproto.B option_b = 1; }",
      'a = 1 [default = "[(gogoproto.x) = 1]"];',
      "message option { option option = 1; }",
    ]) {
      becomes(text, text);
    }
  });

  test("reads line ends of either kind, and none at the end", () => {
    becomes(
      'import "old/a.proto";\r\noption (gogoproto.x) = true; // x\r\n\r\nmessage A {\r\n  bytes a = 1 [(gogoproto.x) = 1]; // a\r\n}\r\n',
      'import "new/a.proto"; message A { bytes a = 1; }',
    );
    becomes("message A {}\noption (gogoproto.x) = true;", "message A {}");
    becomes("option (gogoproto.x) = true;", "");
    becomes("message A {} // the end", "message A {}");
  });

  test("says where text is not a proto", () => {
    const rejects = (text: string, message: string): void => {
      assert.throws(() => rewrite(text), { name: "UpdateError", message });
    };
    rejects("message A {\n  }\n}", "x.proto:3:1: unexpected }");
    rejects("message A {\n  enum B {\n}", "x.proto:1:11: unclosed {");
    rejects("a = 1 [b = {c: 1];", "x.proto:1:17: unexpected ]");
    rejects("a = 1 [b = 1;", "x.proto:1:7: unclosed [");
    rejects("option (a) = { b: 1 }", "x.proto:1:1: a statement without ;");
    rejects("import public;", "x.proto:1:1: an import without a path");
  });

  test("lists the imports with their places", () => {
    assert.deepEqual(readImports('import "a";\n  import public "b";\nimport "gogoproto/gogo.proto";', "x.proto"), [
      { path: "a", at: "x.proto:1:8" },
      { path: "b", at: "x.proto:2:17" },
    ]);
  });

  test("takes out all that was put in and every comment, and not a token more", () => {
    const codeOf = (text: string): string[] =>
      tokenize(text, "x").flatMap((token) => (isComment(token) ? [] : [text.slice(token.start, token.end)]));
    fc.assert(
      fc.property(arbitraryFile, ({ plain, decorated }) => {
        const rewritten = rewrite(decorated);
        assert.deepEqual(codeOf(rewritten), codeOf(plain));
        assert(!tokenize(rewritten, "x").some(isComment));
      }),
    );
  });
});
