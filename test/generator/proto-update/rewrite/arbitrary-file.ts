import fc from "fast-check";

/** A proto file, and the same one with options of other tools in it. */
export interface FilePair {
  readonly plain: string;
  readonly decorated: string;
}

const both = (text: string): FilePair => ({ plain: text, decorated: text });

function joined(parts: readonly FilePair[], separator = ""): FilePair {
  return {
    plain: parts.map((part) => part.plain).join(separator),
    decorated: parts.map((part) => part.decorated).join(separator),
  };
}

function list(of: fc.Arbitrary<FilePair>, maxLength: number): fc.Arbitrary<FilePair> {
  return fc.array(of, { maxLength }).map((parts) => joined(parts));
}

function sequence(...of: readonly fc.Arbitrary<FilePair>[]): fc.Arbitrary<FilePair> {
  return fc.tuple(...of).map((parts) => joined(parts));
}

const space = fc.constantFrom(" ", "\t", "\n", "\n\n", "\r\n  ").map(both);
/** Comments that stand for themselves: no option follows on the next line. */
const comment = fc
  .constantFrom("\n// option (gogoproto.x) = true;\n\n", "\n/* [(gogoproto.x) = 1],\n { */\n\n", "\n//\n\n", "")
  .map(both);
const name = fc.constantFrom("a", "option", "import", "message", "gogoproto", "_1");

const value = fc.letrec<{ value: string; aggregate: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("true", "-1.5e3", "NAME", '"]};,"', "'it\\'s \"'"),
    tie("aggregate"),
  ),
  aggregate: fc
    .array(fc.tuple(fc.constantFrom("a", "[x.y/z]", "option"), tie("value")), { maxLength: 3 })
    .map((fields) => `{ ${fields.map(([key, each]) => `${key}: ${each};`).join(" ")} list: [1, {}, "x"] }`),
})).value;

const foreignName = fc.constantFrom(
  "(gogoproto.nullable)",
  "( .gogoproto.a ) . b",
  "(grpc.gateway.protoc_gen_openapiv2.options.openapiv2_swagger)",
  "(grpc.gateway.protoc_gen_swagger.options.openapiv2_field)",
);
const ownName = fc.constantFrom("deprecated", "(google.api.http)", "(versionpb.etcd_version_msg)", "(a.b).(c.d).e");
const ownOption = fc.tuple(ownName, value).map(([key, each]) => both(`${key} = ${each}`));
const foreignOption = fc
  .tuple(foreignName, value)
  .map(([key, each]): FilePair => ({ plain: "", decorated: `${key}=${each}` }));

const optionList = fc
  .tuple(fc.array(fc.oneof(ownOption, foreignOption), { maxLength: 4 }), fc.constantFrom(", ", ",\n    ", ","))
  .map(([entries, comma]): FilePair => {
    const bracketed = (parts: readonly string[]): string => (parts.length === 0 ? "" : ` [${parts.join(comma)}]`);
    return {
      plain: bracketed(entries.map((entry) => entry.plain).filter((text) => text !== "")),
      decorated: bracketed(entries.map((entry) => entry.decorated)),
    };
  });

const optionStatement = fc.oneof(
  ownOption.map(({ plain }) => both(`option ${plain};`)),
  foreignOption.map(({ decorated }): FilePair => ({ plain: "", decorated: `option ${decorated};` })),
);
const importStatement = fc.oneof(
  fc.constantFrom('import "etcd/a.proto";', "import public 'google/b.proto';").map(both),
  fc.constant<FilePair>({ plain: "", decorated: 'import "gogoproto/gogo.proto";' }),
);
const field = fc
  .tuple(name, optionList)
  .map(([each, options]) => joined([both(`bytes ${each}_ = 1`), options, both(";")]));

const block = (head: string, members: fc.Arbitrary<FilePair>): fc.Arbitrary<FilePair> =>
  list(sequence(space, comment, members), 4).map((body) => joined([both(`${head} {`), body, both("\n}")]));

const rpc = block("rpc A(stream b.C) returns (D)", optionStatement);
const message = fc.letrec<{ message: FilePair }>((tie) => ({
  message: block(
    "message A",
    fc.oneof(
      { depthSize: "small" },
      field,
      optionStatement,
      fc.constant(both('reserved 1, 4 to max, "x";')),
      block("oneof b", fc.oneof(field, optionStatement)),
      block("enum c", fc.oneof(field, optionStatement)),
      tie("message"),
    ),
  ),
})).message;

/** Any proto file, as far as imports and options go. */
export const arbitraryFile: fc.Arbitrary<FilePair> = list(
  sequence(
    space,
    comment,
    fc.oneof(importStatement, optionStatement, message, block("service S", fc.oneof(rpc, optionStatement))),
  ),
  6,
);
