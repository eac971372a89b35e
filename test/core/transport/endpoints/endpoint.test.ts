import assert from "node:assert/strict";
import { test } from "node:test";
import { type Address, parseEndpoint } from "../../../../runtime/core/transport/endpoints/endpoint.js";
import { grpcTransport } from "../../../../runtime/core/transport/grpc-transport.js";

const good: readonly [text: string, address: Address, secure: boolean | undefined][] = [
  ["127.0.0.1:2379", { host: "127.0.0.1", port: 2379 }, undefined],
  ["http://127.0.0.1:2379", { host: "127.0.0.1", port: 2379 }, false],
  ["HTTPS://127.0.0.1:2379/", { host: "127.0.0.1", port: 2379 }, true],
  ["etcd-0.etcd.svc:2379", { host: "etcd-0.etcd.svc", port: 2379 }, undefined],
  ["https://etcd:1", { host: "etcd", port: 1 }, true],
  ["[::1]:2379", { host: "::1", port: 2379 }, undefined],
  ["http://[fe80::1]:65535", { host: "fe80::1", port: 65535 }, false],
  ["unix:/run/etcd.sock", { path: "/run/etcd.sock" }, undefined],
  ["unix:///run/etcd.sock", { path: "/run/etcd.sock" }, undefined],
];
for (const [text, address, secure] of good) {
  test(`${text} is read`, () => assert.deepEqual(parseEndpoint(text), { text, address, secure }));
}

const bad: readonly [text: string, advice: RegExp][] = [
  ["", /expected an endpoint such as/],
  ["etcd", /expected host:port/],
  [":2379", /expected a host name or an IP address/],
  ["etcd:", /expected host:port/],
  ["etcd:0", /expected a port from 1 to 65535/],
  ["etcd:65536", /expected a port from 1 to 65535/],
  ["etcd:http", /expected host:port/],
  ["::1:2379", /IPv6 address in brackets/],
  ["[::1]", /expected host:port/],
  ["[etcd]:2379", /expected an IPv6 address in brackets/],
  ["1.2.3:2379", /expected a host name or an IP address/],
  ["1.2.3.256:2379", /expected a host name or an IP address/],
  ["ftp://etcd:2379", /expected the scheme http or https, got ftp/],
  ["http://etcd:2379/v3", /expected host:port/],
  ["http://user:secret@etcd:2379", /expected host:port/],
  ["a:1,b:2", /as a list/],
  ["et cd:2379", /expected a host name or an IP address/],
  ["unix:", /unix:\/path/],
];
for (const [text, advice] of bad) {
  test(`${JSON.stringify(text)} is rejected by name`, () => {
    assert.throws(
      () => grpcTransport({ endpoints: [text] }),
      (error: unknown) =>
        error instanceof TypeError &&
        advice.test(error.message) &&
        error.message.startsWith(`invalid endpoints[0] ${JSON.stringify(text.replace("user:secret", "..."))}: `),
    );
  });
}

test("options that cannot be used are rejected by name", () => {
  const endpoints = ["127.0.0.1:2379"];
  assert.throws(() => grpcTransport({ endpoints: [] }), /invalid endpoints \[\]: expected a list of at least one/);
  assert.throws(() => grpcTransport({ endpoints, connectTimeout: 0 }), /connectTimeout 0/);
  assert.throws(() => grpcTransport({ endpoints, connectTimeout: Number.NaN }), /connectTimeout NaN/);
  assert.throws(() => grpcTransport({ endpoints, keepalive: { interval: -1 } }), /keepalive.interval -1/);
  assert.throws(() => grpcTransport({ endpoints, streamsPerConnection: 1.5 }), /streamsPerConnection 1.5/);
  const cert = "-----BEGIN CERTIFICATE-----\n";
  assert.throws(() => grpcTransport({ endpoints, tls: { cert } }), /tls.key is missing: tls.cert requires it/);
  assert.throws(() => grpcTransport({ endpoints, tls: { key: cert } }), /tls.cert is missing: tls.key requires it/);
  assert.throws(
    () => grpcTransport({ endpoints, tls: { ca: "/etc/ca.pem" } }),
    /invalid tls.ca "\/etc\/ca.pem": .* not its path/,
  );
  assert.throws(() => grpcTransport({ endpoints, tls: { cert, key: cert } }), /invalid tls: expected PEM/);
  assert.throws(
    () => grpcTransport({ endpoints: ["http://a:1"], tls: {} }),
    /invalid endpoints\[0\] "http:\/\/a:1": the endpoint uses plain HTTP/,
  );
});
