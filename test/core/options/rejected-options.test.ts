import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import { rootCertificates } from "node:tls";
import { services } from "../../../generated/index.js";
import { createClient, createGateway, grpcGatewayV1, grpcTransport } from "../../../runtime/core/index.js";
import {
  apiDescriptions,
  browserGuard,
  closeServer,
  createHttpServer,
  etcdGateway,
  etcdProbes,
  rejectionRecorder,
} from "../../../runtime/etcd/index.js";
import { FakeTransport } from "../http/fake-transport.js";
import { notes } from "../http/notes.js";

/** What a factory says of what plain JavaScript may give it. */
type Rejection = readonly [options: unknown, message: RegExp | string];

/** Calls a factory without a look at the types, as plain JavaScript does. */
function calling(factory: (...args: never) => unknown, ...args: readonly unknown[]): () => unknown {
  return () => Reflect.apply(factory, undefined, args);
}

function rejects(name: string, make: (options: unknown) => () => unknown, rejections: readonly Rejection[]): void {
  describe(name, () => {
    for (const [options, message] of rejections) {
      it(typeof message === "string" ? message : String(message), () => {
        assert.throws(make(options), { name: "TypeError", message });
      });
    }
  });
}

const endpoints = ["127.0.0.1:2379"];
/** PEM by its looks. */
const BROKEN_PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

rejects("rejectionRecorder", (observers) => calling(rejectionRecorder, observers), [
  [5, /^invalid observers 5: expected a list/],
  [{ onEnd() {} }, /^invalid observers \(an object\): expected a list/],
  [[{ onend() {} }], /^invalid observers\[0\] \(an object\): expected an observer/],
]);

rejects("etcdGateway", (options) => calling(etcdGateway, options), [
  [undefined, "invalid options of etcdGateway undefined: expected an object"],
  [null, "invalid options of etcdGateway null: expected an object"],
  ["127.0.0.1:2379", 'invalid options of etcdGateway "127.0.0.1:2379": expected an object'],
  [{}, 'endpoints is missing: expected a list of at least one endpoint, such as ["127.0.0.1:2379"]'],
  [
    { endpoints: "h:1" },
    'invalid endpoints "h:1": expected a list of at least one endpoint, such as ["127.0.0.1:2379"]',
  ],
  [{ endpoints: [] }, /^invalid endpoints \[\]: expected a list/],
  [{ endpoints: null }, /^invalid endpoints null: expected a list/],
  [{ endpoints: [1] }, /^invalid endpoints\[0\] 1: expected an endpoint/],
  [{ endpoints: ["a:1", undefined] }, /^endpoints\[1\] is missing/],
  [{ endpoints: ["a:1", "b"] }, 'invalid endpoints[1] "b": expected host:port, with an IPv6 address in brackets'],
  [{ endpoints: ["http://root:secret@h:1"] }, /^invalid endpoints\[0\] "http:\/\/\.\.\.@h:1"/],
  [
    { endpoints: ["unix:/no/such/folder/etcd"] },
    /^invalid endpoints\[0\] .*: the folder does not exist: \/no\/such\/folder$/,
  ],
  [{ endpoints: ["unix:/"] }, /^invalid endpoints\[0\] "unix:\/": \/ is not a socket$/],
  [{ endpoints, endpoint: "" }, "unknown option endpoint: did you mean endpoints?"],
  [{ endpoints, limits: { maxStream: 1 } }, "unknown option limits.maxStream: did you mean limits.maxStreams?"],
  [{ endpoints, maxStreams: 1 }, "unknown option maxStreams: did you mean limits.maxStreams?"],
  [{ endpoints, browsers: { actAs: "gateway" } }, "unknown option browsers.actAs: did you mean access.actAs?"],
  [{ endpoints, Tls: {} }, "unknown option Tls: did you mean tls?"],
  [{ endpoints, banana: 1 }, /^unknown option banana: expected one of endpoints, tls, tls\.ca, /],
  [{ endpoints, limits: 1 }, "invalid limits 1: expected an object"],
  [{ endpoints, limits: null }, "invalid limits null: expected an object"],
  [{ endpoints, limits: [] }, "invalid limits []: expected an object"],
  [{ endpoints, limits: { maxStreams: "10" } }, /^invalid limits\.maxStreams "10": expected an integer of 1 or more$/],
  [{ endpoints, limits: { maxStreams: Number.NaN } }, /^invalid limits\.maxStreams NaN/],
  [{ endpoints, limits: { maxStreams: Number.POSITIVE_INFINITY } }, /^invalid limits\.maxStreams Infinity/],
  [{ endpoints, limits: { maxStreams: -1 } }, /^invalid limits\.maxStreams -1/],
  [{ endpoints, limits: { maxStreams: null } }, /^invalid limits\.maxStreams null/],
  [{ endpoints, limits: { maxStreams: 5n } }, /^invalid limits\.maxStreams 5n/],
  [{ endpoints, timeouts: { unary: 2 ** 31 } }, /^invalid timeouts\.unary 2147483648: .* from 0 to 2147483647$/],
  [{ endpoints, timeouts: { connect: 0 } }, /^invalid timeouts\.connect 0: .* from 1 to/],
  [{ endpoints, access: { refusals: "yes" } }, 'invalid access.refusals "yes": expected "message" or "status"'],
  [{ endpoints, access: { actAs: "root" } }, 'invalid access.actAs "root": expected "caller" or "gateway"'],
  [
    { endpoints, access: { expose: "readonly" } },
    /^invalid access\.expose "readonly": expected "all", "read-only" or a/,
  ],
  [{ endpoints, access: { expose: [7] } }, /^invalid access\.expose\[0\] 7/],
  [{ endpoints, access: { expose: { KV: true } } }, /^invalid access\.expose \(an object\): expected a list/],
  [
    { endpoints, access: { credentials: "root:pw-secret" } },
    /^invalid access\.credentials \(a string\): expected an object/,
  ],
  [{ endpoints, access: { credentials: { user: "root" } } }, /^access\.credentials\.password is missing/],
  [
    { endpoints, access: { credentials: { user: "u", password: 123456 } } },
    /^invalid access\.credentials\.password \(a number\)/,
  ],
  [{ endpoints, onError: "x" }, 'invalid onError "x": expected a function'],
  [{ endpoints, json: "strict" }, 'invalid json "strict": expected an object'],
  [{ endpoints, json: { unknownFields: "no" } }, /^invalid json\.unknownFields "no": expected "ignore" or "reject"$/],
  [{ endpoints, strict: "no" }, /^unknown option strict: /],
  [{ endpoints, timeouts: { resume: "x" } }, /^invalid timeouts\.resume "x"/],
  [
    { endpoints, json: { textRevocation: ["v3"] } },
    /^invalid json\.textRevocation\[0\] "v3": expected one of the path/,
  ],
  [{ endpoints, json: { textRevocation: ["/v9"] } }, /\[0\] "\/v9": .* path prefixes \/v3, \/v3beta, \/v3alpha$/],
  [{ endpoints, json: { textRevocation: "/v3" } }, /^invalid json\.textRevocation "\/v3": expected a list/],
  [{ endpoints, dialect: "v3" }, /^invalid dialect "v3": expected "v1", "v2" or an object/],
  [{ endpoints, dialect: { v3: "v1" } }, /^invalid dialect\["v3"\]: expected an object/],
  [{ endpoints, dialect: { "/v3": "v4" } }, 'invalid dialect["/v3"] "v4": expected "v1" or "v2"'],
  [
    { endpoints, dialect: { "/v9": "v1" } },
    'invalid dialect: unknown prefix "/v9": expected one of /v3, /v3beta, /v3alpha',
  ],
  [{ endpoints, dialect: { "/v3/{key}": "v1" } }, /^invalid dialect: unknown prefix "\/v3\/\{key\}"/],
  [{ endpoints, dialect: { "/etcdserverpb.KV": "v1" } }, /^invalid dialect: unknown prefix "\/etcdserverpb\.KV"/],
  [{ endpoints, dialect: new Map([["/v3", "v1"]]) }, /^invalid dialect \(a Map\)/],
  [{ endpoints, limits: new Map() }, "invalid limits (a Map): expected an object"],
  [new Map([["endpoints", endpoints]]), /^invalid options of etcdGateway \(a Map\)/],
  [Promise.resolve({ endpoints }), /^invalid options of etcdGateway \(a Promise\)/],
  [
    { endpoints, observers: [{ onStart: () => {}, onend: () => {} }] },
    /^invalid observers\[0\] \(an object\): .* onEnd$/,
  ],
  [{ endpoints, browsers: { allowedHosts: ["*"] } }, /^invalid browsers\.allowedHosts\[0\] "\*"/],
  [{ endpoints, bytes: "utf8" }, 'invalid bytes "utf8": expected "base64" or "text"'],
  [{ endpoints, tls: { ca: "/etc/ca.pem" } }, /^invalid tls\.ca "\/etc\/ca\.pem": expected PEM/],
  [{ endpoints, tls: { ca: BROKEN_PEM } }, "invalid tls.ca: cannot read certificate 1 of 1"],
  [
    { endpoints, tls: { ca: `Who we trust\n${rootCertificates[0]}\n${BROKEN_PEM}` } },
    "invalid tls.ca: cannot read certificate 2 of 2",
  ],
  [
    { endpoints, tls: { ca: `${rootCertificates[0]}\n${BROKEN_PEM.slice(0, -10)}` } },
    "invalid tls.ca: cannot read certificate 2 of 2",
  ],
  [
    { endpoints, tls: { ca: BROKEN_PEM.replaceAll("CERTIFICATE", "PUBLIC KEY") } },
    /^invalid tls\.ca: expected at least one PEM certificate/,
  ],
  [{ endpoints, tls: { serverName: "https://etcd.example" } }, /^invalid tls\.serverName "https:\/\/etcd\.example"/],
  [{ endpoints, tls: { serverName: "etcd.example:2379" } }, /^invalid tls\.serverName "etcd\.example:2379"/],
  [{ endpoints, tls: { serverName: " " } }, /^invalid tls\.serverName " ": expected a host name/],
  [{ endpoints, tls: { key: "key-secret", cert: "x" } }, /^invalid tls\.cert "x"/],
  [{ endpoints, tls: { key: "key-secret" } }, /^invalid tls\.key \(a string\): expected PEM/],
  [{ endpoints, tls: { rejectUnauthorized: false } }, /^unknown option tls\.rejectUnauthorized/],
  [{ endpoints, tls: true }, /^invalid tls \(a boolean\): expected an object with ca, cert/],
  [{ endpoints, interceptors: "x" }, /^invalid interceptors "x"/],
  [{ endpoints, streams: { eventSource: "no" } }, 'invalid streams.eventSource "no": expected true or false'],
  [
    { endpoints, browsers: { cors: "https://a.example" } },
    /^invalid browsers\.cors "https:\/\/a\.example": expected "\*" or a list/,
  ],
]);

const gateway = { services: [notes], transport: new FakeTransport() };
rejects("createGateway", (options) => calling(createGateway, options), [
  [{}, "services is missing: expected the services from generated code"],
  [{ ...gateway, services: "etcd" }, /^invalid services "etcd"/],
  [{ ...gateway, services: [] }, /^invalid services \[\]/],
  [{ ...gateway, services: {} }, /^invalid services \(an object\)/],
  [
    { ...gateway, aliases: { "/v2": "/nope" } },
    'invalid aliases["/v2"]: no route begins with /nope: expected one of /v1',
  ],
  [{ ...gateway, aliases: { "/v1": "/v1" } }, 'invalid aliases["/v1"]: an alias must differ from its prefix'],
  [
    { ...gateway, dialects: { "/v9": grpcGatewayV1 } },
    /^invalid dialects\["\/v9"\]: no route begins with \/v9: expected/,
  ],
  ...["", "/", "v1", "/v1/"].map((prefix): [unknown, RegExp] => [
    { ...gateway, dialects: { [prefix]: grpcGatewayV1 } },
    /^invalid dialects\["[v1/]*"\]: expected an object with dialects by path prefixes such as/,
  ]),
  [{ ...gateway, roots: ["v1?"] }, /^invalid roots\[0\] "v1\?"/],
  [{ ...gateway, services: [{}] }, /^invalid services \(a list\)/],
  [{ ...gateway, transport: { endpoints } }, /^invalid transport \(an object\): expected a transport, such as/],
  [
    { ...gateway, dialect: "v1" },
    'invalid dialect "v1": expected a dialect: grpcGatewayV1, grpcGatewayV2 or one of your own',
  ],
  [{ ...gateway, dialects: { "/v1": "v1" } }, /^invalid dialects\["\/v1"\] "v1": expected a dialect/],
  [{ ...gateway, roots: "v3" }, /^invalid roots "v3": expected a list/],
  [
    { ...gateway, forwardHeaders: ["a b"] },
    /^invalid forwardHeaders\[0\] "a b": expected a header name, or a prefix of header names and \*$/,
  ],
  ...["te", "Connection", "host", "content-type", "grpc-timeout", "Grpc-*", "a!b"].map(
    (name): Rejection => [
      { ...gateway, forwardHeaders: ["x-a", name] },
      /^invalid forwardHeaders\[1\] .*: expected .*; no call can carry this one, because/,
    ],
  ),
  [{ ...gateway, metadata: {} }, /^invalid metadata \(an object\): expected a function/],
  [{ ...gateway, json: { mapping: "jsonpb" } }, /^invalid json\.mapping "jsonpb": expected "v1" or "v2"/],
  [
    { ...gateway, json: { unknownField: "reject" } },
    "unknown option json.unknownField: did you mean json.unknownFields?",
  ],
  [
    { ...gateway, timeouts: { rpcs: { "test.Notes.Get": "1s" } } },
    /^invalid timeouts\.rpcs\["test\.Notes\.Get"\] "1s"/,
  ],
  [{ ...gateway, timeouts: { rpcs: [] } }, /^invalid timeouts\.rpcs \[\]/],
  [{ ...gateway, streams: { events: { "test.Notes.List": 1 } } }, /^invalid streams\.events\["test\.Notes\.List"\] 1/],
  [{ ...gateway, idempotent: new Set() }, /^invalid idempotent \(a Set\): expected a list/],
]);

rejects(
  "handleUpgrades",
  (args) => () => Reflect.apply(createGateway(gateway).handleUpgrades, undefined, args as unknown[]),
  [
    [[], /^server is missing: expected a server of node:http/],
    [[() => {}], /^invalid server \(a function\)/],
    [[createServer(), { path: "etcd" }], 'invalid path "etcd": expected a path such as "/etcd"'],
    [[createServer(), { pingIntervall: 1 }], "unknown option pingIntervall: did you mean pingInterval?"],
  ],
);

rejects("grpcTransport", (options) => calling(grpcTransport, options), [
  [{}, /^endpoints is missing/],
  [{ endpoints, keepalive: { interval: "10s" } }, /^invalid keepalive\.interval "10s"/],
  [{ endpoints, keepAlive: {} }, "unknown option keepAlive: did you mean keepalive?"],
]);

rejects("createClient", (options) => calling(createClient, services, new FakeTransport(), options), [
  [{ timeout: 1 }, "unknown option timeout: did you mean timeouts?"],
  [{ metadata: "secret-token" }, /^invalid metadata \(a string\)/],
  [{ idempotent: "etcdserverpb.KV.Range" }, /^invalid idempotent/],
]);

rejects("the other factories", (make) => make as () => unknown, [
  [calling(createClient), /^services is missing: expected an object with services from generated code$/],
  [calling(createClient, 5, new FakeTransport()), /^invalid services 5: expected an object with services/],
  [calling(createClient, [services.kv], new FakeTransport()), /^invalid services \(a list\): expected an object/],
  [
    calling(createClient, { kv: 5 }, new FakeTransport()),
    /^invalid services\["kv"\] 5: expected a service from generated/,
  ],
  [
    calling(createClient, services.kv, new FakeTransport()),
    /^invalid services\["name"\] "etcdserverpb\.KV": expected a/,
  ],
  [calling(createClient, services, {}), /^invalid transport \(an object\)/],
  [calling(createHttpServer, {}), /^invalid app \(an object\): expected an Express app/],
  [calling(createHttpServer, () => {}, { cert: "" }), /^unknown option cert: /],
  [calling(createHttpServer, () => {}, { tls: "cert.pem" }), /^invalid tls "cert\.pem"/],
  ...[5, () => {}, class {}, null].flatMap((given): [() => unknown, RegExp][] => [
    [
      calling(createHttpServer, () => {}, { http: { IncomingMessage: given } }),
      /^invalid http .*must be classes that extend/,
    ],
    [
      calling(createHttpServer, () => {}, { tls: { ServerResponse: given } }),
      /^invalid tls .*must be classes that extend/,
    ],
  ]),
  [calling(browserGuard, { cors: "a.example" }), /^invalid cors "a\.example"/],
  [calling(browserGuard, { allowedHost: ["a"] }), "unknown option allowedHost: did you mean allowedHosts?"],
  [calling(browserGuard, {}, "GET"), /^invalid methods "GET"/],
  [calling(apiDescriptions, { gatewayPath: 1 }), /^invalid gatewayPath 1/],
  [calling(apiDescriptions, { path: "/" }), /^unknown option path: /],
  [calling(etcdProbes, {}), /^invalid gateway \(an object\): expected a gateway from etcdGateway$/],
  [
    calling(etcdProbes, etcdGateway({ endpoints }), { endpoints }),
    /^unknown option endpoints: expected one of timeout$/,
  ],
]);

it("a dialect may be that of a part of the API, and of what is not bound to a path", async () => {
  const made = etcdGateway({
    endpoints,
    dialect: { "/v3/kv": "v1", "/v3alpha": "v2", "/etcdserverpb.KV": "v1" },
    access: { unboundRpcs: true },
  });
  await made.close(0);
});

it("all certificates that Node.js trusts are accepted", () => {
  etcdGateway({ endpoints, tls: { ca: rootCertificates.join("\n"), serverName: "10.0.0.1" } });
});

it("publishedVersions rejects a value that is not a time", async () => {
  const made = etcdGateway({ endpoints });
  await assert.rejects(made.publishedVersions(Number.NaN), /^TypeError: invalid timeout NaN: expected an integer/);
});

it("closeServer rejects what it cannot close", async () => {
  const made = createGateway(gateway);
  await assert.rejects(closeServer(createServer(), made, Number.NaN), /^TypeError: invalid grace NaN/);
  await assert.rejects(
    async () => Reflect.apply(closeServer, undefined, [createServer()]),
    /^TypeError: gateway is missing/,
  );
  await assert.rejects(async () => Reflect.apply(closeServer, undefined, [made, made]), /^TypeError: invalid server/);
});

it("an option that is undefined is as good as none", async () => {
  const options = {
    endpoints,
    tls: undefined,
    limits: { maxStreams: undefined },
    banana: undefined,
    access: undefined,
  };
  const made: unknown = Reflect.apply(etcdGateway, undefined, [options]);
  assert.ok(typeof made === "object" && made !== null && "router" in made);
});

it("a list that an app changes afterwards is still what it was", async () => {
  const origins = ["https://a.example"];
  const guard = browserGuard({ cors: origins });
  origins.length = 0;
  const headers: Record<string, unknown> = {};
  const req = { headers: { origin: "https://a.example" }, method: "GET", socket: {} };
  const res = {
    setHeader: (name: string, value: unknown) => Object.assign(headers, { [name]: value }),
    appendHeader() {},
  };
  let passed = false;
  Reflect.apply(guard, undefined, [req, res, () => (passed = true)]);
  assert.equal(passed, true);
  assert.equal(headers["Access-Control-Allow-Origin"], "https://a.example");
});
