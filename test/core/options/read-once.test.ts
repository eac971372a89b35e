import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import { describe, it } from "node:test";
import { services } from "../../../generated/index.js";
import { accessLog, createClient, createGateway, grpcTransport } from "../../../runtime/core/index.js";
import { callMetrics } from "../../../runtime/core/metrics.js";
import { callTracing } from "../../../runtime/core/tracing.js";
import {
  apiDescriptions,
  browserGuard,
  createHttpServer,
  etcdGateway,
  etcdProbes,
  rejectionRecorder,
} from "../../../runtime/etcd/index.js";
import { FakeTransport } from "../http/fake-transport.js";
import { notes } from "../http/notes.js";

const BOOM = new Error("boom");

function fail(): never {
  throw BOOM;
}

/** An object with a getter that throws. */
function withGetter(name: string, others: object = {}): object {
  return Object.defineProperty({ ...others }, name, { enumerable: true, get: fail });
}

/** A proxy with one trap that throws. */
function withTrap(trap: keyof ProxyHandler<object>, target: object = {}): object {
  return new Proxy(target, { [trap]: fail });
}

/** A proxy of which nothing can be read. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const endpoints = ["127.0.0.1:2379"];
const ofGateway = { services: [notes], transport: new FakeTransport() };
const registry = { registerMetric() {}, metrics() {} };

/** Factories that read options, with an option of each. */
const FACTORIES: Readonly<Record<string, readonly [make: (options: unknown) => unknown, option: string]>> = {
  etcdGateway: [calling(etcdGateway), "endpoints"],
  createGateway: [calling(createGateway), "services"],
  handleUpgrades: [calling(createGateway(ofGateway).handleUpgrades, createServer()), "path"],
  grpcTransport: [calling(grpcTransport), "endpoints"],
  createClient: [calling(createClient, services, new FakeTransport()), "metadata"],
  createHttpServer: [calling(createHttpServer, () => {}), "tls"],
  browserGuard: [calling(browserGuard), "cors"],
  apiDescriptions: [calling(apiDescriptions), "gatewayPath"],
  etcdProbes: [calling(etcdProbes, etcdGateway({ endpoints })), "timeout"],
  callMetrics: [calling(callMetrics, registry), "prefix"],
  callTracing: [calling(callTracing), "tracerProvider"],
};

function calling(factory: (...args: never) => unknown, ...before: readonly unknown[]): (options: unknown) => unknown {
  return (options) => Reflect.apply(factory, undefined, [...before, options]);
}

function assertUnreadable(make: () => unknown, message: string): void {
  assert.throws(make, { name: "TypeError", message, cause: BOOM });
}

describe("options that throw when they are read", () => {
  for (const [name, [make, option]] of Object.entries(FACTORIES)) {
    it(name, () => {
      assertUnreadable(() => make(withGetter(option)), `invalid ${option}: cannot read its value: boom`);
      assertUnreadable(() => make(withGetter("banana")), "invalid banana: cannot read its value: boom");
      const whole = `invalid options of ${name}`;
      assertUnreadable(() => make(withTrap("get")), `${whole}: cannot read its kind: boom`);
      assertUnreadable(() => make(withTrap("ownKeys")), `${whole}: cannot read the names of its members: boom`);
      assert.throws(() => make(revoked()), {
        name: "TypeError",
        message: /^invalid options of \w+: cannot read its kind/,
      });
    });
  }

  it("in groups, lists and records", () => {
    const make = (options: object) => () => FACTORIES["etcdGateway"]?.[0]({ endpoints, ...options });
    assertUnreadable(make({ limits: withGetter("maxBody") }), "invalid limits.maxBody: cannot read its value: boom");
    assertUnreadable(make({ dialect: withGetter("/v3") }), 'invalid dialect["/v3"]: cannot read its value: boom');
    assertUnreadable(make({ endpoints: withTrap("get", ["h:1"]) }), "invalid endpoints: cannot read its items: boom");
    assertUnreadable(make({ bytes: withTrap("get") }), "invalid bytes: cannot read its kind: boom");
    assertUnreadable(make({ observers: [withGetter("onEnd")] }), "invalid observers[0]: cannot read its value: boom");
    assertUnreadable(
      make({ interceptors: withTrap("getPrototypeOf") }),
      "invalid interceptors: cannot read its kind: boom",
    );
    assertUnreadable(
      make({ interceptors: { kv: withGetter("range") } }),
      "invalid interceptors.kv.range: cannot read its value: boom",
    );
  });

  it("of other arguments", () => {
    const unreadable = { name: "TypeError", cause: BOOM };
    assert.throws(() => calling(accessLog)(withGetter("info")), {
      ...unreadable,
      message: "invalid logger: cannot read its value: boom",
    });
    assert.throws(() => calling(rejectionRecorder)([withGetter("onEnd")]), unreadable);
    assert.throws(() => calling(createClient)(withGetter("kv")), unreadable);
    assert.throws(() => calling(createHttpServer, () => {})({ http: withGetter("maxHeaderSize") }), {
      ...unreadable,
      message: 'invalid http["maxHeaderSize"]: cannot read its value: boom',
    });
  });

  it("of certificates and credentials that are replaced", () => {
    const made = etcdGateway({ endpoints, access: { credentials: { user: "u", password: "p" } } });
    const setSecureContext = calling(made.setSecureContext);
    assertUnreadable(() => setSecureContext(withGetter("cert")), "invalid cert: cannot read its value: boom");
    assert.throws(() => setSecureContext(undefined), {
      name: "TypeError",
      message: "invalid options of setSecureContext undefined: expected an object",
    });
    assertUnreadable(
      () => calling(made.setCredentials)(withGetter("password", { user: "u" })),
      "invalid access.credentials.password: cannot read its value: boom",
    );
  });

  it("with a value that has no text", () => {
    const options = Object.defineProperty({}, "endpoints", {
      get() {
        throw withTrap("get");
      },
    });
    assert.throws(() => FACTORIES["etcdGateway"]?.[0](options), {
      message: "invalid endpoints: cannot read its value: an error that cannot be read",
    });
  });
});

describe("options that give another value the second time", () => {
  /** An object that counts how often each of its members is read, and gives them only once. */
  function once(members: Readonly<Record<string, unknown>>): { readonly options: object; readonly read: string[] } {
    const read: string[] = [];
    const options = {};
    for (const [name, value] of Object.entries(members)) {
      const get = (): unknown => {
        read.push(name);
        return read.filter((each) => each === name).length === 1 ? value : "another value";
      };
      Object.defineProperty(options, name, { enumerable: true, get });
    }
    return { options, read };
  }

  it("etcdGateway reads each option once", () => {
    const members = {
      endpoints,
      interceptors: {},
      metadata: (_req: IncomingMessage) => ({}),
      onError() {},
      responses: {},
      limits: {},
      observers: [],
    };
    const { options, read } = once(members);
    FACTORIES["etcdGateway"]?.[0](options);
    assert.deepEqual(read.sort(), Object.keys(members).sort());
  });

  it("createGateway reads each option once, and each service", () => {
    const { options: ofServices, read: readServices } = once({ notes });
    const { options, read } = once({ ...ofGateway, services: ofServices });
    FACTORIES["createGateway"]?.[0](options);
    assert.deepEqual(read.sort(), ["services", "transport"]);
    assert.deepEqual(readServices, ["notes"]);
  });

  it("createClient reads its metadata once", async () => {
    let reads = 0;
    const metadata = {
      get "x-tenant"(): string {
        reads += 1;
        return "a";
      },
    };
    const transport = new FakeTransport();
    const client = createClient({ kv: services.kv }, transport, { metadata });
    const controller = new AbortController();
    const called = client.kv.range({}, { signal: controller.signal });
    const { options } = await transport.nextUnary();
    controller.abort();
    await assert.rejects(called);
    assert.deepEqual(options.metadata, [["x-tenant", "a"]]);
    assert.equal(reads, 1);
  });

  it("createHttpServer reads the options of Node.js once", () => {
    const { options, read } = once({ maxHeaderSize: 9_000, IncomingMessage: undefined });
    FACTORIES["createHttpServer"]?.[0]({ http: options });
    assert.deepEqual(read, ["maxHeaderSize", "IncomingMessage"]);
  });

  it("a list is read once", () => {
    let lengths = 0;
    const list = new Proxy(["127.0.0.1:2379"], {
      get(target, name, receiver) {
        if (name === "length") lengths += 1;
        // The list is empty the second time.
        return name === "length" && lengths > 1 ? 0 : Reflect.get(target, name, receiver);
      },
    });
    const options: Parameters<typeof grpcTransport>[0] = { endpoints: list };
    const transport = grpcTransport(options);
    assert.deepEqual(
      transport.endpoints?.().map(({ endpoint }) => endpoint),
      endpoints,
    );
    transport.close();
  });
});
