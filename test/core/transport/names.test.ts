import assert from "node:assert/strict";
import dns, { type LookupAddress, type LookupOptions } from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import { afterEach, before, beforeEach, describe, mock, test } from "node:test";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import { library } from "../../../runtime/core/transport/grpc-js/library.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import type { Transport } from "../../../runtime/core/transport/transport.js";
import type { GrpcTransportOptions } from "../../../runtime/core/transport/transport-options.js";
import { type FaultServer, startFaultServer } from "../../faults/fault-server.js";
import { startFaultProxy } from "../../faults/proxy.js";
import { CHANNELS } from "./channels.js";
import { unary } from "./recorded-calls.js";

const WHO = "/test.Name/Who";
/** Other systems than Linux have only one IPv4 address for themselves. */
const ADDRESSES = process.platform === "linux" ? {} : { skip: "needs 127.0.0.2" };

/** The addresses of `etcd.test`; none if the name cannot be resolved. */
let addresses: readonly string[] = [];
/** Whether the name server does not respond. */
let isHanging = false;

async function resolved(): Promise<LookupAddress[]> {
  if (isHanging) return new Promise(() => {});
  if (addresses.length === 0) throw Object.assign(new Error("getaddrinfo EAI_AGAIN etcd.test"), { code: "EAI_AGAIN" });
  return addresses.map((address) => ({ address, family: 4 }));
}

type LookedUp = (error: Error | null, addresses?: LookupAddress[]) => void;

for (const channel of CHANNELS) {
  describe(`an endpoint by name, over ${channel}`, () => {
    const cleanUp: (() => unknown)[] = [];

    // The first use of grpc-js loads it.
    before(library);

    beforeEach(() => {
      const { lookup } = dns;
      // For the name, both channels ask for all addresses. Servers look up the address that they listen on.
      mock.method(dns, "lookup", (host: string, options: LookupOptions & { all: true }, callback: LookedUp) => {
        if (host !== "etcd.test") lookup(host, options, callback);
        else resolved().then((found) => callback(null, found), callback);
      });
      mock.method(dns.promises, "lookup", resolved);
      syncBuiltinESMExports();
    });

    afterEach(async () => {
      for (const each of cleanUp.splice(0).reverse()) await each();
      mock.restoreAll();
      syncBuiltinESMExports();
    });

    async function serve(text: string, options: { host?: string; port?: number } = {}): Promise<FaultServer> {
      const server = await startFaultServer(options);
      server.handle(WHO, (call) => call.answer(Buffer.from(text)));
      cleanUp.push(() => server.stop());
      return server;
    }

    /** Starts a server at 127.0.0.1 that can become silent, and one at 127.0.0.2 with the same port. */
    async function serveTwo() {
      const first = await serve("first");
      const proxy = await startFaultProxy(first.port);
      cleanUp.push(() => proxy.stop());
      const port = Number(proxy.endpoint.split(":")[1]);
      await serve("second", { host: "127.0.0.2", port });
      addresses = ["127.0.0.1", "127.0.0.2"];
      return { proxy, endpoint: `etcd.test:${port}` };
    }

    function open(endpoint: string, options: Partial<GrpcTransportOptions> = {}): Transport {
      const transport = grpcTransport({ channel, endpoints: [endpoint], ...options });
      cleanUp.push(() => transport.close());
      return transport;
    }

    async function who(transport: Transport): Promise<string> {
      const options = { deadline: monotonicTime() + 60_000, idempotent: true };
      const { message, error } = await unary(transport, WHO, "", options);
      return String(message ?? error?.message);
    }

    test("whose first addresses accept connections and are silent is reached at the next one", ADDRESSES, async () => {
      const { proxy, endpoint } = await serveTwo();
      addresses = ["127.0.0.1", ...addresses];
      proxy.mode = "stall";
      assert.equal(await who(open(endpoint)), "second");
    });

    test(
      "is reached at another address when the one in use falls silent, by the call that waits",
      ADDRESSES,
      async () => {
        const { proxy, endpoint } = await serveTwo();
        const transport = open(endpoint, { keepalive: { interval: 500, timeout: 1_000 } });
        assert.equal(await who(transport), "first");
        const { accepted } = proxy;
        proxy.mode = "stall";
        assert.equal(await who(transport), "second");
        if (channel === "lean") assert.equal(proxy.accepted, accepted, "connections to the silent address");
      },
    );

    if (channel === "lean") {
      test("with many addresses has enough time for each", async () => {
        const server = await serve("far");
        const proxy = await startFaultProxy(server.port);
        cleanUp.push(() => proxy.stop());
        proxy.mode = { delay: 300 };
        addresses = Array.from({ length: 10 }, () => "127.0.0.1");
        assert.equal(await who(open(`etcd.test:${proxy.endpoint.split(":")[1]}`, { connectTimeout: 2_000 })), "far");
        assert.equal(proxy.accepted, 1);
      });
    }

    test("that moves is found at its new address", ADDRESSES, async () => {
      const old = await serve("old");
      addresses = ["127.0.0.1"];
      const transport = open(`etcd.test:${old.port}`);
      assert.equal(await who(transport), "old");
      await serve("new", { host: "127.0.0.2", port: old.port });
      addresses = ["127.0.0.2"];
      await old.stop();
      assert.equal(await who(transport), "new");
    });

    test("that cannot be resolved any more is reached at the address that is known", async () => {
      const server = await serve("here");
      addresses = ["127.0.0.1"];
      const transport = open(`etcd.test:${server.port}`);
      assert.equal(await who(transport), "here");
      addresses = [];
      for (const session of server.sessions) session.destroy();
      assert.equal(await who(transport), "here");
    });

    test("whose name server never responds is resolved again", { timeout: 60_000 }, async () => {
      const server = await serve("here");
      addresses = ["127.0.0.1"];
      isHanging = true;
      const transport = open(`etcd.test:${server.port}`, { connectTimeout: 2_000 });
      assert.equal(await who(transport), "no endpoint is reachable");
      isHanging = false;
      let answer = await who(transport);
      while (answer === "no endpoint is reachable") answer = await who(transport);
      assert.equal(answer, "here");
    });

    test("that cannot be resolved at first is found as soon as it can", async () => {
      const server = await serve("here");
      addresses = [];
      const transport = open(`etcd.test:${server.port}`, { connectTimeout: 30_000 });
      const early = who(transport);
      const { error } = await unary(transport, WHO, "", { deadline: monotonicTime() + 300 });
      assert.notEqual(error, undefined);
      addresses = ["127.0.0.1"];
      assert.equal(await early, "here");
    });
  });
}
