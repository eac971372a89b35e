import { b64, type Case, call, cases } from "../parity-case.js";

const J = '"key":"ag=="';

/** So that what was refused by one of the two is not in the way of the next case. */
const clean = call("kv/deleterange", `{${J}}`);

/** A put by its text, and what is there afterwards. */
function puts(bodies: Readonly<Record<string, string | Buffer>>): Case[] {
  return cases(
    "a body with",
    Object.fromEntries(
      Object.entries(bodies).map(([name, body]) => [
        name,
        [call("kv/put", body), call("kv/range", { key: b64("j") }), clean],
      ]),
    ),
  );
}

/** A lease by the text of its id. */
function ids(texts: readonly string[]): Case[] {
  return cases(
    "an integer",
    Object.fromEntries(
      texts.map((text) => [
        text,
        [call("lease/timetolive", `{"ID":${text}}`), call("kv/range", `{"key":"aQ==","limit":${text}}`)],
      ]),
    ),
  );
}

function keys(texts: readonly string[]): Case[] {
  return cases(
    "bytes",
    Object.fromEntries(
      texts.map((text) => [text, [call("kv/put", `{${J}}`), call("kv/range", `{"key":${text}}`), clean]]),
    ),
  );
}

function orders(texts: readonly string[]): Case[] {
  return cases(
    "an enum",
    Object.fromEntries(texts.map((text) => [text, call("kv/range", `{"key":"aQ==","sort_order":${text}}`)])),
  );
}

function flags(texts: readonly string[]): Case[] {
  return cases(
    "a bool",
    Object.fromEntries(texts.map((text) => [text, call("kv/range", `{"key":"aQ==","keys_only":${text}}`)])),
  );
}

function names(texts: readonly string[]): Case[] {
  return cases("a string", Object.fromEntries(texts.map((text) => [text, call("auth/user/get", `{"name":${text}}`)])));
}

/** What JSON may look like, and what it may not. */
export const json: readonly Case[] = [
  ...puts({
    "an empty body": "",
    "white space only": " \r\n\t ",
    null: "null",
    "an empty object": "{}",
    "a list": "[]",
    "a string": '"x"',
    "a number": "1",
    true: "true",
    "white space around": `\n\t {${J} , "value" : "MQ==" } \r\n`,
    "an unknown member": `{${J},"extra":{"a":[1,2.5e3,"x",null,true]}}`,
    "a member twice": `{${J},"value":"MQ==","value":"Mg=="}`,
    "a member in both spellings": `{${J},"prev_kv":true,"prevKv":false}`,
    "a member in both spellings, the other way": `{${J},"prevKv":false,"prev_kv":true}`,
    "a member twice, once null": `{${J},"value":"MQ==","value":null}`,
    "a member twice, once of a wrong type": `{${J},"value":5,"value":"MQ=="}`,
    "an unknown member twice": `{${J},"x":1,"x":2}`,
    "null for everything": `{${J},"value":null,"lease":null,"prev_kv":null}`,
    "an escaped name": '{"\\u006bey":"ag==","value":"MQ=="}',
    "escapes in base64": '{"key":"\\u0061g==","value":"MQ\\u003d="}',
    "a solidus escaped": '{"key":"ag==","value":"\\/\\/8="}',
    "half of it": '{"key":"ag==","value":',
    "no closing brace": `{${J}`,
    "a comma at the end": `{${J},}`,
    "a comma at the beginning": `{,${J}}`,
    "no colon": '{"key" "ag=="}',
    "no comma": `{${J} "value":"MQ=="}`,
    "single quotes": "{'key':'ag=='}",
    "no quotes": "{key:1}",
    "a comment": `{${J}/* no */}`,
    "a line comment": `// no\n{${J}}`,
    "a byte order mark": Buffer.from(`\ufeff{${J}}`),
    "UTF-16": Buffer.from(`{${J}}`, "utf16le"),
    "a control character in a string": `{${J},"x":"a\nb"}`,
    NUL: `{${J}\0}`,
    NaN: `{${J},"lease":NaN}`,
    "a hexadecimal number": `{${J},"lease":0x10}`,
    "a leading zero": `{${J},"lease":01}`,
    "a plus sign": `{${J},"lease":+1}`,
    "a number without digits behind the point": `{${J},"lease":1.}`,
    "a bad escape": `{${J},"x":"\\x41"}`,
    "a bad unicode escape": `{${J},"x":"\\u00g0"}`,
    "a lone surrogate": `{${J},"x":"\\ud800"}`,
    "a surrogate pair": `{${J},"x":"\\ud83d\\ude00"}`,
    "invalid UTF-8": Buffer.concat([Buffer.from(`{${J},"x":"`), Buffer.of(0xff), Buffer.from('"}')]),
    "a second value": `{${J},"value":"MQ=="}{"key":"eA=="}`,
    "a second value in a line of its own": `{${J},"value":"MQ=="}\n{"key":"eA=="}\n`,
    "an extra bracket": `{${J},"value":"MQ=="}]`,
    "an extra brace": `{${J},"value":"MQ=="}}`,
    "garbage behind": `{${J},"value":"MQ=="} garbage`,
    "nesting of 90": `{${J},"x":${"[".repeat(90)}${"]".repeat(90)}}`,
    "nesting of 2,000": `{${J},"x":${"[".repeat(2000)}${"]".repeat(2000)}}`,
    "nesting of 20,000": `{${J},"x":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
    "nesting that is not closed": `{${J},"x":${"[".repeat(20_000)}`,
    "a thousand unknown members": `{${Array.from({ length: 1000 }, (_, i) => `"m${i}":${i}`).join()},${J}}`,
    "a message for a string": '{"key":{}}',
    "a number for bytes": '{"key":5}',
    "true for bytes": '{"key":true}',
  }),
  ...ids([
    "7",
    '"7"',
    "0",
    "-0",
    '"-0"',
    "-7",
    "7.0",
    "7e0",
    "70e-1",
    '"7.0"',
    '"7e0"',
    "7.5",
    '"7.5"',
    "1e400",
    '" 7"',
    '"7 "',
    '"+7"',
    '"07"',
    '"0x7"',
    '""',
    '"abc"',
    '"null"',
    '"\\u0037"',
    "true",
    "[]",
    "{}",
    "null",
    "9223372036854775807",
    '"-9223372036854775808"',
    "9223372036854775808",
    '"-9223372036854775809"',
    "1e3",
    "9007199254740993",
  ]),
  ...keys([
    '""',
    '"ag=="',
    '"ag"',
    '"ag="',
    '"a"',
    '"ag==="',
    '"+/+/"',
    '"-_-_"',
    '"-/-/"',
    '"ag==\\n"',
    '"a\\r\\ng=="',
    '"a g=="',
    '" ag=="',
    '"%61g=="',
    '"ag==ag=="',
    '"ah=="',
    '"ä"',
    "[106]",
    "[]",
    "[256]",
    "[106,null]",
    "[1.5]",
    '["ag=="]',
    "{}",
    "false",
    "12",
  ]),
  ...orders([
    '"DESCEND"',
    '"descend"',
    '"BOGUS"',
    '""',
    '"2"',
    "2",
    "2.0",
    '"2.0"',
    "1.5",
    "99",
    "-1",
    "true",
    "null",
    "[]",
    "{}",
    '"__proto__"',
    '"toString"',
    "4294967298",
  ]),
  ...flags(["true", "false", '"true"', "1", "0", "null", "[]", "{}", '""', "True"]),
  ...names([
    '"x"',
    '""',
    "5",
    "true",
    "null",
    "[]",
    "{}",
    '"\\u0000"',
    '"\\ud83d\\ude00"',
    '"\\ud800"',
    '"\\udc00x"',
    '"ü"',
  ]),
];
