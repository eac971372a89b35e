import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AlarmRequest, AlarmRequest_AlarmAction, DowngradeRequest, StatusResponse } from "../../../generated/index.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { rejectingFatalRequests } from "../../../runtime/etcd/access/fatal-requests.js";
import { FakeTransport } from "../../core/http/fake-transport.js";

const ALARM = "/etcdserverpb.Maintenance/Alarm";
const untyped = AlarmRequest.encode(AlarmRequest.create({ action: AlarmRequest_AlarmAction.ACTIVATE })).finish();

/** Activates an alarm without a type. */
function activate(): { readonly transport: FakeTransport; readonly outcome: Promise<unknown> } {
  const transport = new FakeTransport();
  const outcome = new Promise((resolve) => {
    rejectingFatalRequests(transport).unary(
      ALARM,
      untyped,
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
