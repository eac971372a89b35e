import assert from "node:assert/strict";
import { test } from "node:test";
import { Code } from "@etcd-gateway/client";
import { canceledWatch } from "../../../runtime/etcd/client/canceled-watch.js";
import { cancelReasonError } from "../../../runtime/etcd/streams/watch/cancel-reason-error.js";

test("a cancel reason has the code that it names, in the gateway and in the client", () => {
  for (const [reason, code, message] of [
    [
      "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token",
      Code.UNAUTHENTICATED,
      "etcdserver: invalid auth token",
    ],
    [
      "rpc error: code = InvalidArgument desc = etcdserver: user name is empty",
      Code.INVALID_ARGUMENT,
      "etcdserver: user name is empty",
    ],
    ["rpc error: code = Canceled desc = gone", Code.CANCELLED, "gone"],
    ["rpc error: code = OK desc = odd", Code.UNKNOWN, undefined],
    ["rpc error: code = Odd desc = odd", Code.UNKNOWN, "odd"],
    ["rpc error: code = Code(99) desc = odd", Code.UNKNOWN, undefined],
    ["mvcc: duplicate watch ID provided on the WatchStream", Code.ALREADY_EXISTS, undefined],
    ["mvcc: watcher range is empty", Code.INVALID_ARGUMENT, undefined],
    ["etcdserver: mvcc: required revision has been compacted", Code.OUT_OF_RANGE, undefined],
    ["something new", Code.UNKNOWN, undefined],
    ["", Code.PERMISSION_DENIED, "etcdserver: permission denied"],
  ] as const) {
    const error = cancelReasonError(reason);
    assert.deepEqual([error.code, error.message], [code, message ?? reason]);
    const ofClient = canceledWatch({ compact_revision: 0n, cancel_reason: reason });
    assert.deepEqual([ofClient.code, ofClient.rawMessage], [code, message ?? reason]);
  }
});
