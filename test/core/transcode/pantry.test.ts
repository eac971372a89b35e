import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { answer, open, send } from "../../http/requests.js";
import { ApiUnderTest, check, sendJson } from "./api-under-test.js";
import { PANTRY } from "./pantry.js";

describe("a gateway of well-known types", () => {
  let api: ApiUnderTest;
  let port: number;

  before(async () => {
    api = await ApiUnderTest.start(PANTRY);
    port = await api.serve();
  });
  after(() => api?.stop());

  it("reads them from paths", () =>
    check(port, [
      [
        "GET",
        "/v1/times/2016-12-15T12:23:32.000000049Z/1.5s/T/a%20b/9007199254740993",
        "",
        {
          opened: "2016-12-15T12:23:32.000000049Z",
          age: "1.500s",
          full: true,
          title: "a b",
          number: "9007199254740993",
        },
      ],
      ["GET", "/v1/times/yesterday/1s/1/x/1", "", /^path variable \{opened\}: /],
      ["GET", "/v1/times/2016-12-15T00:00:00Z/1y/1/x/1", "", /^path variable \{age\}: /],
      ["GET", "/v1/times/2016-12-15T00:00:00Z/1s/x/x/1", "", /^path variable \{full\}: /],
      [
        "POST",
        "/v1/times/2016-12-15T00:00:00Z/0",
        { opened: "2001-01-01T00:00:00.5Z", number: "7", name: "a" },
        { name: "a", opened: "2016-12-15T00:00:00Z", number: "0" },
      ],
    ]));

  it("reads them from the query", () =>
    check(port, [
      [
        "GET",
        "/v1/jars?opened=2016-12-15T12:23:32Z&age=-1.25s",
        "",
        { opened: "2016-12-15T12:23:32Z", age: "-1.250s" },
      ],
      ["GET", '/v1/jars?opened="2016-12-15T12:23:32Z"&age="3s"', "", { opened: "2016-12-15T12:23:32Z", age: "3s" }],
      ["GET", "/v1/jars?age=1h30m0.5s", "", { age: "5400.500s" }],
      [
        "GET",
        "/v1/jars?full=0&title=&number=-5&code=_-8&price=NaN",
        "",
        { full: false, title: "", number: "-5", code: "/+8=", price: "NaN" },
      ],
      ["GET", '/v1/jars?title="quoted"', "", { title: '"quoted"' }],
      ["GET", "/v1/jars?number.value=5", "", { number: "5" }],
      ["GET", "/v1/jars?mask=name,lid.line_num", "", { mask: "name,lid.lineNum" }],
      ["GET", "/v1/jars?mask=name,lid.lineNum", "", { mask: "name,lid.lineNum" }],
      ["GET", "/v1/jars?mask=", "", { mask: "" }],
      [
        "GET",
        '/v1/jars?notes={"a":{"b":[1,null]}}&extra=[true]&list=["x"]',
        "",
        { notes: { a: { b: [1, null] } }, extra: [true], list: ["x"] },
      ],
      ["GET", "/v1/jars?extra=null", "", { extra: null }],
      ["GET", '/v1/jars?extra="x"', "", { extra: "x" }],
      ["GET", "/v1/jars?amounts=1&amounts=18446744073709551615", "", { amounts: ["1", "18446744073709551615"] }],
      [
        "GET",
        "/v1/jars?times=2016-12-15T00:00:00Z&times=2017-12-15T00:00:00Z",
        "",
        { times: ["2016-12-15T00:00:00Z", "2017-12-15T00:00:00Z"] },
      ],
      ["GET", "/v1/jars?ages[a]=1s&ages[b]=2m", "", { ages: { a: "1s", b: "120s" } }],
      ["GET", "/v1/jars?values=1&values=[2]&values=null", "", { values: [1, [2], null] }],
      ["GET", "/v1/jars?opened=1", "", /^query parameter "opened": /],
      ["GET", "/v1/jars?opened=0000-01-01T00:00:00Z", "", /^query parameter "opened": /],
      ["GET", "/v1/jars?age=null", "", /^query parameter "age": /],
      ["GET", "/v1/jars?extra=x", "", /^query parameter "extra": /],
      ["GET", "/v1/jars?values=1,2", "", /^query parameter "values": /],
      ["GET", "/v1/jars?notes=[]", "", /^query parameter "notes": /],
      ["GET", '/v1/jars?notes={"a":1},"name":"x"', "", /^query parameter "notes": /],
      ["GET", "/v1/jars?any=x", "", /^query parameter "any": any is a message/],
      ["GET", "/v1/jars?number=1&number.value=2", "", /^query parameter "number\.value": /],
    ]));

  it("reads them from bodies, and an Any of a type of the services", () =>
    check(port, [
      ["POST", "/v1/set/opened", '"2016-12-15T00:00:00Z"', { opened: "2016-12-15T00:00:00Z" }],
      ["POST", "/v1/set/extra", "null", { extra: null }],
      ["POST", "/v1/set/extra", { a: 1 }, { extra: { a: 1 } }],
      ["POST", "/v1/set/notes", { a: 1 }, { notes: { a: 1 } }],
      ["POST", "/v1/set/title", '""', { title: "" }],
      ["POST", "/v1/set/title", "null", {}],
      [
        "POST",
        "/v1/set/any",
        { "@type": "type.googleapis.com/pantry.v1.Lid", color: "red" },
        { any: { "@type": "type.googleapis.com/pantry.v1.Lid", color: "red" } },
      ],
      ["POST", "/v1/set/any", { "@type": "x/y.Z" }, /^any: unknown message type/],
    ]));

  it("responds with one of them", () =>
    check(port, [
      ["POST", "/v1/part/opened", { opened: "2016-12-15T00:00:00Z" }, "2016-12-15T00:00:00Z"],
      ["POST", "/v1/part/opened", {}, null],
      ["POST", "/v1/part/extra", { extra: null }, null],
      ["POST", "/v1/part/extra", { extra: [1] }, [1]],
      ["POST", "/v1/part/notes", { notes: { a: 1 } }, { a: 1 }],
      ["POST", "/v1/part/notes", {}, {}],
      ["POST", "/v1/part/list", {}, []],
      ["POST", "/v1/part/number", { number: 0 }, "0"],
      ["POST", "/v1/part/number", {}, null],
      ["POST", "/v1/part/amounts", { amounts: [1] }, ["1"]],
      ["POST", "/v1/part/nothing", {}, {}],
      [
        "POST",
        "/v1/part/any",
        { any: { "@type": "a/pantry.v1.Lid", size: 1 } },
        { "@type": "a/pantry.v1.Lid", size: 1 },
      ],
    ]));

  it("fills the field mask of a PATCH from its body", () =>
    check(port, [
      ["PATCH", "/v1/jars/a", { opened: null, lid: { color: "", size: 1 } }, "opened,lid.color,lid.size"],
      [
        "PATCH",
        "/v1/jars/a",
        { lid: {}, lids: [{ color: "x" }], labels: { a: "b" }, age: "1s" },
        "lid,lids,labels,age",
      ],
      ["PATCH", "/v1/jars/a", { notes: { a: { b: 1 }, c: [] }, extra: { d: 1 } }, "notes.a.b,notes.c,extra.d"],
      ["PATCH", "/v1/jars/a", { notes: { "a.b": 1, c: 1 } }, "notes"],
      ["PATCH", "/v1/jars/a", { any: { "@type": "a/pantry.v1.Lid", size: 1 } }, "any"],
      ["PATCH", "/v1/jars/a?update_mask=lid.size", { name: "x" }, "lid.size"],
      ["PATCH", "/v1/jars/a?update_mask=", { opened: null }, "opened"],
      ["PATCH", "/v1/jars/a?updateMask=lid.size", { name: "x" }, "lid.size"],
      ["PATCH", "/v1/jars/a", {}, null],
      ["PATCH", "/v1/jars/a", "", null],
      ["PATCH", "/v1/jars", { jar: { name: "a" } }, { jar: { name: "a" } }],
      ["PUT", "/v1/jars/a", { title: "x" }, { jar: { name: "jars/a", title: "x" } }],
      [
        "PATCH",
        "/v1/whole/a",
        { lid: { size: 2 }, title: "x" },
        { jar: { name: "a", lid: { size: 2 }, title: "x" }, update_mask: "lid.size,title" },
      ],
    ]));

  it("passes bodies on as they are, in and out", async () => {
    const bytes = "\u0000{ not JSON";
    const headers = { "Content-Type": "text/x-test; a=b" };
    for (const [method, path] of [
      ["POST", "/v1/raw"],
      ["PUT", "/v1/parcels/p/body"],
      ["PUT", "/v1/serve/p"],
      ["POST", "/v1/pour"],
    ] as const) {
      const answer = await send(port, path, bytes, { method, headers });
      assert.equal(answer.status, 200, path);
      assert.equal(answer.headers["content-type"], "text/x-test; a=b");
      assert.equal(answer.body, path.endsWith("p") || path.endsWith("pour") ? bytes.repeat(2) : bytes, path);
    }
    const untyped = await send(port, "/v1/raw", bytes);
    assert.deepEqual([untyped.headers["content-type"], untyped.body], ["application/octet-stream", bytes]);
    const empty = await send(port, "/v1/raw", "");
    assert.deepEqual([empty.status, empty.body], [200, ""]);
  });

  it("puts a body beside path and query, and into JSON where the rule says no more of it", async () => {
    const headers = { "Content-Type": "text/plain" };
    const kept = await send(port, "/v1/parcels/p?weight=3&body.data=eA", "hi", { method: "PUT", headers });
    assert.deepEqual(JSON.parse(kept.body), {
      name: "p",
      body: { content_type: "text/plain", data: "aGk=" },
      weight: 3,
    });
    const json = await sendJson(port, "POST", "/v1/parcels", { body: { contentType: "a", data: "aGk=" } });
    assert.deepEqual(JSON.parse(json.body), { body: { content_type: "a", data: "aGk=" } });
  });

  it("passes the parts of a body on as they arrive", async () => {
    const req = open(port, "/v1/collect/p", { headers: { "Content-Type": "text/plain" } });
    req.write("a".repeat(100_000));
    req.end("b");
    const { name, body } = JSON.parse((await answer(req)).body);
    assert.equal(name, "p");
    // The echo of several messages is one message: the last part counts.
    assert.match(Buffer.from(body.data, "base64").toString(), /b$/);
  });
});
