import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Service } from "../../../runtime/core/call/rpc.js";
import type { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import type { GatewayOptions } from "../../../runtime/core/gateway/gateway-options.js";
import { messageCodec } from "../../../runtime/core/json/codec.js";
import { repeated } from "../../../runtime/core/json/field.js";
import { AnyCodec } from "../../../runtime/core/json/well-known/any.js";
import { withCodecs } from "../../../runtime/core/transcode/message-types.js";
import { send } from "../../http/requests.js";
import { FakeTransport } from "./fake-transport.js";
import { note, noteCodec, noteRpc } from "./notes.js";
import { serveNotes } from "./serve-notes.js";

const items = repeated(1, "items", () => AnyCodec);

/** `message Box { repeated google.protobuf.Any items = 1; }` */
const box = messageCodec({
  name: "test.Box",
  fields: { items },
  toJson(t) {
    const tag = t.next();
    return tag === items.tag ? t.list(tag, items) : tag;
  },
});

/** A service in whose messages nothing leads to a note. */
const boxes: Service = {
  name: "test.Boxes",
  rpcs: {
    get: {
      ...noteRpc("Get", false, false, [{ method: "POST", template: "/box", body: "*" }]),
      request: box,
      response: box,
    },
    list: {
      ...noteRpc("List", false, true, [{ method: "POST", template: "/boxes", body: "*" }]),
      request: box,
      response: box,
    },
  },
};

/** The wire bytes of a box with a note, under a URL. */
function boxWith(url: string, text = "x"): Buffer {
  const value = note({ text });
  const length = Buffer.alloc(8);
  return Buffer.concat([field(1, Buffer.concat([field(1, Buffer.from(url)), field(2, value)]))]);

  function field(number: number, bytes: Buffer): Buffer {
    let at = 0;
    let rest = bytes.length;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) length[at++] = (rest % 0x80) | 0x80;
    length[at++] = rest;
    return Buffer.concat([Buffer.of((number << 3) | 2), length.subarray(0, at), bytes]);
  }
}

/** Serves boxes until the test ends; `errors` has what the gateway was told to log. */
async function serveBoxes(t: TestContext, options: Partial<GatewayOptions> = {}) {
  const errors: GatewayError[] = [];
  const onError = (error: GatewayError): void => void errors.push(error);
  const served = await serveNotes(t, { services: { boxes }, onError, ...options });
  return { ...served, errors };
}

const KNOWN = '{"items":[{"@type":"x.io/test.Note","text":"x"}]}';

/** What a gateway makes of a box with a note, in both directions. */
async function roundTrip(t: TestContext, options: Partial<GatewayOptions>): Promise<string> {
  const { transport, port } = await serveBoxes(t, options);
  const sent = send(port, "/box", KNOWN);
  const call = await transport.nextUnary();
  assert.deepEqual(call.request, boxWith("x.io/test.Note"));
  call.respond(call.request);
  return (await sent).body;
}

test("messages that no RPC leads to are known if the services have their codecs", async (t) => {
  const services = withCodecs({ boxes }, [{ NoteCodec: noteCodec, NoteEnum: {} }]);
  assert.deepEqual(Object.keys(services), ["boxes"]);
  assert.equal(await roundTrip(t, { services }), KNOWN);
  assert.equal(await roundTrip(t, { services: { ...services } }), KNOWN);
});

test("messages that an app names are known", async (t) => {
  assert.equal(await roundTrip(t, { types: [noteCodec] }), KNOWN);
});

test("a done call is no error for a message of an unknown type, which is told to the app", async (t) => {
  const { transport, port, errors } = await serveBoxes(t);
  const sent = send(port, "/box", "{}");
  (await transport.nextUnary()).respond(boxWith("x.io/test.Note"));
  const { status, body } = await sent;
  assert.equal(status, 200);
  assert.equal(body, '{"items":[{"@type":"x.io/test.Note","@value":"CgF4"}]}');
  assert.deepEqual(
    errors.map(({ message }) => message),
    [
      'a response has messages of unknown types, written as bytes: "x.io/test.Note": set their codecs in the option types',
    ],
  );
});

test("so it is in a stream, message by message, and in a large response", async (t) => {
  const { transport, port, errors } = await serveBoxes(t);
  const streamed = send(port, "/boxes", "{}");
  const call = await transport.nextStream();
  call.respond(boxWith("A"));
  call.respond(boxWith("x.io/google.protobuf.StringValue"));
  call.respond(boxWith("B"));
  call.finish();
  assert.equal(
    (await streamed).body,
    [
      '{"@type":"A","@value":"CgF4"}',
      '{"@type":"x.io/google.protobuf.StringValue","value":"x"}',
      '{"@type":"B","@value":"CgF4"}',
    ]
      .map((item) => `{"result":{"items":[${item}]}}\n`)
      .join(""),
  );
  assert.deepEqual(
    errors.map(({ message }) => /"[^"]*"/.exec(message)?.[0]),
    ['"A"', '"B"'],
  );

  const large = send(port, "/box", "{}");
  const wire = Buffer.concat([boxWith("C", "x".repeat(600_000)), boxWith("D"), boxWith("C", "x".repeat(600_000))]);
  (await transport.nextUnary()).respond(wire);
  assert.equal((await large).status, 200);
  assert.match(errors.at(-1)?.message ?? "", /bytes: "C", "D": set/);
  assert.equal(errors.length, 3);
});

test("nor is it one for a message that is not of its known type, which is told to the app, too", async (t) => {
  const { transport, port, errors } = await serveBoxes(t, { types: [noteCodec] });
  const sent = send(port, "/box", "{}");
  const wire = boxWith("x.io/test.Note");
  // The text of the note is longer than the note.
  wire[wire.length - 2] = 9;
  (await transport.nextUnary()).respond(Buffer.concat([wire, boxWith("A")]));
  const { status, body } = await sent;
  assert.equal(status, 200);
  assert.equal(body, '{"items":[{"@type":"x.io/test.Note","@value":"Cgl4"},{"@type":"A","@value":"CgF4"}]}');
  assert.deepEqual(
    errors.map(({ message }) => message),
    [
      'a response has messages of unknown types, written as bytes: "A": set their codecs in the option types; ' +
        'a response has messages that do not match their types, written as bytes: "x.io/test.Note": ' +
        "the server has different definitions of these types, or a fault",
    ],
  );
});

test("a message of an unknown type in a request is rejected", async (t) => {
  const { transport, port } = await serveBoxes(t);
  const { status, body } = await send(port, "/box", KNOWN);
  assert.equal(status, 400);
  assert.match(body, /items\[0\]: unknown message type at byte 10: got \\"x.io\/test.Note\\"/);
  assert.equal(transport.waiting, 0);
});

test("a value that is not a codec is not a type", () => {
  const types: readonly object[] = [{ name: "test.Note" }];
  assert.throws(
    () => createGateway({ services: { boxes }, transport: new FakeTransport(), types: types as never }),
    /invalid types\[0\] \(an object\): expected the codec of a message from generated code/,
  );
});
