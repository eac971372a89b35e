import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  AlarmRequest,
  AlarmRequest_AlarmAction,
  DowngradeRequest,
  DowngradeRequest_DowngradeAction,
  StatusResponse,
} from "../../../generated/index.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { rejectingFatalRequests } from "../../../runtime/etcd/access/fatal-requests.js";
import { FakeTransport } from "../../core/http/fake-transport.js";

const ALARM = "/etcdserverpb.Maintenance/Alarm";
const untyped = AlarmRequest.encode(AlarmRequest.create({ action: AlarmRequest_AlarmAction.ACTIVATE })).finish();

/** Activates an alarm without a type. */
function activate(): { readonly transport: FakeTransport; readonly outcome: Promise<unknown> } {
  return call(ALARM, untyped);
}

/** Makes a call. */
function call(
  path: string,
  request: Uint8Array,
): { readonly transport: FakeTransport; readonly outcome: Promise<unknown> } {
  const transport = new FakeTransport();
  const outcome = new Promise((resolve) => {
    rejectingFatalRequests(transport).unary(
      path,
      request,
      { metadata: [], deadline: undefined, idempotent: false },
      { onResponse: (message) => resolve(message.toString()), onError: resolve },
    );
  });
  return { transport, outcome };
}

function status(version: string): Uint8Array {
  return StatusResponse.encode(StatusResponse.create({ version })).finish();
}

describe("an alarm without a type", () => {
  it("is activated where no member is older than the one asked, and that is 3.5 or later", async () => {
    for (const [version, lower] of [
      ["3.5.30", "3.4.0"],
      ["3.6.1", "3.5.0"],
    ] as const) {
      const { transport, outcome } = activate();
      (await transport.nextUnary()).respond(status(version));
      const downgrade = await transport.nextUnary();
      assert.equal(downgrade.path, "/etcdserverpb.Maintenance/Downgrade");
      assert.deepEqual(DowngradeRequest.decode(downgrade.request), { action: 0, version: lower });
      downgrade.respond(Buffer.alloc(0));
      const alarm = await transport.nextUnary();
      assert.equal(alarm.path, ALARM);
      assert.deepEqual(new Uint8Array(alarm.request), untyped);
      alarm.respond(Buffer.from("done"));
      assert.equal(await outcome, "done");
    }
  });

  it("is rejected by a member of 3.4, and where another may be one", async () => {
    const old = activate();
    (await old.transport.nextUnary()).respond(status("3.4.23"));
    const mixed = activate();
    (await mixed.transport.nextUnary()).respond(status("3.5.16"));
    const error = new GatewayError(Status.INVALID_ARGUMENT, "etcdserver: invalid downgrade target version");
    (await mixed.transport.nextUnary()).fail(error);
    for (const { transport, outcome } of [old, mixed]) {
      const rejection = await outcome;
      assert.ok(rejection instanceof GatewayError);
      assert.equal(rejection.code, Status.INVALID_ARGUMENT);
      assert.match(rejection.message, /set the field alarm$/);
      assert.equal(transport.waiting, 0);
    }
  });

  it("fails if the status cannot be read, and the process goes on", async () => {
    const { transport, outcome } = activate();
    (await transport.nextUnary()).respond(Buffer.of(0x0f, 0xff));
    const error = await outcome;
    assert.ok(error instanceof GatewayError);
    assert.deepEqual([error.code, error.message], [Status.INTERNAL, "the server sent a response that cannot be read"]);
    assert.equal(transport.waiting, 0);
  });

  it("fails as the call for the versions does, if that tells nothing of them", async () => {
    for (const code of [Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.UNAUTHENTICATED, Status.CANCELLED]) {
      const { transport, outcome } = activate();
      (await transport.nextUnary()).respond(status("3.5.16"));
      const error = new GatewayError(code, "no answer");
      (await transport.nextUnary()).fail(error);
      assert.equal(await outcome, error);
      assert.equal(transport.waiting, 0);
    }
  });
});

const AUTH_STATUS = "/etcdserverpb.Auth/AuthStatus";
const DOWNGRADE = "/etcdserverpb.Maintenance/Downgrade";
const enable = DowngradeRequest.encode({ action: DowngradeRequest_DowngradeAction.ENABLE, version: "3.3.0" }).finish();
const invalidTarget = new GatewayError(Status.INVALID_ARGUMENT, "etcdserver: invalid downgrade target version");

describe("a call that a member of 3.5 sends to all as an entry of the log", () => {
  it("is made where no member is older than 3.5", async () => {
    for (const [path, request] of [
      [AUTH_STATUS, Buffer.alloc(0)],
      [DOWNGRADE, enable],
    ] as const) {
      const { transport, outcome } = call(path, request);
      (await transport.nextUnary()).respond(status("3.5.16"));
      (await transport.nextUnary()).respond(Buffer.alloc(0));
      const made = await transport.nextUnary();
      assert.deepEqual([made.path, Buffer.from(made.request)], [path, Buffer.from(request)]);
      made.respond(Buffer.from("done"));
      assert.equal(await outcome, "done");
    }
  });

  it("is unknown if the member that is asked is of 3.4", async () => {
    for (const [path, request, message] of [
      [AUTH_STATUS, Buffer.alloc(0), "unknown method AuthStatus for service etcdserverpb.Auth"],
      [DOWNGRADE, enable, "unknown method Downgrade for service etcdserverpb.Maintenance"],
    ] as const) {
      const { transport, outcome } = call(path, request);
      (await transport.nextUnary()).respond(status("3.4.23"));
      const error = await outcome;
      assert.ok(error instanceof GatewayError);
      assert.deepEqual([error.code, error.message, transport.waiting], [Status.UNIMPLEMENTED, message, 0]);
    }
  });

  it("fails where a member may be of 3.4", async () => {
    const asked = call(AUTH_STATUS, Buffer.alloc(0));
    (await asked.transport.nextUnary()).respond(status("3.5.16"));
    (await asked.transport.nextUnary()).fail(invalidTarget);
    const error = await asked.outcome;
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, Status.FAILED_PRECONDITION);
    assert.match(error.message, /^AuthStatus crashes members older than etcd 3\.5/);
    const enabled = call(DOWNGRADE, enable);
    (await enabled.transport.nextUnary()).respond(status("3.5.16"));
    (await enabled.transport.nextUnary()).fail(invalidTarget);
    assert.equal(await enabled.outcome, invalidTarget);
    assert.equal(asked.transport.waiting + enabled.transport.waiting, 0);
  });

  it("fails for its caller's token as etcd says", async () => {
    const { transport, outcome } = call(AUTH_STATUS, Buffer.alloc(0));
    (await transport.nextUnary()).respond(status("3.6.1"));
    const error = new GatewayError(Status.INVALID_ARGUMENT, "etcdserver: user name is empty");
    (await transport.nextUnary()).fail(error);
    assert.equal(await outcome, error);
  });

  it("is no downgrade that is validated or canceled", async () => {
    const { VALIDATE, CANCEL } = DowngradeRequest_DowngradeAction;
    for (const action of [VALIDATE, CANCEL]) {
      const request = DowngradeRequest.encode({ action, version: "3.3.0" }).finish();
      const { transport } = call(DOWNGRADE, request);
      assert.deepEqual(Buffer.from((await transport.nextUnary()).request), Buffer.from(request));
    }
  });
});
