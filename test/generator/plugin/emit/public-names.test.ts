import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile } from "../compile.js";

/** Where exports of a file come from, by their names: `messages/a.js M`, or nothing for its own. */
function exportsOf(content: string): ReadonlyMap<string, string> {
  const named = [...content.matchAll(/^export (?:type )?\{([^}]*)\} from "(.*)";$/gm)].flatMap(
    ([, list = "", from = ""]) =>
      list
        .split(",")
        .map((each) => each.trim())
        .filter((each) => each !== "")
        .map((each): [string, string] => {
          const [name = "", as = name] = each.split(" as ");
          return [as, `${from} ${name}`];
        }),
  );
  const own = [...content.matchAll(/^export (?:const|function|interface) (\w+)/gm)].map(
    ([, name = ""]): [string, string] => [name, ""],
  );
  return new Map([...named, ...own]);
}

/** The exports of `client.ts`, and those that `index.ts` names. */
async function namesOf(protos: Readonly<Record<string, string>>, parameter = "") {
  const { file, errors } = await compile(protos, `messages=messages,client=client.ts,${parameter}`);
  assert.deepEqual(errors, []);
  return { client: exportsOf(file("client.ts")), index: exportsOf(file("index.ts")) };
}

/** A file with names that another package has too, and that a client's file has itself. */
function proto(name: string): string {
  return `syntax = "proto3"; package ${name};
    message M { Client client = 1; E e = 2; SClient s = 3; Text text = 4; createClient create = 5; }
    message Client {} message SClient {} message Text {} message createClient {} enum E { ZERO = 0; }
    service S { rpc R(M) returns (M); }`;
}

const A = { "a.proto": proto("first.v1") };
const B = { "b.proto": proto("second.v1") };

describe("the names of client.ts", () => {
  it("are those of index.ts, save for its own", async () => {
    const { client, index } = await namesOf({ ...A, ...B });
    const types = [...client].filter(([, from]) => from !== "");
    assert.deepEqual(
      types.map(([name]) => name),
      [
        ...["FirstV1Client", "firstV1CreateClient", "FirstV1M", "FirstV1SClient2", "FirstV1Text"],
        ...["SecondV1Client", "secondV1CreateClient", "M", "SecondV1SClient", "Text"],
      ],
    );
    for (const [name, from] of types) assert.equal(index.get(name), from, name);
    const own = [...client].filter(([, from]) => from === "").map(([name]) => name);
    assert.deepEqual(own, [
      ...["FirstV1E", "E"],
      ...["FirstV1SClient", "firstV1SClient", "SClient", "sClient"],
      ...["Client", "createClient"],
    ]);
  });

  it("do not change when a file is added before, or other files are written", async () => {
    const alone = await namesOf(B);
    const both = await namesOf({ ...A, ...B });
    for (const [name, from] of alone.client) assert.equal(both.client.get(name), from, name);
    const { file } = await compile({ ...A, ...B }, "messages=messages,client=client.ts,outputs=none");
    assert.deepEqual(exportsOf(file("client.ts")), both.client);
  });

  it("follow main_package", async () => {
    const { client } = await namesOf({ ...A, ...B }, "main_package=first.v1");
    assert.equal(client.get("M"), "./messages/a.js M");
    assert.equal(client.get("SecondV1M"), "./messages/b.js M");
    assert.ok(client.has("secondV1SClient"));
  });
});
