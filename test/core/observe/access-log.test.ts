import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import { pino } from "pino";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { accessLog, type CallLogger } from "../../../runtime/core/observe/access-log.js";
import { send } from "../../http/requests.js";
import { note } from "../http/notes.js";
import { serveNotes } from "../http/serve-notes.js";
import { UNREADABLE } from "../unreadable.js";
import { CallLog } from "./call-log.js";

const GET = "/v1/notes/get";

/** A pino that keeps its lines. */
function logger(): { readonly lines: Record<string, unknown>[]; readonly pino: CallLogger } {
  const lines: Record<string, unknown>[] = [];
  const output = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  return { lines, pino: pino({ base: null, timestamp: false }, output) };
}

test("a line for each call", async (t) => {
  const { lines, pino } = logger();
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [accessLog(pino), log] });
  const sent = send(port, `${GET}?a=secret`, "{}", { headers: { "X-Request-Id": "id-1" } });
  const call = await transport.nextUnary();
  call.options.progress?.onAttempt("a:1");
  call.respond(note({}));
  await sent;
  await log.end(0);
  const [{ durationMs, backendMs, client, ...line } = {}] = lines;
  assert.deepEqual(line, {
    level: 30,
    requestId: "id-1",
    method: "POST",
    route: GET,
    rpc: "test.Notes.Get",
    protocol: "http",
    framing: "json",
    status: 200,
    code: "OK",
    endpoint: "a:1",
    requestMessages: 1,
    requestBytes: 2,
    responseMessages: 1,
    responseBytes: 2,
    msg: "call",
  });
  assert.ok(typeof durationMs === "number" && typeof backendMs === "number" && backendMs <= durationMs);
  assert.match(String(client), /127\.0\.0\.1$/);
  assert.equal(lines.length, 1);
});

test("a logger gets no lines of a level that it does not write", async (t) => {
  const log = new CallLog();
  const lines: object[] = [];
  const line = (fields: object): void => void lines.push(fields);
  const errorsOnly: CallLogger = { info: line, warn: line, error: line, isLevelEnabled: (level) => level === "error" };
  const { port, transport } = await serveNotes(t, { observers: [accessLog(errorsOnly), log] });
  for (const error of [undefined, new GatewayError(Status.INTERNAL, "broken")]) {
    const sent = send(port, GET, "{}");
    const call = await transport.nextUnary();
    if (error === undefined) call.respond(note({}));
    else call.fail(error);
    await sent;
  }
  await log.end(1);
  assert.equal(lines.length, 1);
  assert.equal(lines[0] && "error" in lines[0] && lines[0].error, "broken");
});

test("a line has the cause of an error, whatever that is", async (t) => {
  const causes = [new Error("disk full"), "a text", ...UNREADABLE];
  const { lines, pino } = logger();
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [accessLog(pino), log] });
  for (const [i, cause] of causes.entries()) {
    const sent = send(port, GET, "{}");
    (await transport.nextUnary()).fail(new GatewayError(Status.INTERNAL, "broken", { cause }));
    assert.equal((await sent).status, 500);
    await log.end(i);
  }
  const unreadable = UNREADABLE.map(() => "an error that cannot be read");
  assert.deepEqual(
    lines.map(({ cause }) => cause),
    ["disk full", "a text", ...unreadable],
  );
});

test("a stream has a line at its start and one at its end, with the same request id", async (t) => {
  const { lines, pino } = logger();
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [accessLog(pino), log] });
  const sent = send(port, "/v1/notes/list", "{}");
  const stream = await transport.nextStream();
  assert.deepEqual(
    lines.map(({ msg, rpc, status }) => [msg, rpc, status]),
    [["stream", "test.Notes.List", undefined]],
  );
  stream.finish();
  await sent;
  await log.end(0);
  assert.equal(lines[1]?.["msg"], "call");
  assert.equal(lines[1]?.["requestId"], lines[0]?.["requestId"]);
});

test("levels follow what has happened, and messages are told of errors from 500 on only", async (t) => {
  const { lines, pino } = logger();
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [accessLog(pino), log], limits: { maxInFlight: 1 } });
  let count = 0;
  const last = async (): Promise<unknown[]> => {
    await log.end(count++);
    const { level, code, error, cause, rejected } = lines.at(-1) ?? {};
    return [level, code, error, cause, rejected];
  };
  const fail = async (error: GatewayError): Promise<unknown[]> => {
    const sent = send(port, GET, "{}");
    const call = await transport.nextUnary();
    call.options.progress?.onAttempt("a:1");
    call.fail(error);
    await sent;
    return last();
  };
  assert.deepEqual(await fail(new GatewayError(Status.NOT_FOUND, "quoted")), [
    30,
    "NOT_FOUND",
    undefined,
    undefined,
    undefined,
  ]);
  const lost = new GatewayError(Status.DATA_LOSS, "lost", { cause: new Error("disk") });
  assert.deepEqual(await fail(lost), [50, "DATA_LOSS", "lost", "disk", undefined]);
  await send(port, GET, '{"text":"quoted');
  assert.deepEqual(await last(), [30, "INVALID_ARGUMENT", undefined, undefined, "bad-request"]);
  const first = send(port, GET, "{}");
  const call = await transport.nextUnary();
  await send(port, GET, "{}");
  const overload = "the gateway has too many requests in progress";
  assert.deepEqual(await last(), [40, "UNAVAILABLE", overload, undefined, "overload"]);
  call.respond(note({}));
  await first;
});

test("the client's address is the one that Express finds", async (t) => {
  const { lines, pino } = logger();
  const log = new CallLog();
  const trust = (req: { app: { set(name: string, value: unknown): void } }, _res: unknown, next: () => void): void => {
    req.app.set("trust proxy", true);
    next();
  };
  const { port } = await serveNotes(t, { observers: [accessLog(pino), log] }, { before: [trust] });
  await send(port, "/v1/none", "", { headers: { "X-Forwarded-For": "1.2.3.4" } });
  await log.end(0);
  assert.equal(lines[0]?.["client"], "1.2.3.4");
});

test("a value that is not a logger is rejected", () => {
  assert.throws(() => accessLog(console.log as never), /^TypeError: invalid logger .*: expected a logger/);
});

test("a logger whose functions are asynchronous and reject is a warning, and costs no request", async (t) => {
  const warned: string[] = [];
  t.mock.method(process, "emitWarning", (warning: string) => warned.push(warning));
  const reject = async (): Promise<never> => Promise.reject(new Error("the log is full"));
  const logger = { info: reject, warn: reject, error: reject };
  const levels = { ...logger, isLevelEnabled: () => true };
  Reflect.set(levels, "isLevelEnabled", reject);
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [accessLog(logger), accessLog(levels), log] });
  for (let i = 0; i < 2; i++) {
    const sent = send(port, GET, "{}");
    (await transport.nextUnary()).respond(note({}));
    assert.equal((await sent).status, 200);
    await log.end(i);
  }
  await new Promise(setImmediate);
  assert.deepEqual(
    warned,
    Array(2).fill("an observer of calls failed (only its first failure is reported): the log is full"),
  );
});
