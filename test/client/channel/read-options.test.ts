import assert from "node:assert/strict";
import { test } from "node:test";
import { createChannel } from "@etcd-gateway/client";
import { etcdChannel, etcdClient } from "etcd-gateway/client";

test("options that cannot be used are named, with what is expected", () => {
  for (const baseUrl of ["", "127.0.0.1:8080", "ftp://x/", "http://a:b@x/", "http://x/?a=b"]) {
    assert.throws(() => createChannel({ baseUrl }), TypeError, baseUrl);
  }
  assert.throws(() => etcdClient({ baseUrl: "http://x", prefix: "v3" }), /^TypeError: prefix: /);
  const baseUrl = "http://x";
  for (const [options, message] of [
    [5, "options: expected an object, got 5"],
    [undefined, "options: expected an object, got undefined"],
    [{}, /^baseUrl: expected the URL of a server, .*, got undefined$/],
    [{ baseUrl: 5 }, "baseUrl: expected a string, got 5"],
    [{ baseUrl, token: 5 }, "token: expected a string or a function, got 5"],
    [{ baseUrl, headers: null }, "headers: expected an object or a function, got null"],
    [{ baseUrl, credentials: "all" }, 'credentials: expected "omit", "same-origin" or "include", got "all"'],
    [{ baseUrl, fetch: {} }, "fetch: expected a function, got an object"],
    [{ baseUrl, WebSocket: true }, "WebSocket: expected a function, got true"],
    [{ baseUrl, text: "yes" }, 'text: expected true or false, got "yes"'],
    [{ baseUrl, timeouts: 5 }, "timeouts: expected an object, got 5"],
    [{ baseUrl, timeouts: { unary: "5s" } }, 'timeouts.unary: expected a whole number, 0 or more, got "5s"'],
    [
      { baseUrl, timeouts: { rpcs: { "a.B.C": -1 } } },
      "timeouts.rpcs.a.B.C: expected a whole number, 0 or more, got -1",
    ],
    [{ baseUrl, timeouts: { stream: 5 } }, "timeouts.stream: unknown option: expected one of unary, rpcs"],
    [{ baseUrl, retries: 0.5 }, "retries: expected a whole number, 0 or more, got 0.5"],
    [{ baseUrl, idempotent: "a.B.C" }, 'idempotent: expected a list of full names of RPCs, got "a.B.C"'],
    [{ baseUrl, idempotent: ["a.B.C", 5] }, "idempotent[1]: expected the full name of an RPC, got 5"],
    [{ baseUrl, receiveBuffer: Number.NaN }, "receiveBuffer: expected a whole number, 0 or more, got NaN"],
    [{ baseUrl, tokn: "secret" }, /^tokn: unknown option: expected one of baseUrl, token, /],
  ] as const) {
    assert.throws(() => Reflect.apply(createChannel, undefined, [options]), { name: "TypeError", message });
    if (typeof options === "object" && "baseUrl" in options) {
      assert.throws(() => Reflect.apply(etcdClient, undefined, [options]), { name: "TypeError", message });
    }
  }
  for (const options of [5, undefined]) {
    assert.throws(
      () => Reflect.apply(etcdClient, undefined, [options]),
      /^TypeError: options: expected an object, got /,
    );
  }
  for (const options of [null, {}]) {
    assert.throws(() => Reflect.apply(etcdClient, undefined, [options]), /^TypeError: baseUrl: /);
  }
  Reflect.apply(createChannel, undefined, [{ baseUrl, token: undefined, timeouts: { unary: undefined } }]);
});

test("options that throw when they are read are named, with what was thrown", () => {
  const boom = new Error("boom");
  const fail = (): never => {
    throw boom;
  };
  const withGetter = (name: string, others: object = {}): object =>
    Object.defineProperty({ ...others }, name, { enumerable: true, get: fail });
  const baseUrl = "http://x";
  for (const [options, message] of [
    [withGetter("baseUrl"), "baseUrl: cannot read it: boom"],
    [withGetter("banana", { baseUrl }), "banana: cannot read it: boom"],
    [new Proxy({ baseUrl }, { ownKeys: fail }), "options: cannot read it: boom"],
    [{ baseUrl, timeouts: withGetter("unary") }, "timeouts.unary: cannot read it: boom"],
    [{ baseUrl, timeouts: { rpcs: withGetter("a.B.C") } }, "timeouts.rpcs.a.B.C: cannot read it: boom"],
    [{ baseUrl, idempotent: new Proxy(["a.B.C"], { get: fail }) }, "idempotent: cannot read it: boom"],
  ] as const) {
    const error = { name: "TypeError", message, cause: boom };
    assert.throws(() => Reflect.apply(createChannel, undefined, [options]), error);
    assert.throws(() => Reflect.apply(etcdClient, undefined, [options]), error);
  }
  assert.throws(() => Reflect.apply(etcdClient, undefined, [withGetter("prefix", { baseUrl })]), {
    name: "TypeError",
    message: "prefix: cannot read it: boom",
    cause: boom,
  });
});

test("the prefix may be a getter of a class", () => {
  class Options {
    readonly baseUrl = "http://x";
    get prefix(): string {
      return "/v3beta";
    }
  }
  assert.equal(etcdChannel(new Options()).conventions.path("/v3/kv/range"), "/v3beta/kv/range");
});

test("options are read once", () => {
  for (const make of [createChannel, etcdClient]) {
    const read: string[] = [];
    const options = {
      get baseUrl(): string {
        read.push("baseUrl");
        return "http://x";
      },
      get idempotent(): readonly string[] {
        read.push("idempotent");
        return [];
      },
    };
    make(options);
    assert.deepEqual(read, ["baseUrl", "idempotent"]);
  }
  const rpcs: Record<string, number> = { "a.B.C": 5 };
  const channel = createChannel({ baseUrl: "http://x", timeouts: { rpcs } });
  rpcs["a.B.C"] = -1;
  assert.equal(channel.options.timeouts?.rpcs?.["a.B.C"], 5);
});
