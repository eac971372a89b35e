import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { GatewayError, Status } from "@etcd-gateway/runtime";
import {
  AuthenticateRequest,
  AuthenticateResponse,
  WatchCreateRequest,
  WatchRequest,
} from "../../../generated/index.js";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import type { Transport } from "../../../runtime/core/transport/transport.js";
import { signedInTransport } from "../../../runtime/etcd/access/signed-in-transport.js";
import { UserSessions } from "../../../runtime/etcd/access/user-session.js";
import { resumingTransport } from "../../../runtime/etcd/streams/resuming-transport.js";
import { FakeTransport, type FakeUnary } from "../../core/http/fake-transport.js";
import { callOptions, type Outcome, StreamRecorder, unary } from "../../core/transport/recorded-calls.js";

const RANGE = "/etcdserverpb.KV/Range";
const WATCH = "/etcdserverpb.Watch/Watch";
/** The bytes of a lock or a campaign `n` with the lease 7. */
const NAMED = Buffer.from([0x0a, 1, 0x6e, 0x10, 7]);

const invalidToken = (): GatewayError => new GatewayError(Status.UNAUTHENTICATED, "etcdserver: invalid auth token");
const oldRevision = (): GatewayError =>
  new GatewayError(Status.INVALID_ARGUMENT, "etcdserver: revision of auth store is old");
const noUser = (): GatewayError => new GatewayError(Status.INVALID_ARGUMENT, "etcdserver: user name is empty");
const notEnabled = (): GatewayError =>
  new GatewayError(Status.FAILED_PRECONDITION, "etcdserver: authentication is not enabled");
const wrongPassword = (): GatewayError =>
  new GatewayError(Status.INVALID_ARGUMENT, "etcdserver: authentication failed, invalid user ID or password");

describe("the gateway's own credentials", () => {
  let etcd: FakeTransport;
  let sessions: UserSessions;
  let transport: Transport;
  beforeEach(() => {
    etcd = new FakeTransport();
    sessions = new UserSessions(etcd, { user: "gate", password: "secret" });
    transport = signedInTransport(etcd, sessions);
  });

  const call = (request: string, options = {}): Promise<Outcome> => unary(transport, RANGE, request, options);

  /** Takes the next call, which has to sign in. */
  async function signIn(name = "gate", password = "secret"): Promise<FakeUnary> {
    const asked = await etcd.nextUnary();
    assert.equal(asked.path, "/etcdserverpb.Auth/Authenticate");
    assert.deepEqual(asked.options.metadata, []);
    assert.deepEqual({ ...AuthenticateRequest.decode(asked.request) }, { name, password });
    return asked;
  }

  async function grant(token: string, name?: string, password?: string): Promise<void> {
    (await signIn(name, password)).respond(AuthenticateResponse.encode({ header: undefined, token }).finish());
  }

  /** Takes the next call, which has to be made with a token, or with none. */
  async function made(request: string, token: string | undefined): Promise<FakeUnary> {
    const taken = await etcd.nextUnary();
    assert.equal(taken.path, RANGE);
    assert.equal(taken.request.toString(), request);
    assert.deepEqual(taken.options.metadata, token === undefined ? [] : [["token", token]]);
    return taken;
  }

  it("sign in once for all calls", async () => {
    const calls = ["a", "b", "c"].map((request) => call(request));
    await grant("t1");
    for (const request of ["a", "b", "c"]) (await made(request, "t1")).respond(Buffer.from(request.toUpperCase()));
    assert.deepEqual(
      (await Promise.all(calls)).map(({ message }) => message?.toString()),
      ["A", "B", "C"],
    );
    const later = call("d");
    (await made("d", "t1")).respond(Buffer.from("D"));
    assert.equal((await later).message?.toString(), "D");
    assert.equal(etcd.waiting, 0);
  });

  it("are replaced for calls that begin later, while those in progress go on", async () => {
    const first = call("a");
    await grant("t1");
    const under = await made("a", "t1");
    sessions.setCredentials({ user: "other", password: "new" });
    const second = call("b");
    await grant("t2", "other", "new");
    (await made("b", "t2")).respond(Buffer.from("B"));
    assert.equal((await second).message?.toString(), "B");
    under.respond(Buffer.from("A"));
    assert.equal((await first).message?.toString(), "A");
  });

  it("are replaced while a sign-in is in progress, and no later call has its token", async () => {
    const first = call("a");
    const old = await signIn();
    sessions.setCredentials({ user: "gate", password: "new" });
    const second = call("b");
    const later = await signIn("gate", "new");
    old.respond(AuthenticateResponse.encode({ header: undefined, token: "t1" }).finish());
    (await made("a", "t1")).respond(Buffer.from("A"));
    assert.equal((await first).message?.toString(), "A");
    const third = call("c");
    later.respond(AuthenticateResponse.encode({ header: undefined, token: "t2" }).finish());
    for (const request of ["b", "c"]) (await made(request, "t2")).respond(Buffer.from(request));
    assert.deepEqual([String((await second).message), String((await third).message)], ["b", "c"]);
  });

  it("are replaced at once after a refusal", async () => {
    const refused = call("a");
    (await signIn()).fail(wrongPassword());
    assert.equal((await refused).error?.code, Status.UNAVAILABLE);
    sessions.setCredentials({ user: "gate", password: "new" });
    const served = call("b");
    await grant("t2", "gate", "new");
    (await made("b", "t2")).respond(Buffer.from("B"));
    assert.equal((await served).message?.toString(), "B");
  });

  const refusals = {
    "an expired token": invalidToken,
    "an old revision": oldRevision,
    "an expired token, as locks say it": () => new GatewayError(Status.UNKNOWN, "etcdserver: invalid auth token"),
    "an expired token, as maintenance says it": () => new GatewayError(Status.UNKNOWN, "auth: invalid auth token"),
    "an old revision, as elections say it": () =>
      new GatewayError(
        Status.UNKNOWN,
        "rpc error: code = InvalidArgument desc = etcdserver: revision of auth store is old",
      ),
    "an old revision, as it is called inside": () =>
      new GatewayError(Status.UNKNOWN, "auth: revision in header is old"),
  };
  for (const [what, refusal] of Object.entries(refusals)) {
    it(`are renewed in one flight after ${what}, each call made once more`, async () => {
      const calls = ["a", "b"].map((request) => call(request));
      await grant("t1");
      const first = [await made("a", "t1"), await made("b", "t1")];
      first[0]?.fail(refusal());
      const renewal = await signIn();
      first[1]?.fail(refusal());
      assert.equal(etcd.waiting, 0);
      renewal.respond(AuthenticateResponse.encode({ header: undefined, token: "t2" }).finish());
      for (const request of ["a", "b"]) (await made(request, "t2")).respond(Buffer.from("ok"));
      for (const { message } of await Promise.all(calls)) assert.equal(message?.toString(), "ok");
    });
  }

  it("are not asked for again for a call that met the token before", async () => {
    const calls = ["a", "b"].map((request) => call(request));
    await grant("t1");
    const [a, b] = [await made("a", "t1"), await made("b", "t1")];
    a.fail(invalidToken());
    await grant("t2");
    (await made("a", "t2")).respond(Buffer.from("ok"));
    b.fail(invalidToken());
    (await made("b", "t2")).respond(Buffer.from("ok"));
    await Promise.all(calls);
    assert.equal(etcd.waiting, 0);
  });

  it("are tried anew once only", async () => {
    const outcome = call("a");
    await grant("t1");
    (await made("a", "t1")).fail(invalidToken());
    await grant("t2");
    (await made("a", "t2")).fail(invalidToken());
    assert.equal((await outcome).error?.message, "etcdserver: invalid auth token");
    assert.equal(etcd.waiting, 0);
  });

  for (const path of ["/v3lockpb.Lock/Lock", "/v3electionpb.Election/Campaign"]) {
    it(`are tried anew as long as a client waits in line, by ${path}`, async (t) => {
      const outcome = unary(transport, path, NAMED, { deadline: undefined });
      await grant("t1");
      for (const token of ["t2", "t3", "t4"]) {
        (await etcd.nextUnary()).fail(new GatewayError(Status.UNKNOWN, "etcdserver: invalid auth token"));
        await grant(token);
      }
      const last = await etcd.nextUnary();
      assert.deepEqual(last.options.metadata, [["token", "t4"]]);
      last.respond(Buffer.from("ok"));
      assert.equal((await outcome).message?.toString(), "ok");
      // Not only those: a call that lasts may outlive several tokens.
      const { now } = performance;
      let later = 0;
      t.mock.method(performance, "now", () => now.call(performance) + later);
      const lasting = call("b");
      for (const token of ["t4", "t5", "t6"]) {
        const taken = await made("b", token);
        later += 2_000;
        if (token === "t6") taken.respond(Buffer.from("ok"));
        else {
          taken.fail(invalidToken());
          await grant(token === "t4" ? "t5" : "t6");
        }
      }
      assert.equal((await lasting).message?.toString(), "ok");
    });
  }

  it("leave other errors alone", async () => {
    for (const error of [noUser(), new GatewayError(Status.PERMISSION_DENIED, "etcdserver: permission denied")]) {
      const outcome = call("a");
      if (error.code === Status.INVALID_ARGUMENT) await grant("t1");
      (await made("a", "t1")).fail(error);
      assert.equal((await outcome).error, error);
    }
    assert.equal(etcd.waiting, 0);
  });

  it("are not needed while authentication is not enabled, and are from then on", async () => {
    const open = call("a");
    (await signIn()).fail(notEnabled());
    (await made("a", undefined)).respond(Buffer.from("ok"));
    assert.equal((await open).message?.toString(), "ok");
    const enabled = call("b");
    (await made("b", undefined)).fail(noUser());
    await grant("t1");
    (await made("b", "t1")).respond(Buffer.from("ok"));
    assert.equal((await enabled).message?.toString(), "ok");
  });

  it("that etcd refuses are the gateway's fault, and asked about once a second at most", async (t) => {
    const first = call("a");
    (await signIn()).fail(wrongPassword());
    const { error } = await first;
    assert.equal(error?.httpStatus, 503);
    assert.equal(error.message, "etcd refused the gateway's own user or password");
    assert.equal((await call("b")).error, error);
    assert.equal(etcd.waiting, 0);
    const { now } = performance;
    t.mock.method(performance, "now", () => now.call(performance) + 1_000);
    const second = call("c");
    await grant("t1");
    (await made("c", "t1")).respond(Buffer.from("ok"));
    assert.equal((await second).message?.toString(), "ok");
  });

  it("fail a call as the request for them failed, and are asked for by the next", async () => {
    const outcome = call("a");
    const down = new GatewayError(Status.UNAVAILABLE, "no endpoint responds");
    (await signIn()).fail(down);
    assert.equal((await outcome).error, down);
    const next = call("b");
    await grant("t1");
    (await made("b", "t1")).respond(Buffer.from("ok"));
    await next;
  });

  it("keep nobody waiting who has gone, or whose time is up", async () => {
    const gone = unary(transport, RANGE, "a", {}, (started) => started.cancel());
    const late = call("b", { deadline: monotonicTime() + 20 });
    const patient = call("c");
    assert.equal((await gone).error?.code, Status.CANCELLED);
    assert.equal((await late).error?.code, Status.DEADLINE_EXCEEDED);
    await grant("t1");
    (await made("c", "t1")).respond(Buffer.from("ok"));
    await patient;
    assert.equal(etcd.waiting, 0);
  });

  it("cancel a call that is made", async () => {
    const started: { cancel(): void }[] = [];
    const outcome = unary(transport, RANGE, "a", {}, (each) => started.push(each));
    await grant("t1");
    const taken = await made("a", "t1");
    started[0]?.cancel();
    await taken.canceled;
    assert.equal((await outcome).error?.code, Status.CANCELLED);
  });

  it("are for calls without a token, and not for signing in", async () => {
    for (const key of ["token", "authorization"]) {
      const outcome = call("a", { metadata: [[key, "alice.1"]] });
      const taken = await etcd.nextUnary();
      assert.deepEqual(taken.options.metadata, [[key, "alice.1"]]);
      taken.fail(invalidToken());
      assert.equal((await outcome).error?.code, Status.UNAUTHENTICATED);
    }
    const login = unary(transport, "/etcdserverpb.Auth/Authenticate", "login");
    (await etcd.nextUnary()).fail(invalidToken());
    assert.equal((await login).error?.code, Status.UNAUTHENTICATED);
    const stream = transport.stream(WATCH, callOptions({ metadata: [["token", "alice.1"]] }), new StreamRecorder());
    assert.deepEqual((await etcd.nextStream()).options.metadata, [["token", "alice.1"]]);
    stream.cancel();
    assert.equal(etcd.waiting, 0);
  });

  describe("on a stream", () => {
    it("are there before it begins; what comes meanwhile waits in order", async () => {
      const recorder = new StreamRecorder();
      const stream = transport.stream(WATCH, callOptions(), recorder);
      assert.equal(stream.send(Buffer.from("1")), true);
      assert.equal(stream.send(Buffer.alloc(64 * 1024)), false);
      stream.pause();
      stream.end();
      await grant("t1");
      const taken = await etcd.nextStream();
      assert.deepEqual(taken.options.metadata, [["token", "t1"]]);
      assert.equal((await taken.nextRequest())?.toString(), "1");
      assert.equal((await taken.nextRequest())?.length, 64 * 1024);
      assert.equal(await taken.nextRequest(), undefined);
      assert.equal(taken.paused, true);
      assert.equal(recorder.drains, 0, "too much is kept for another try");
      stream.resume();
      assert.equal(taken.paused, false);
      taken.respond(Buffer.from("answer"));
      assert.equal(recorder.drains, 1);
      assert.deepEqual(recorder.messages.map(String), ["answer"]);
      taken.finish();
      assert.equal(recorder.ends, 1);
    });

    it("limit the empty requests that wait, and those that are kept for another try", async () => {
      const recorder = new StreamRecorder();
      const stream = transport.stream(WATCH, callOptions(), recorder);
      let sent = 1;
      while (sent < 1_000 && stream.send(Buffer.alloc(0))) sent += 1;
      assert.ok(sent < 1_000, `${sent} requests were taken`);
      await grant("t1");
      const taken = await etcd.nextStream();
      assert.equal(taken.waiting, sent);
      assert.equal(stream.send(Buffer.alloc(0)), false, "no response yet");
      taken.finish(invalidToken());
      await grant("t2");
      const again = await etcd.nextStream();
      assert.equal(again.waiting, sent + 1, "none was dropped");
      assert.equal(recorder.drains, 0);
      again.respond(Buffer.from("answer"));
      assert.equal(recorder.drains, 1);
      assert.equal(stream.send(Buffer.alloc(0)), true);
      assert.equal(recorder.error, undefined);
    });

    it("do not make a watch stream wait for ever for a response to requests that etcd does not answer", async () => {
      const resuming = resumingTransport(transport, { timeout: 60_000, refusals: "message", maxWatches: 10 });
      const stream = resuming.stream(WATCH, callOptions(), new StreamRecorder());
      await grant("t1");
      const taken = await etcd.nextStream();
      const send = (request: WatchRequest["request_union"]): boolean =>
        stream.send(WatchRequest.encode({ request_union: request }).finish());
      for (let i = 0; i < 1_000; i++) {
        assert.ok(send({ $case: "cancel_request", value: { watch_id: BigInt(i) } }), `cancellation ${i}`);
        assert.ok(send({ $case: "progress_request", value: {} }), `request for progress ${i}`);
        assert.ok(send(undefined), `empty request ${i}`);
      }
      const before = taken.waiting;
      assert.ok(before > 0);
      const value = WatchCreateRequest.fromPartial({ key: Buffer.from("k") });
      assert.ok(send({ $case: "create_request", value }));
      assert.equal(taken.waiting, before + 1);
      stream.cancel();
    });

    it("are fresh: a second old at most", async (t) => {
      const open = (): StreamRecorder => {
        const recorder = new StreamRecorder();
        transport.stream(WATCH, callOptions(), recorder);
        return recorder;
      };
      open();
      await grant("t1");
      assert.deepEqual((await etcd.nextStream()).options.metadata, [["token", "t1"]]);
      open();
      assert.deepEqual((await etcd.nextStream()).options.metadata, [["token", "t1"]]);
      const { now } = performance;
      t.mock.method(performance, "now", () => now.call(performance) + 1_001);
      const [a, b] = [open(), open()];
      await grant("t2");
      for (const _ of [a, b]) assert.deepEqual((await etcd.nextStream()).options.metadata, [["token", "t2"]]);
      assert.equal(etcd.waiting, 0);
    });

    const expired = (): GatewayError => new GatewayError(Status.UNKNOWN, "auth: invalid auth token");

    it("are renewed before the first response, and what was sent is sent again", async () => {
      const recorder = new StreamRecorder();
      const stream = transport.stream(WATCH, callOptions(), recorder);
      stream.send(Buffer.from("1"));
      await grant("t1");
      const first = await etcd.nextStream();
      stream.send(Buffer.from("2"));
      stream.end();
      first.finish(expired());
      await grant("t2");
      const second = await etcd.nextStream();
      assert.deepEqual(second.options.metadata, [["token", "t2"]]);
      for (const request of ["1", "2"]) assert.equal(String(await second.nextRequest()), request);
      assert.equal(await second.nextRequest(), undefined);
      second.finish(expired());
      await recorder.over();
      assert.equal(recorder.error?.message, "auth: invalid auth token");
      assert.equal(etcd.waiting, 0);
    });

    it("that expire during a stream end it as a connection that breaks does, and are not used again", async () => {
      const recorder = new StreamRecorder();
      transport.stream(WATCH, callOptions(), recorder).send(Buffer.from("1"));
      await grant("t1");
      const taken = await etcd.nextStream();
      taken.respond(Buffer.from("answer"));
      taken.finish(expired());
      await recorder.over();
      assert.deepEqual([recorder.texts, recorder.error?.code], [["answer"], Status.UNAVAILABLE]);
      transport.stream(WATCH, callOptions(), new StreamRecorder());
      await grant("t2");
      assert.deepEqual((await etcd.nextStream()).options.metadata, [["token", "t2"]]);
    });

    it("end it if they cannot be had, or it is canceled meanwhile", async () => {
      const [refused, canceled] = [new StreamRecorder(), new StreamRecorder()];
      transport.stream(WATCH, callOptions(), refused);
      transport.stream(WATCH, callOptions(), canceled).cancel();
      (await signIn()).fail(wrongPassword());
      await Promise.all([refused, canceled].map((recorder) => recorder.over()));
      assert.equal(refused.error?.httpStatus, 503);
      assert.equal(canceled.error?.code, Status.CANCELLED);
      assert.equal(etcd.waiting, 0);
    });
  });
});
