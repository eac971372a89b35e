import assert from "node:assert/strict";
import { test } from "node:test";
import { at } from "../http/etcd-json.js";
import { postStream } from "../http/json-stream.js";
import { checkUnreadWatch } from "./unread-watch.js";

test("a watch that nobody reads holds etcd back: the gateway's memory stays flat, and no event is lost", () =>
  checkUnreadWatch(async (url, request) => {
    const watch = postStream(url, request);
    assert.equal(await watch.status(), 200);
    return {
      async resume() {
        assert.equal(at(await watch.next(), "result", "created"), true);
      },
      next: () => watch.next(),
      close: () => watch.abort(),
    };
  }));
