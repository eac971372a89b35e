import assert from "node:assert/strict";
import { test } from "node:test";
import { checkUnreadWatch } from "../../e2e/unread-watch.js";
import { at } from "../../http/etcd-json.js";
import { Socket } from "./socket.js";

test("a socket that nobody reads holds etcd back: memory stays flat, and no event is lost", () =>
  checkUnreadWatch(async (url, request) => {
    const watch = await new Socket(url.replace("http:", "ws:")).opened();
    watch.send(JSON.stringify(request));
    assert.equal(at(await watch.json(), "result", "created"), true);
    watch.ws.pause();
    return {
      resume: () => watch.ws.resume(),
      next: () => watch.json(),
      async close(command) {
        // The command ends it in good order.
        const stopped = command.stop();
        assert.deepEqual(await watch.closed, { code: 4014, reason: "the gateway is shutting down" });
        await stopped;
      },
    };
  }));
