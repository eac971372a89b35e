import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../compile.js";

const PROTO = `syntax = "proto3";
package x.v1;
import "google/api/annotations.proto";
// What color.
enum Color { COLOR_UNSPECIFIED = 0; RED = 1; }
message Ask {
  string name = 1;
  oneof by { sfixed64 id = 2; Ask other = 3; }
  optional bytes note = 4;
  map<int32, Color> colors = 5;
  string odd = 6 [json_name = "even"];
}
message Unused { string a = 1; }
// Answers.
service Answers {
  // Asks.
  rpc Get(Ask) returns (Ask) {
    option (google.api.http) = {
      get: "/v1/{name=a/*}"
      additional_bindings { get: "/v1/{name=b/*}" }
      additional_bindings { get: "/v1" }
      additional_bindings { get: "/v2" }
    };
  }
  rpc Talk(stream Ask) returns (stream Ask);
}`;

test("the plugin option client writes tables of what the RPCs carry, and a function for each service", async () => {
  const { file, errors } = await compile({ "x/v1/x.proto": PROTO }, "outputs=none,messages=messages,client=web/api.ts");
  assert.deepEqual(errors, []);
  const [, ...statements] = file("web/api.ts").split("\n\n/**\n * What color.");
  assert.equal(
    statements.join(""),
    `
 *
 * The values of \`x.v1.Color\`.
 */
export const Color = {
  COLOR_UNSPECIFIED: 0,
  RED: 1,
} as const;

export type Color = (typeof Color)[keyof typeof Color];

const AskFields: Fields<Ask> = () => ({
  name: "string",
  by: oneof({
    id: "int64",
    other: AskFields,
  }),
  note: optional("bytes"),
  colors: ["int32", Color],
  odd: named("even", "string"),
});

/**
 * Answers.
 *
 * The service \`x.v1.Answers\`.
 */
export interface AnswersClient<Text extends boolean = false> {
  /**
   * Asks.
   *
   * \`x.v1.Answers.Get\`: \`GET /v1/{name=a/*}\`, \`GET /v1/{name=b/*}\`, \`GET /v1\`, \`GET /v2\`
   */
  readonly get: UnaryCall<Ask, Ask, Text>;
  /** \`x.v1.Answers.Talk\`: without an HTTP rule */
  readonly talk: BidiCall<Ask, Ask, Text>;
}

/** Makes the client of \`x.v1.Answers\`. */
export function answersClient<Text extends boolean>(channel: Channel<Text>): AnswersClient<Text> {
  return {
    get: unary<Ask, Ask, Text>(
      channel,
      "x.v1.Answers.Get",
      [
        { method: "GET", path: "/v1/{name=a/*}", bind: byRule },
        { method: "GET", path: "/v1/{name=b/*}", bind: byRule },
        { method: "GET", path: "/v1", bind: byRule },
      ],
      AskFields,
      AskFields,
    ),
    talk: bidi<Ask, Ask, Text>(
      channel,
      "x.v1.Answers.Talk",
      { method: "POST", path: "/x.v1.Answers/Talk", bind: byBody },
      AskFields,
      AskFields,
    ),
  };
}

/** A client of each service. */
export interface Client<Text extends boolean = false> {
  /**
   * Answers.
   *
   * The service \`x.v1.Answers\`.
   */
  readonly answers: AnswersClient<Text>;
}

/** Makes a client of each service. An app that needs few of them, and is to be small, makes those alone. */
export function createClient<Text extends boolean>(channel: Channel<Text>): Client<Text> {
  return {
    answers: answersClient(channel),
  };
}
`,
  );
  assert.match(file("web/api.ts"), /import type \{ Ask \} from "\.\.\/messages\/x\/v1\/x\.js";/);
});

test("the plugin option client names a .ts file", async () => {
  const { errors } = await compile({ "x/v1/x.proto": PROTO }, "client=client.js");
  assert.deepEqual(errors, ['invalid plugin option client "client.js": expected the relative path of a .ts file']);
});
