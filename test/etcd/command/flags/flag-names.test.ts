import assert from "node:assert/strict";
import { it } from "node:test";
import { withFlagNames } from "../../../../runtime/etcd/command/flags/flag-names.js";

const FILE = { text: "a.pem", source: "--cert" };

it("errors name the source of the option, and nothing else in them changes", () => {
  const named = (message: string): string =>
    withFlagNames(message, {
      expose: { text: "a.b", source: "ETCD_GATEWAY_EXPOSE" },
      cert: FILE,
      key: { ...FILE, source: "key in f.json" },
    });
  assert.equal(
    named("invalid access.expose: no rpc is called access.x"),
    "invalid ETCD_GATEWAY_EXPOSE: no rpc is called access.x",
  );
  assert.equal(
    named('invalid endpoints[1] "tls.cert": write endpoints'),
    'invalid --endpoints "tls.cert": write endpoints',
  );
  assert.equal(named("tls.ca is missing: needed beside tls.cert"), "--cacert is missing: needed beside --cert");
  assert.equal(named("invalid tls: unusable"), "invalid --cert or key in f.json: unusable");
  assert.equal(named("invalid observers: 5"), "invalid observers: 5");
});
