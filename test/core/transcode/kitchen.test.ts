import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { answer, open, send } from "../../http/requests.js";
import { ApiUnderTest, check, sendJson } from "./api-under-test.js";
import { KITCHEN } from "./kitchen.js";

describe("a gateway of rules of every form", () => {
  let api: ApiUnderTest;
  let port: number;

  before(async () => {
    api = await ApiUnderTest.start(KITCHEN);
    port = await api.serve();
  });
  after(() => api?.stop());

  it("rejects a member of a oneof in the body beside another in the path", () =>
    check(port, [
      ["PUT", "/v1/sauces/red", { bottled: "blue", name: "x" }, { bottled: "red", name: "x" }],
      ["PUT", "/v1/sauces/red", { spoons: 3 }, /spoons: second member of the oneof sauce: the path sets bottled/],
    ]));

  it("puts path variables into their fields", () =>
    check(port, [
      ["GET", "/v1/dishes/soup", "", { name: "soup" }],
      ["GET", "/v1/dishes/a%2Fb%20c+d", "", { name: "a/b c+d" }],
      [
        "GET",
        "/v1/numbers/-5/9223372036854775807/4294967295/18446744073709551615/-7/1.5",
        "",
        {
          salt: -5,
          sugar: "9223372036854775807",
          eggs: 4294967295,
          grains: "18446744073709551615",
          warmth: -7,
          weight: 1.5,
        },
      ],
      ["GET", "/v1/numbers/0/0/0/0/0/-Infinity", "", { weight: "-Infinity" }],
      ["GET", "/v1/plain/T/_-8/RED/x", "", { hot: true, photo: "/+8=", color: "RED", note: "x" }],
      ["GET", "/v1/plain/false/%2F%2B8%3D/2/x", "", { photo: "/+8=", color: "GREEN", note: "x" }],
      ["GET", "/v1/plain/0/eA/77/x", "", { photo: "eA==", color: 77, note: "x" }],
      [
        "GET",
        "/v1/cooks/ann/teachers/x%2Fy/z%20:find",
        "",
        { cook: { name: "cooks/ann", teacher: { name: "teachers/x%2Fy/z " } } },
      ],
      ["GET", "/v1/fixed/x", "", { name: "fixed", long_name: "x" }],
      ["GET", "/v1/literal/name", "", { name: "literal/name" }],
      ["GET", "/v1/sauces/soy", "", { bottled: "soy" }],
    ]));

  it("rejects a path variable that is not a value of its field, and names it", () =>
    check(port, [
      ["GET", "/v1/numbers/1.5/0/0/0/0/0", "", /^path variable \{salt\}: not an integer: .*int32.*"1\.5"$/],
      ["GET", "/v1/numbers/0/9223372036854775808/0/0/0/0", "", /^path variable \{sugar\}: out of range for an int64/],
      ["GET", "/v1/numbers/0/0/-1/0/0/0", "", /^path variable \{eggs\}: out of range/],
      ["GET", "/v1/numbers/0/0/0/x/0/0", "", /^path variable \{grains\}: invalid number/],
      ["GET", "/v1/numbers/0/0/0/0/0x1/0", "", /^path variable \{warmth\}: invalid number/],
      ["GET", "/v1/numbers/0/0/0/0/0/1e39", "", /^path variable \{weight\}: out of range for a float/],
      ["GET", "/v1/plain/yes/eA/RED/x", "", /^path variable \{hot\}: .*expected true or false, got "yes"/],
      ["GET", "/v1/plain/1/e*A/RED/x", "", /^path variable \{photo\}: invalid base64/],
      ["GET", "/v1/plain/1/eA/BLUE/x", "", /^path variable \{color\}: unknown enum value: .*kitchen\.v1\.Color/],
    ]));

  it("lets the path win over a body that is the whole message", () =>
    check(port, [
      ["PUT", "/v1/dishes/a", { name: "b", salt: 1 }, { name: "a", salt: 1 }],
      ["PUT", "/v1/dishes/a", "", { name: "a" }],
      ["PUT", "/v1/dishes/a?salt=5", {}, { name: "a" }],
      ["PUT", "/v1/salt/0", { salt: 3, eggs: 1 }, { eggs: 1 }],
      ["PUT", "/v1/sauces/soy", { bottled: "no", eggs: 1 }, { bottled: "soy", eggs: 1 }],
      [
        "PUT",
        "/v1/cooks/ann/dish",
        { cook: { name: "bob", age: 5, teacher: { name: "x" } }, eggs: 1 },
        { cook: { name: "cooks/ann", age: 5, teacher: { name: "x" } }, eggs: 1 },
      ],
      ["PUT", "/v1/cooks/ann/dish", { cook: null }, { cook: { name: "cooks/ann" } }],
      ["PUT", "/v1/dishes/a", { name: 5 }, /^name: .*expected a string/],
      ["PUT", "/v1/dishes/a", "[]", /expected an object/],
    ]));

  it("reads a body that is one field", () =>
    check(port, [
      ["POST", "/v1/dishes/a/cook", { name: "ann", age: 3 }, { name: "a", cook: { name: "ann", age: 3 } }],
      ["POST", "/v1/dishes/a/cook?eggs=2", {}, { name: "a", eggs: 2, cook: {} }],
      ["POST", "/v1/dishes/a/cook", "", { name: "a" }],
      ["POST", "/v1/dishes/a/cook", " null ", { name: "a" }],
      ["POST", "/v1/dishes/a/cook?cook.age=5&name=x", {}, { name: "a", cook: {} }],
      ["POST", "/v1/cooks/ann", { name: "x", age: 3 }, { cook: { name: "cooks/ann", age: 3 } }],
      ["POST", "/v1/cooks/ann", "", { cook: { name: "cooks/ann" } }],
      ["POST", "/v1/set/tags?tags=x&eggs=1", ["a", "b"], { tags: ["a", "b"], eggs: 1 }],
      ["POST", "/v1/set/sizes", [1, "2"], { sizes: [1, 2] }],
      ["POST", "/v1/set/sugar", " 9007199254740993 ", { sugar: "9007199254740993" }],
      ["POST", "/v1/set/color", '"GREEN"', { color: "GREEN" }],
      ["POST", "/v1/set/helpers", [{ name: "a" }, {}], { helpers: [{ name: "a" }, {}] }],
      ["POST", "/v1/set/labels", { a: "b" }, { labels: { a: "b" } }],
      ["POST", "/v1/set/guests", { a: { age: 1 } }, { guests: { a: { age: 1 } } }],
      ["POST", "/v1/set/note", '""', { note: "" }],
      ["POST", "/v1/set/spoons", "0", { spoons: 0 }],
      ["POST", "/v1/set/spoons?bottled=x", "1", /oneof sauce/],
      ["POST", "/v1/set/spoons?bottled=x", "", { bottled: "x" }],
      ["POST", "/v1/dishes/a/cook", { age: "x" }, /^cook\.age: /],
      ["POST", "/v1/set/sizes", [1, "x"], /^sizes\[1\]: /],
      ["POST", "/v1/set/tags", '["a"],"eggs":1', /expected the end of the JSON/],
      ["POST", "/v1/set/labels", '{"a":"b"}}', /expected the end of the JSON/],
    ]));

  it("reads query parameters by both names, with every kind of value", () =>
    check(port, [
      ["GET", "/v1/dishes?name=a+b%20c%2B&salt=-1&sugar=-2", "", { name: "a b c+", salt: -1, sugar: "-2" }],
      [
        "GET",
        "/v1/dishes?hot=1&photo=_-8&weight=NaN&price=1e3",
        "",
        { hot: true, photo: "/+8=", weight: "NaN", price: 1000 },
      ],
      ["GET", "/v1/dishes?tags=a&tags=b&tags=", "", { tags: ["a", "b", ""] }],
      [
        "GET",
        "/v1/dishes?sizes=1&sizes=0&colors=RED&colors=2&flags=t&flags=F",
        "",
        { sizes: [1, 0], colors: ["RED", "GREEN"], flags: [true, false] },
      ],
      ["GET", "/v1/dishes?photos=eA&photos=", "", { photos: ["eA==", ""] }],
      ["GET", "/v1/dishes?note=&rank=0", "", { note: "", rank: 0 }],
      ["GET", "/v1/dishes?longName=a&even=b", "", { long_name: "a", odd: "b" }],
      ["GET", "/v1/dishes?long_name=a&odd=b", "", { long_name: "a", odd: "b" }],
      [
        "GET",
        "/v1/dishes?cook.name=a&cook.teacher.teacher.age=3&cook.knives=x&cook.knives=y&cook.teacher.name=b",
        "",
        { cook: { name: "a", teacher: { name: "b", teacher: { age: 3 } }, knives: ["x", "y"] } },
      ],
      [
        "GET",
        "/v1/dishes?labels[a]=b&labels[]=c&labels[x.y]=&labels[a%5Db]=d",
        "",
        { labels: { a: "b", "": "c", "x.y": "", "a]b": "d" } },
      ],
      ["GET", "/v1/dishes?moods[-1]=RED&counts[true]=5", "", { moods: { "-1": "RED" }, counts: { true: "5" } }],
      ["GET", "/v1/dishes?counts[1]=5&counts[F]=6", "", { counts: { true: "5", false: "6" } }],
      [
        "GET",
        "/v1/dishes?labels[__proto__]=a&labels[constructor]=b",
        "",
        JSON.parse('{"labels":{"__proto__":"a","constructor":"b"}}'),
      ],
      ["GET", "/v1/dishes?spoons=0", "", { spoons: 0 }],
      ["GET", "/v1/dishes?saucier.name=a&saucier.age=1", "", { saucier: { name: "a", age: 1 } }],
      ["GET", "/v1/dishes?&&name=a&#fragment", "", { name: "a" }],
      ["GET", "/v1/dishes?name", "", {}],
      ["GET", "/v1/dishes?name=a=b", "", { name: "a=b" }],
    ]));

  it("passes over parameters that name no field, or one that is bound", () =>
    check(port, [
      ["GET", "/v1/dishes?x=1&cook.x=2&__proto__=3&__proto__.name=4&constructor=5&toString=6&=7", "", {}],
      ["GET", "/v1/dishes/a?name=b&eggs=1", "", { name: "a", eggs: 1 }],
      [
        "GET",
        "/v1/cooks/a/teachers/b:find?cook.name=x&cook.teacher.name=y&cook.age=1",
        "",
        { cook: { name: "cooks/a", age: 1, teacher: { name: "teachers/b" } } },
      ],
    ]));

  it("rejects parameters that cannot be read, and names them", () =>
    check(port, [
      ["GET", "/v1/dishes?salt=x", "", /^query parameter "salt": invalid number: expected an int32, got "x"$/],
      ["GET", "/v1/dishes?salt=", "", /^query parameter "salt": /],
      ["GET", "/v1/dishes?cook.age=1.5", "", /^query parameter "cook\.age": not an integer/],
      ["GET", "/v1/dishes?hot=yes", "", /^query parameter "hot": .*true or false/],
      ["GET", "/v1/dishes?color=BLUE", "", /^query parameter "color": unknown enum value/],
      ["GET", "/v1/dishes?sizes=1&sizes=x", "", /^query parameter "sizes": .*"x"/],
      ["GET", "/v1/dishes?name=a&name=b", "", /^query parameter "name": .*not repeated/],
      ["GET", "/v1/dishes?long_name=a&longName=b", "", /^query parameter "longName": .*not repeated/],
      ["GET", "/v1/dishes?bottled=a&spoons=1", "", /^query parameter "spoons": second member of the oneof sauce/],
      ["GET", "/v1/dishes?bottled=a&saucier.name=b", "", /oneof sauce, and bottled is already set/],
      ["GET", "/v1/sauces/soy?spoons=1", "", /oneof sauce, and bottled is already set/],
      ["GET", "/v1/dishes?cook=x", "", /^query parameter "cook": cook is a message, .*cook\.NAME=VALUE/],
      ["GET", "/v1/dishes?helpers=x", "", /^query parameter "helpers": helpers is a repeated message/],
      ["GET", "/v1/dishes?helpers.name=x", "", /^query parameter "helpers\.name": helpers is a repeated message/],
      ["GET", "/v1/dishes?name.x=1", "", /^query parameter "name\.x": name is a single value/],
      ["GET", "/v1/dishes?tags.x=1", "", /^query parameter "tags\.x": tags is repeated/],
      ["GET", "/v1/dishes?tags[]=1", "", /^query parameter "tags\[\]": .*repeat tags=VALUE/],
      ["GET", "/v1/dishes?labels=x", "", /^query parameter "labels": .*labels\[KEY\]=VALUE/],
      ["GET", "/v1/dishes?labels.a=x", "", /^query parameter "labels\.a": labels is a map/],
      ["GET", "/v1/dishes?labels[a]b=x", "", /^query parameter "labels\[a\]b": .*labels\[KEY\]=VALUE/],
      ["GET", "/v1/dishes?labels[a]=x&labels[a]=y", "", /^query parameter "labels\[a\]": labels already has this key/],
      ["GET", "/v1/dishes?guests[a]=x", "", /^query parameter "guests\[a\]": .*messages/],
      ["GET", "/v1/dishes?moods[x]=RED", "", /^query parameter "moods\[x\]": /],
      ["GET", "/v1/dishes?name=%zz", "", /malformed percent-escape/],
      ["GET", "/v1/dishes?name=%ff", "", /malformed percent-escape/],
      ["GET", "/v1/dishes?%=x", "", /malformed percent-escape/],
      ["GET", `/v1/dishes?cook.${"teacher.".repeat(100)}name=x`, "", /more than 100 nested messages/],
      ["GET", `/v1/dishes?${"tags=x&".repeat(1001)}`, "", /more than 1000 parameters/],
    ]));

  it("rejects parameters that it would pass over if it is strict", async () =>
    check(await api.serve({ json: { unknownFields: "reject" } }), [
      ["GET", "/v1/dishes?x=1", "", /^query parameter "x": kitchen\.v1\.Dish has no field "x"$/],
      ["GET", "/v1/dishes?cook.x=1", "", /^query parameter "cook\.x": kitchen\.v1\.Cook has no field "x"$/],
      ["GET", "/v1/dishes/a?name=b", "", /^query parameter "name": .*bound/],
      ["PUT", "/v1/dishes/a?name=b", { eggs: 1 }, { name: "a", eggs: 1 }],
      ["GET", "/v1/dishes/a?eggs=1", "", { name: "a", eggs: 1 }],
    ]));

  it("takes unknown enum numbers as it is told", async () =>
    check(await api.serve({ json: { unknownEnumNumbers: "reject" } }), [
      ["GET", "/v1/dishes?color=2", "", { color: "GREEN" }],
      ["GET", "/v1/dishes?color=3", "", /^query parameter "color": unknown enum value/],
      ["GET", "/v1/plain/1/eA/3/x", "", /^path variable \{color\}: unknown enum value/],
    ]));

  it("responds with the field that response_body names", () =>
    check(port, [
      [
        "POST",
        "/v1/part/cook",
        { eggs: 1, cook: { name: "a", knives: ["x"] }, odd: "z" },
        { name: "a", knives: ["x"] },
      ],
      ["POST", "/v1/part/name", { name: 'a "b"', eggs: 1 }, 'a "b"'],
      ["POST", "/v1/part/sugar", { sugar: "9007199254740993" }, "9007199254740993"],
      ["POST", "/v1/part/hot", { hot: true }, true],
      ["POST", "/v1/part/color", { color: "RED" }, "RED"],
      ["POST", "/v1/part/rank", { rank: 0 }, 0],
      ["POST", "/v1/part/price", { price: "Infinity" }, "Infinity"],
      ["POST", "/v1/part/photo", { photo: "eA" }, "eA=="],
      ["POST", "/v1/part/sizes", { sizes: [1, 2] }, [1, 2]],
      ["POST", "/v1/part/helpers", { helpers: [{ name: "a" }, {}] }, [{ name: "a" }, {}]],
      ["POST", "/v1/part/labels", { labels: { a: "b" } }, { a: "b" }],
      ["POST", "/v1/part/guests", { guests: { a: { age: 1 } } }, { a: { age: 1 } }],
      ["POST", "/v1/part/saucier", { saucier: { age: 1 } }, { age: 1 }],
    ]));

  it("responds with the default of a response_body that is absent", () =>
    check(port, [
      ["POST", "/v1/part/cook", {}, {}],
      ["POST", "/v1/part/name", {}, ""],
      ["POST", "/v1/part/sugar", {}, "0"],
      ["POST", "/v1/part/hot", {}, false],
      ["POST", "/v1/part/color", {}, "COLOR_UNSPECIFIED"],
      ["POST", "/v1/part/rank", {}, null],
      ["POST", "/v1/part/price", {}, 0],
      ["POST", "/v1/part/photo", {}, ""],
      ["POST", "/v1/part/sizes", {}, []],
      ["POST", "/v1/part/helpers", {}, []],
      ["POST", "/v1/part/labels", {}, {}],
      ["POST", "/v1/part/saucier", { spoons: 1 }, {}],
    ]));

  it("serves custom methods, and any method", () =>
    check(port, [
      ["DELETE", "/v1/dishes/a?eggs=1", "", { name: "a", eggs: 1 }],
      ["PURGE", "/v1/dishes/a?eggs=1", "", { name: "a", eggs: 1 }],
      ["PUT", "/v1/any/a", { eggs: 1 }, { name: "a", eggs: 1 }],
      ["OPTIONS", "/v1/any/a", "", { name: "a" }],
    ]));

  it("does not read a body that the rule has none of", async () => {
    const { status, body } = await sendJson(port, "GET", "/v1/dishes/a", "{ not JSON");
    assert.deepEqual([status, JSON.parse(body)], [200, { name: "a" }]);

    const req = open(port, "/v1/dishes/a", { method: "DELETE", headers: { "Content-Length": 10 } });
    req.flushHeaders();
    const [res] = await once(req, "response");
    assert.equal(res.statusCode, 200);
    req.destroy();
  });

  it("frames the field that response_body names, in a stream", async () => {
    const part = await send(port, "/v1/serve/a?cook.age=1", "", { method: "GET" });
    assert.equal(part.body, '{"result":{"age":1}}\n'.repeat(2));
    const none = await send(port, "/v1/serve/a", "", { method: "GET" });
    assert.equal(none.body, '{"result":{}}\n'.repeat(2));
    const whole = await send(port, "/v1/serve/a/whole?eggs=1", "", { method: "GET" });
    assert.equal(whole.body, '{"result":{"name":"a","eggs":1}}\n'.repeat(2));
    const bad = await send(port, "/v1/serve/a?cook.age=x", "", { method: "GET" });
    assert.equal(bad.status, 400);
  });

  it("puts path variables into every message of a request stream", async () => {
    const sent = await send(port, "/v1/gather/a", '{"tags":["x"],"name":"lost"}{"tags":["y"]}');
    assert.deepEqual(JSON.parse(sent.body), { name: "a", tags: ["x", "y"] });
    const bare = await send(port, "/v1/gather/a?eggs=1", "", { method: "GET" });
    assert.deepEqual(JSON.parse(bare.body), { name: "a", eggs: 1 });
  });

  it("reaches RPCs without a rule if it is told to", async () => {
    const path = "/kitchen.v1.Kitchen/Hidden";
    assert.equal((await sendJson(port, "POST", path, {})).status, 404);
    const all = await api.serve({ access: { unboundRpcs: true } });
    await check(all, [["POST", path, { name: "a" }, { name: "a" }]]);
    const stream = await answer(open(all, "/kitchen.v1.Kitchen/HiddenStream").end('{"name":"a"}{"eggs":1}'));
    assert.equal(stream.body, '{"result":{"name":"a"}}\n{"result":{"eggs":1}}\n');
    assert.equal((await sendJson(all, "POST", "/kitchen.v1.Kitchen/Get", {})).status, 404);
  });
});
