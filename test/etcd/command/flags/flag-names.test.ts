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
    named("bad access.expose: no rpc is called access.x"),
    "bad ETCD_GATEWAY_EXPOSE: no rpc is called access.x",
  );
  assert.equal(named('bad endpoints[1] "tls.cert": write endpoints'), 'bad --endpoints[1] "tls.cert": write endpoints');
  assert.equal(named("tls.ca is missing: needed beside tls.cert"), "--cacert is missing: needed beside --cert");
  assert.equal(named("bad tls: unusable"), "bad --cert or key in f.json: unusable");
  assert.equal(named("bad observers: 5"), "bad observers: 5");
});
