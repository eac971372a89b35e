import assert from "node:assert/strict";
import { test } from "node:test";
import { type AnyInterceptor, interceptorsByName } from "../../../../runtime/core/call/intercept/interceptor-table.js";
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
