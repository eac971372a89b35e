import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { hasMethods } from "../../runtime/core/options/option-kinds.js";
import { type EtcdGatewayOptions, etcdGateway } from "../../runtime/etcd/index.js";

const endpoints = ["127.0.0.1:1"];
const credentials = { user: "u", password: "p" };

const OPTIONS: Readonly<Record<string, Partial<EtcdGatewayOptions>>> = {
  "with the rights of its callers": {},
  "with its own rights": { access: { actAs: "gateway", credentials } },
  "with a user of its own": { access: { credentials } },
  "that reports refusals by status": { access: { refusals: "status" } },
};

/** Returns whether each transport that a gateway or a client gets is one of our own, when the returned function is called. */
function transportsGiven(t: TestContext): () => readonly boolean[] {
  const has = t.mock.method(WeakSet.prototype, "has");
  return () =>
    has.mock.calls
      .filter(({ arguments: [value] }) => hasMethods(value, "unary", "stream", "close"))
      .map(({ result }) => result === true);
}

for (const [name, options] of Object.entries(OPTIONS)) {
  test(`the transports of a gateway ${name} are called without a guard, and so is its client's`, async (t) => {
    const given = transportsGiven(t);
    const gateway = etcdGateway({ endpoints, ...options });
    t.after(() => gateway.close(0));
    // A user of the gateway's own has a client, too.
    const count = options.access?.credentials === undefined ? 2 : 3;
    assert.deepEqual(given(), Array(count).fill(true));
  });
}
