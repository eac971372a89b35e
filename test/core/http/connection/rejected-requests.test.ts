import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { RequestListener, Server } from "node:http";
import { type TestContext, test } from "node:test";
import { createHttpServer } from "../../../../runtime/core/server/http-server.js";
import { post, RawConnection } from "../../../attacks/raw-connection.js";
import { listen } from "../../../http/listen.js";

/** Creates a server on which Node.js handles the promises that listeners return. It looks at this only then. */
function capturing(app: RequestListener): Server {
  EventEmitter.captureRejections = true;
  try {
    return createHttpServer(app);
  } finally {
    EventEmitter.captureRejections = false;
  }
}

async function connect(t: TestContext, server: Server): Promise<RawConnection> {
  const connection = new RawConnection(await listen(t, server));
  t.after(() => connection.leave());
  return connection;
}

test("with captureRejections, each pipelined request of an app that rejects gets a 500", async (t) => {
  const server = capturing(async () => {
    throw new Error("rejected");
  });
  const connection = await connect(t, server);
  await connection.send(post("/", "{}").repeat(3));
  await connection.answers(3);
  assert.deepEqual(connection.statuses, [500, 500, 500]);
});

test("with captureRejections, a request that has its headers when the app rejects is disconnected", async (t) => {
  const server = capturing(async (req, res) => {
    if (req.url === "/fine") {
      res.end("fine");
      return;
    }
    res.writeHead(200).write("begun");
    throw new Error("rejected");
  });
  const connection = await connect(t, server);
  await connection.send(post("/fine", "{}") + post("/broken", "{}") + post("/fine", "{}"));
  await connection.until(({ isClosed }) => isClosed);
  assert.deepEqual(connection.statuses, [200, 200]);
});
