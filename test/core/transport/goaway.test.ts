import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Status } from "../../../runtime/core/errors/status.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import { ErrorCode } from "../../../runtime/core/transport/http2/frames/error-code.js";
import { startFaultServer } from "../../faults/fault-server.js";
import { CHANNELS } from "./channels.js";
import { unary } from "./recorded-calls.js";

/*
 * docs/channels.md says where the channels differ. All other errors of connections that end are the same.
 */

const PATH = "/test.Echo/Unary";

for (const channel of CHANNELS) {
  describe(`a call whose connection ends behind a GOAWAY, over ${channel}`, () => {
    const broken = [Status.UNAVAILABLE, "the connection to the server broke"] as const;
    const overwhelmed = [Status.RESOURCE_EXHAUSTED, "Bandwidth exhausted or memory limit exceeded"] as const;
    const cases = {
      NO_ERROR: broken,
      INTERNAL_ERROR: broken,
      ENHANCE_YOUR_CALM: channel === "lean" ? broken : overwhelmed,
    };
    for (const name of ["NO_ERROR", "INTERNAL_ERROR", "ENHANCE_YOUR_CALM"] as const) {
      it(`with ${name}`, async (t) => {
        const server = await startFaultServer();
        t.after(() => server.stop());
        server.handle(PATH, (call) => {
          const { id, session } = call.stream;
          session?.goaway(ErrorCode[name], id);
          call.onceRead(() => session?.destroy());
        });
        const transport = grpcTransport({ channel, endpoints: [server.endpoint] });
        t.after(() => transport.close());
        const { error } = await unary(transport, PATH, "", { deadline: undefined });
        assert.deepEqual([error?.code, error?.message], cases[name]);
      });
    }
  });
}
