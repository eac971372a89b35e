import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEndpoint } from "../../runtime/src/transport/endpoint.js";
import { grpcTransport } from "../../runtime/src/transport/grpc-transport.js";

const good: readonly [text: string, target: string, secure: boolean | undefined][] = [
  ["127.0.0.1:2379", "ipv4:127.0.0.1:2379", undefined],
  ["http://127.0.0.1:2379", "ipv4:127.0.0.1:2379", false],
  ["HTTPS://127.0.0.1:2379/", "ipv4:127.0.0.1:2379", true],
  ["etcd-0.etcd.svc:2379", "dns:etcd-0.etcd.svc:2379", undefined],
  ["https://etcd:1", "dns:etcd:1", true],
  ["[::1]:2379", "ipv6:[::1]:2379", undefined],
  ["http://[fe80::1]:65535", "ipv6:[fe80::1]:65535", false],
  ["unix:/run/etcd.sock", "unix:/run/etcd.sock", undefined],
  ["unix:///run/etcd.sock", "unix:/run/etcd.sock", undefined],
];
for (const [text, target, secure] of good) {
  test(`${text} is ${target}`, () => assert.deepEqual(parseEndpoint(text), { text, target, secure }));
}

const bad: readonly [text: string, advice: RegExp][] = [
  ["", /write host:port/],
  ["etcd", /write host:port/],
  [":2379", /neither a name nor an IP address/],
  ["etcd:", /write host:port/],
  ["etcd:0", /the port must be 1 to 65535/],
  ["etcd:65536", /the port must be 1 to 65535/],
  ["etcd:http", /write host:port/],
  ["::1:2379", /IPv6 address in brackets/],
  ["[::1]", /write host:port/],
  ["[etcd]:2379", /must be an IPv6 address/],
  ["1.2.3:2379", /neither a name nor an IP address/],
  ["1.2.3.256:2379", /neither a name nor an IP address/],
  ["ftp://etcd:2379", /must be http or https, not ftp/],
  ["http://etcd:2379/v3", /write host:port/],
  ["http://user:secret@etcd:2379", /write host:port/],
  ["a:1,b:2", /as a list/],
  ["et cd:2379", /neither a name nor an IP address/],
  ["unix:", /unix:\/path/],
];
for (const [text, advice] of bad) {
  test(`${JSON.stringify(text)} is refused by name`, () => {
    assert.throws(
      () => grpcTransport({ endpoints: [text] }),
      (error: unknown) =>
        error instanceof TypeError && advice.test(error.message) && error.message.includes(JSON.stringify(text)),
    );
  });
}

test("options that cannot be used are refused by name", () => {
  const endpoints = ["127.0.0.1:2379"];
  assert.throws(() => grpcTransport({ endpoints: [] }), /no endpoints/);
  assert.throws(() => grpcTransport({ endpoints, connectTimeout: 0 }), /connectTimeout 0/);
  assert.throws(() => grpcTransport({ endpoints, connectTimeout: Number.NaN }), /connectTimeout NaN/);
  assert.throws(() => grpcTransport({ endpoints, keepalive: { interval: -1 } }), /keepalive.interval -1/);
  assert.throws(() => grpcTransport({ endpoints, streamsPerConnection: 1.5 }), /streamsPerConnection 1.5/);
  assert.throws(() => grpcTransport({ endpoints, tls: { cert: "x" } }), /both tls.cert and tls.key/);
  assert.throws(() => grpcTransport({ endpoints, tls: { ca: "no PEM", cert: "x", key: "y" } }), /no usable PEM/);
  assert.throws(() => grpcTransport({ endpoints: ["http://a:1"], tls: {} }), /"http:\/\/a:1" is plain http/);
});
