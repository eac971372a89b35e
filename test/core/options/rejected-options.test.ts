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

rejects("etcdGateway", (options) => calling(etcdGateway, options), [
  [undefined, "bad options of etcdGateway undefined: it must be an object"],
  [null, "bad options of etcdGateway null: it must be an object"],
  ["127.0.0.1:2379", 'bad options of etcdGateway "127.0.0.1:2379": it must be an object'],
  [{}, 'endpoints is missing: it must be a list of at least one endpoint, such as ["127.0.0.1:2379"]'],
  [{ endpoints: "h:1" }, 'bad endpoints "h:1": it must be a list of at least one endpoint, such as ["127.0.0.1:2379"]'],
  [{ endpoints: [] }, /^bad endpoints \[\]: it must be a list/],
  [{ endpoints: null }, /^bad endpoints null: it must be a list/],
  [{ endpoints: [1] }, /^bad endpoints\[0\] 1: it must be an endpoint/],
  [{ endpoints: ["a:1", undefined] }, /^endpoints\[1\] is missing/],
  [{ endpoints: ["a:1", "b"] }, 'bad endpoints[1] "b": write host:port, and an IPv6 address in brackets'],
  [{ endpoints: ["http://root:secret@h:1"] }, /^bad endpoints\[0\] "http:\/\/\.\.\.@h:1"/],
  [{ endpoints: ["unix:/no/such/folder/etcd"] }, /^bad endpoints\[0\] .*: there is no folder \/no\/such\/folder$/],
  [{ endpoints: ["unix:/"] }, /^bad endpoints\[0\] "unix:\/": \/ is no socket$/],
  [{ endpoints, endpoint: "" }, "unknown option endpoint: did you mean endpoints?"],
  [{ endpoints, limits: { maxStream: 1 } }, "unknown option limits.maxStream: did you mean limits.maxStreams?"],
  [{ endpoints, maxStreams: 1 }, "unknown option maxStreams: did you mean limits.maxStreams?"],
  [{ endpoints, browsers: { actAs: "gateway" } }, "unknown option browsers.actAs: did you mean access.actAs?"],
  [{ endpoints, Tls: {} }, "unknown option Tls: did you mean tls?"],
  [{ endpoints, banana: 1 }, /^unknown option banana: there are endpoints, tls, tls\.ca, /],
  [{ endpoints, limits: 1 }, "bad limits 1: it must be an object"],
  [{ endpoints, limits: null }, "bad limits null: it must be an object"],
  [{ endpoints, limits: [] }, "bad limits []: it must be an object"],
  [{ endpoints, limits: { maxStreams: "10" } }, /^bad limits\.maxStreams "10": it must be a whole number from 1 to/],
  [{ endpoints, limits: { maxStreams: Number.NaN } }, /^bad limits\.maxStreams NaN/],
  [{ endpoints, limits: { maxStreams: Number.POSITIVE_INFINITY } }, /^bad limits\.maxStreams Infinity/],
  [{ endpoints, limits: { maxStreams: -1 } }, /^bad limits\.maxStreams -1/],
  [{ endpoints, limits: { maxStreams: null } }, /^bad limits\.maxStreams null/],
  [{ endpoints, limits: { maxStreams: 5n } }, /^bad limits\.maxStreams 5n/],
  [{ endpoints, timeouts: { unary: 2 ** 31 } }, /^bad timeouts\.unary 2147483648: .* from 0 to 2147483647$/],
  [{ endpoints, timeouts: { connect: 0 } }, /^bad timeouts\.connect 0: .* from 1 to/],
  [{ endpoints, access: { refusals: "yes" } }, 'bad access.refusals "yes": it must be "message" or "status"'],
  [{ endpoints, access: { actAs: "root" } }, 'bad access.actAs "root": it must be "caller" or "gateway"'],
  [{ endpoints, access: { expose: "readonly" } }, /^bad access\.expose "readonly": it must be "all", "read-only" or a/],
  [{ endpoints, access: { expose: [7] } }, /^bad access\.expose\[0\] 7/],
  [{ endpoints, access: { expose: { KV: true } } }, /^bad access\.expose \(an object\): it must be a list/],
  [
    { endpoints, access: { credentials: "root:pw-secret" } },
    /^bad access\.credentials \(a text\): it must be an object/,
  ],
  [{ endpoints, access: { credentials: { user: "root" } } }, /^access\.credentials\.password is missing/],
  [
    { endpoints, access: { credentials: { user: "u", password: 123456 } } },
    /^bad access\.credentials\.password \(a number\)/,
  ],
  [{ endpoints, onError: "x" }, 'bad onError "x": it must be a function'],
  [{ endpoints, json: "strict" }, 'bad json "strict": it must be an object'],
  [{ endpoints, json: { unknownFields: "no" } }, /^bad json\.unknownFields "no": it must be "ignore" or "reject"$/],
  [{ endpoints, strict: "no" }, /^unknown option strict: /],
  [{ endpoints, timeouts: { resume: "x" } }, /^bad timeouts\.resume "x"/],
  [{ endpoints, json: { textRevocation: ["v3"] } }, /^bad json\.textRevocation\[0\] "v3": it must be one of the path/],
  [{ endpoints, json: { textRevocation: ["/v9"] } }, /\[0\] "\/v9": .* path prefixes \/v3, \/v3beta, \/v3alpha$/],
  [{ endpoints, json: { textRevocation: "/v3" } }, /^bad json\.textRevocation "\/v3": it must be a list/],
  [{ endpoints, dialect: "v3" }, /^bad dialect "v3": it must be "v1", "v2" or an object/],
  [{ endpoints, dialect: { v3: "v1" } }, /^bad dialect\["v3"\]: dialect must be an object/],
  [{ endpoints, dialect: { "/v3": "v4" } }, 'bad dialect["/v3"] "v4": it must be "v1" or "v2"'],
  [
    { endpoints, dialect: { "/v9": "v1" } },
    'bad dialect["/v9"]: the gateway serves nothing there, but /v3, /v3beta, /v3alpha',
  ],
  [{ endpoints, dialect: { "/v3/{key}": "v1" } }, /^bad dialect\["\/v3\/\{key\}"\]: the gateway serves nothing there/],
  [{ endpoints, dialect: { "/etcdserverpb.KV": "v1" } }, /^bad dialect\["\/etcdserverpb\.KV"\]/],
  [{ endpoints, dialect: new Map([["/v3", "v1"]]) }, /^bad dialect \(a Map\)/],
  [{ endpoints, limits: new Map() }, "bad limits (a Map): it must be an object"],
  [new Map([["endpoints", endpoints]]), /^bad options of etcdGateway \(a Map\)/],
  [Promise.resolve({ endpoints }), /^bad options of etcdGateway \(a Promise\)/],
  [{ endpoints, observers: [{ onStart: () => {}, onend: () => {} }] }, /^bad observers\[0\] \(an object\): .* onEnd$/],
  [{ endpoints, browsers: { allowedHosts: ["*"] } }, /^bad browsers\.allowedHosts\[0\] "\*"/],
  [{ endpoints, bytes: "utf8" }, 'bad bytes "utf8": it must be "base64" or "text"'],
  [{ endpoints, tls: { ca: "/etc/ca.pem" } }, /^bad tls\.ca "\/etc\/ca\.pem": it must be PEM/],
  [{ endpoints, tls: { ca: BROKEN_PEM } }, "bad tls.ca: certificate 1 of 1 in it cannot be read"],
  [
    { endpoints, tls: { ca: `Who we trust\n${rootCertificates[0]}\n${BROKEN_PEM}` } },
    "bad tls.ca: certificate 2 of 2 in it cannot be read",
  ],
  [
    { endpoints, tls: { ca: `${rootCertificates[0]}\n${BROKEN_PEM.slice(0, -10)}` } },
    "bad tls.ca: certificate 2 of 2 in it cannot be read",
  ],
  [
    { endpoints, tls: { ca: BROKEN_PEM.replaceAll("CERTIFICATE", "PUBLIC KEY") } },
    /^bad tls\.ca: there is no certificate/,
  ],
  [{ endpoints, tls: { serverName: "https://etcd.example" } }, /^bad tls\.serverName "https:\/\/etcd\.example"/],
  [{ endpoints, tls: { serverName: "etcd.example:2379" } }, /^bad tls\.serverName "etcd\.example:2379"/],
  [{ endpoints, tls: { serverName: " " } }, /^bad tls\.serverName " ": it must be a host name/],
  [{ endpoints, tls: { key: "key-secret", cert: "x" } }, /^bad tls\.cert "x"/],
  [{ endpoints, tls: { key: "key-secret" } }, /^bad tls\.key \(a text\): it must be PEM/],
  [{ endpoints, tls: { rejectUnauthorized: false } }, /^unknown option tls\.rejectUnauthorized/],
  [{ endpoints, tls: true }, /^bad tls \(a boolean\): it must be an object with ca, cert/],
  [{ endpoints, interceptors: "x" }, /^bad interceptors "x"/],
  [{ endpoints, streams: { eventSource: "no" } }, 'bad streams.eventSource "no": it must be true or false'],
  [
    { endpoints, browsers: { cors: "https://a.example" } },
    /^bad browsers\.cors "https:\/\/a\.example": it must be "\*" or a list/,
  ],
]);

const gateway = { services: [notes], transport: new FakeTransport() };
rejects("createGateway", (options) => calling(createGateway, options), [
  [{}, "services is missing: it must be the services that generated code exports"],
  [{ ...gateway, services: "etcd" }, /^bad services "etcd"/],
  [{ ...gateway, services: [] }, /^bad services \[\]/],
  [{ ...gateway, services: {} }, /^bad services \(an object\)/],
  [
    { ...gateway, aliases: { "/v2": "/nope" } },
    'bad aliases["/v2"]: no route is under /nope; there are routes under /v1',
  ],
  [{ ...gateway, aliases: { "/v1": "/v1" } }, 'bad aliases["/v1"]: it stands for itself'],
  [{ ...gateway, dialects: { "/v9": grpcGatewayV1 } }, /^bad dialects\["\/v9"\]: no route is under \/v9; there are/],
  ...["", "/", "v1", "/v1/"].map((prefix): [unknown, RegExp] => [
    { ...gateway, dialects: { [prefix]: grpcGatewayV1 } },
    /^bad dialects\["[v1/]*"\]: dialects must be an object with dialects by path prefixes such as/,
  ]),
  [{ ...gateway, roots: ["v1?"] }, /^bad roots\[0\] "v1\?"/],
  [{ ...gateway, services: [{}] }, /^bad services \(a list\)/],
  [{ ...gateway, transport: { endpoints } }, /^bad transport \(an object\): it must be a transport, such as/],
  [
    { ...gateway, dialect: "v1" },
    'bad dialect "v1": it must be a dialect: grpcGatewayV1, grpcGatewayV2 or one of your own',
  ],
  [{ ...gateway, dialects: { "/v1": "v1" } }, /^bad dialects\["\/v1"\] "v1": it must be a dialect/],
  [{ ...gateway, roots: "v3" }, /^bad roots "v3": it must be a list/],
  [
    { ...gateway, forwardHeaders: ["a b"] },
    /^bad forwardHeaders\[0\] "a b": it must be a header's name, or what names begin with and \*$/,
  ],
  ...["te", "Connection", "host", "content-type", "grpc-timeout", "Grpc-*", "a!b"].map(
    (name): Rejection => [
      { ...gateway, forwardHeaders: ["x-a", name] },
      /^bad forwardHeaders\[1\] .*: it must be .*; no call can carry this one, because/,
    ],
  ),
  [{ ...gateway, metadata: {} }, /^bad metadata \(an object\): it must be a function/],
  [{ ...gateway, json: { mapping: "jsonpb" } }, /^bad json\.mapping "jsonpb": it must be "v1" or "v2"/],
  [
    { ...gateway, json: { unknownField: "reject" } },
    "unknown option json.unknownField: did you mean json.unknownFields?",
  ],
  [{ ...gateway, timeouts: { rpcs: { "test.Notes.Get": "1s" } } }, /^bad timeouts\.rpcs\["test\.Notes\.Get"\] "1s"/],
  [{ ...gateway, timeouts: { rpcs: [] } }, /^bad timeouts\.rpcs \[\]/],
  [{ ...gateway, streams: { events: { "test.Notes.List": 1 } } }, /^bad streams\.events\["test\.Notes\.List"\] 1/],
  [{ ...gateway, idempotent: new Set() }, /^bad idempotent \(a Set\): it must be a list/],
]);

rejects(
  "handleUpgrades",
  (args) => () => Reflect.apply(createGateway(gateway).handleUpgrades, undefined, args as unknown[]),
  [
    [[], /^server is missing: it must be a server of node:http/],
    [[() => {}], /^bad server \(a function\)/],
    [[createServer(), { path: "etcd" }], 'bad path "etcd": it must be a path such as "/etcd"'],
    [[createServer(), { pingIntervall: 1 }], "unknown option pingIntervall: did you mean pingInterval?"],
  ],
);

rejects("grpcTransport", (options) => calling(grpcTransport, options), [
  [{}, /^endpoints is missing/],
  [{ endpoints, keepalive: { interval: "10s" } }, /^bad keepalive\.interval "10s"/],
  [{ endpoints, keepAlive: {} }, "unknown option keepAlive: did you mean keepalive?"],
]);

rejects("createClient", (options) => calling(createClient, services, new FakeTransport(), options), [
  [{ timeout: 1 }, "unknown option timeout: did you mean timeouts?"],
  [{ metadata: "secret-token" }, /^bad metadata \(a text\)/],
  [{ idempotent: "etcdserverpb.KV.Range" }, /^bad idempotent/],
]);

rejects("the other factories", (make) => make as () => unknown, [
  [calling(createClient), /^services is missing: it must be an object of the services that generated code exports$/],
  [calling(createClient, 5, new FakeTransport()), /^bad services 5: it must be an object of the services/],
  [calling(createClient, [services.kv], new FakeTransport()), /^bad services \(a list\): it must be an object/],
  [
    calling(createClient, { kv: 5 }, new FakeTransport()),
    /^bad services\["kv"\] 5: it must be a service that generated/,
  ],
  [calling(createClient, services.kv, new FakeTransport()), /^bad services\["name"\] "etcdserverpb\.KV": it must be a/],
  [calling(createClient, services, {}), /^bad transport \(an object\)/],
  [calling(createHttpServer, {}), /^bad app \(an object\): it must be an Express app/],
  [calling(createHttpServer, () => {}, { cert: "" }), /^unknown option cert: /],
  [calling(createHttpServer, () => {}, { tls: "cert.pem" }), /^bad tls "cert\.pem"/],
  ...[5, () => {}, class {}, null].flatMap((given): [() => unknown, RegExp][] => [
    [
      calling(createHttpServer, () => {}, { http: { IncomingMessage: given } }),
      /^bad http .*must be classes that extend/,
    ],
    [calling(createHttpServer, () => {}, { tls: { ServerResponse: given } }), /^bad tls .*must be classes that extend/],
  ]),
  [calling(browserGuard, { cors: "a.example" }), /^bad cors "a\.example"/],
  [calling(browserGuard, { allowedHost: ["a"] }), "unknown option allowedHost: did you mean allowedHosts?"],
  [calling(browserGuard, {}, "GET"), /^bad methods "GET"/],
  [calling(apiDescriptions, { gatewayPath: 1 }), /^bad gatewayPath 1/],
  [calling(apiDescriptions, { path: "/" }), /^unknown option path: /],
  [calling(etcdProbes, {}), /^bad gateway \(an object\): it must be a gateway that etcdGateway has made$/],
  [calling(etcdProbes, etcdGateway({ endpoints }), { endpoints }), /^unknown option endpoints: there are timeout$/],
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

it("publishedVersions rejects what is no time", async () => {
  const made = etcdGateway({ endpoints });
  await assert.rejects(made.publishedVersions(Number.NaN), /^TypeError: bad timeout NaN: it must be a whole number/);
});

it("closeServer rejects what it cannot close", async () => {
  const made = createGateway(gateway);
  await assert.rejects(closeServer(createServer(), made, Number.NaN), /^TypeError: bad grace NaN/);
  await assert.rejects(
    async () => Reflect.apply(closeServer, undefined, [createServer()]),
    /^TypeError: gateway is missing/,
  );
  await assert.rejects(async () => Reflect.apply(closeServer, undefined, [made, made]), /^TypeError: bad server/);
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
