import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { kv, lease, watch } from "../../../../generated/index.js";
import { type AnyInterceptor, interceptorsByName } from "../../../../runtime/core/call/intercept/interceptor-table.js";
import { createGateway } from "../../../../runtime/core/gateway/gateway.js";
import { FakeTransport } from "../../http/fake-transport.js";
import { noteRpc } from "../../http/notes.js";

const NAMES = ["constructor", "toString", "hasOwnProperty", "__proto__"];
const rpcs = Object.fromEntries(NAMES.map((name) => [name, noteRpc(name, false, false, [])]));
const services = Object.fromEntries(NAMES.map((name) => [name, { name, rpcs }]));

function interceptors(written: object): ReadonlyMap<string, AnyInterceptor> {
  return interceptorsByName(services, written);
}

test("an RPC or service that is called like a member of every object has no interceptor, unless one is given", () => {
  assert.deepEqual([...interceptors({}).keys()], []);
  assert.deepEqual([...interceptors({ toString: {} }).keys()], []);
  const intercept = (): void => {};
  const given = interceptors({ constructor: { toString: intercept } });
  assert.deepEqual([...given.keys()], ["test.Notes.toString"]);
});

describe("interceptors", () => {
  const services = { kv, lease, watch };
  const make = (interceptors: object): unknown =>
    createGateway({ services, transport: new FakeTransport(), interceptors });

  it("are rejected for what there is not", () => {
    assert.throws(() => make({ kv: { ranje: () => {} } }), {
      name: "TypeError",
      message: /^invalid interceptors\.kv: unknown RPC "ranje": expected one of range, /,
    });
    assert.throws(() => make({ kw: {} }), {
      message: 'invalid interceptors: unknown service "kw": expected one of kv, lease, watch',
    });
    assert.throws(() => make({ kv: { toString: () => {} } }), { message: /unknown RPC "toString"/ });
    for (const wrong of [{}, "x", null]) {
      assert.throws(() => make({ "*": wrong }), { message: 'invalid interceptors["*"]: expected a function' });
      assert.throws(() => make({ kv: { "*": wrong } }), {
        message: 'invalid interceptors.kv["*"]: expected a function',
      });
    }
    assert.throws(() => make({ kv: { range: {} } }), {
      message: "invalid interceptors: expected a function for etcdserverpb.KV.Range",
    });
  });

  it("are plain objects: of others the functions would not be found, and calls would pass", () => {
    class Guard {
      range(): never {
        throw new Error("rejected");
      }
    }
    for (const ofService of [new Guard(), new Map([["range", () => {}]]), () => {}, 5, true]) {
      assert.throws(() => make({ kv: ofService }), {
        name: "TypeError",
        message: "invalid interceptors.kv: expected a plain object with a function for each RPC",
      });
    }
    assert.throws(() => make(new Map()), { message: /^invalid interceptors: expected a plain object/ });
  });

  it("may be left undefined", () => {
    make({ kv: undefined });
    make({ kv: { range: undefined } });
    make({ "*": undefined, kv: { "*": undefined } });
  });
});
