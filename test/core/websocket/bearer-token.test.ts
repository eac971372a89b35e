import assert from "node:assert/strict";
import { test } from "node:test";
import { authorizationOf } from "../../../runtime/core/websocket/bearer-token.js";

test("the authorization of a handshake", () => {
  const cases = [
    [{}, undefined],
    [{ authorization: "x" }, "x"],
    [{ "sec-websocket-protocol": "Bearer, a.1" }, "Bearer a.1"],
    [{ "sec-websocket-protocol": "BEARER,a.1" }, "Bearer a.1"],
    [{ "sec-websocket-protocol": "Bearer" }, undefined],
    [{ "sec-websocket-protocol": "chat, a.1" }, undefined],
    [{ "sec-websocket-protocol": "Bearer, a.1, chat" }, undefined],
    [{ cookie: "token=a.1" }, "Bearer a.1"],
    [{ cookie: 'x=1; token="a.1"' }, "Bearer a.1"],
    [{ cookie: "xtoken=a.1; tokens=b" }, undefined],
    [{ cookie: "token=" }, undefined],
    [{ cookie: "x=token=a.1" }, undefined],
  ] as const;
  for (const [headers, expected] of cases) assert.equal(authorizationOf(headers), expected, JSON.stringify(headers));
});
