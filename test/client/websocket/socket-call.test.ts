import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { describe, test } from "node:test";
import { createChannel, socketJson } from "@etcd-gateway/client";
import { etcdClient, type RpcError } from "etcd-gateway/client";
import { WebSocket, WebSocketServer } from "ws";
import { urlOf } from "../../server-address.js";

describe("WebSockets", { timeout: 60_000 }, () => {
  const watchOf = (baseUrl: string, options = {}) =>
    etcdClient({ baseUrl, WebSocket, ...options })
      .watch.watch()
      [Symbol.asyncIterator]();

  test("are asked for where there are none, by who sends and by who reads", async (t) => {
    const own = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
    Reflect.deleteProperty(globalThis, "WebSocket");
    t.after(() => own !== undefined && Object.defineProperty(globalThis, "WebSocket", own));
    const watching = etcdClient({ baseUrl: "http://127.0.0.1:9" }).watch.watch();
    watching.end();
    const isTold = ({ code, rawMessage }: RpcError): boolean => {
      assert.equal(code, 12);
      assert.match(rawMessage, /^a stream of requests needs a WebSocket.*set the option WebSocket/);
      return true;
    };
    await assert.rejects(watching.send({}), isTold);
    await assert.rejects(watching[Symbol.asyncIterator]().next(), isTold);
  });

  test("tell how they ended by the close code, and by the last frame", async (t) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    t.after(() => server.close());
    await once(server, "listening");
    const baseUrl = urlOf(server);
    let act: (socket: WebSocket) => void = () => {};
    server.on("connection", (socket) => act(socket));
    const error = (given: object): string => JSON.stringify({ error: given });
    for (const [what, code, message] of [
      [(socket: WebSocket) => socket.close(4005, "gone"), 5, "gone"],
      [
        (socket: WebSocket) => {
          socket.send(error({ code: 5, message: "gone for good", details: [] }));
          socket.close(4005, "gone");
        },
        5,
        "gone for good",
      ],
      [(socket: WebSocket) => socket.close(1009, "big"), 8, "big"],
      [(socket: WebSocket) => socket.close(1011), 14, "the WebSocket was refused or closed unexpectedly (1011)"],
      [(socket: WebSocket) => socket.terminate(), 14, "the WebSocket was refused or closed unexpectedly (1006)"],
      [(socket: WebSocket) => socket.send("{"), 14, "the stream ended in the middle of a message"],
    ] as const) {
      act = what;
      await assert.rejects(watchOf(baseUrl).next(), { code, rawMessage: message });
    }
    act = (socket) => socket.close(1000);
    assert.deepEqual(await watchOf(baseUrl).next(), { done: true, value: undefined });
  });

  test("keep no more unread than they may, and pause where they can", async (t) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    t.after(() => server.close());
    await once(server, "listening");
    const baseUrl = urlOf(server);
    const frame = JSON.stringify({ result: { created: true, cancel_reason: "x".repeat(100_000) } });
    server.on("connection", (socket) => {
      for (let i = 0; i < 200; i++) socket.send(frame);
      socket.close(1000);
    });
    class Unpausable extends WebSocket {
      override pause(): void {}
    }
    const small = watchOf(baseUrl, { WebSocket: Unpausable, receiveBuffer: 1_000_000 });
    await assert.rejects(
      async () => {
        // Nobody reads until it is over.
        await once(server, "connection").then(([socket]) => once(socket, "close"));
        for (;;) if ((await small.next()).done === true) break;
      },
      { code: 8 },
    );
    let count = 0;
    const paused = watchOf(baseUrl, { receiveBuffer: 3_000_000 });
    for (;;) {
      if ((await paused.next()).done === true) break;
      count += 1;
    }
    assert.equal(count, 200);
  });

  test("count small frames for more than their length", async (t) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    t.after(() => server.close());
    await once(server, "listening");
    server.on("connection", (socket) => {
      for (let i = 0; i < 20_000; i++) socket.send("{}");
      socket.close(1000);
    });
    const open = (options: object) => {
      const closed = once(server, "connection").then(([socket]) => once(socket, "close"));
      const call = socketJson(createChannel({ baseUrl: urlOf(server), WebSocket, ...options }), {
        path: "/",
        single: true,
      });
      return { call, closed };
    };
    class Unpausable extends WebSocket {
      override pause(): void {}
    }
    const small = open({ WebSocket: Unpausable, receiveBuffer: 1_000_000 });
    await small.closed;
    await assert.rejects(
      async () => {
        for await (const _ of small.call);
      },
      { code: 8 },
    );
    const pauses = new EventEmitter();
    class Pausable extends WebSocket {
      override pause(): void {
        super.pause();
        pauses.emit("pause");
      }
    }
    const paused = once(pauses, "pause");
    const unread = open({ WebSocket: Pausable });
    await paused;
    unread.call.cancel();
    await unread.closed;
  });
});
