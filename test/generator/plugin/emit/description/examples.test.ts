import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { onEachEtcd, type Setup } from "../../../../e2e/each-etcd.js";
import { at, type Document, operationsIn } from "./document.js";

const openapi: Document = JSON.parse(
  readFileSync(new URL("../../../../../generated/openapi.json", import.meta.url), "utf8"),
);
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(openapi, "openapi");

/** An operation with an example of a request. */
interface Example {
  readonly id: string;
  readonly path: string;
  readonly body: unknown;
  readonly stream: boolean;
  readonly validate: ValidateFunction;
}

const posts = [...operationsIn(openapi)].filter(([operation]) => operation.startsWith("POST "));

const examples: readonly Example[] = posts.flatMap(([operation, value]) => {
  const path = operation.replace("POST ", "");
  const body = at(value, "requestBody", "content", "application/json", "example");
  const response = ["paths", path, "post", "responses", "200", "content", "application/json", "schema"];
  const pointer = response.map((part) => encodeURIComponent(part.replaceAll("/", "~1"))).join("/");
  const stream = String(at(openapi, ...response, "title")).startsWith("Stream result");
  const validate = ajv.compile({ $ref: `openapi#/${pointer}` });
  return body === undefined
    ? []
    : [{ id: String(at(value, "operationId")), path: `/v3${path}`, body, stream, validate }];
});

const GRANT = ["/v3/lease/grant", { ID: "123", TTL: "60" }] as const;
const ADD_USER = ["/v3/auth/user/add", { name: "alice", password: "secret" }] as const;
const ADD_ROLE = ["/v3/auth/role/add", { name: "reader" }] as const;
const READ_FOO = ["/v3/auth/role/grant", { name: "reader", perm: { permType: "READ", key: "Zm9v" } }] as const;
const MAKE_READER = ["/v3/auth/user/grant", { user: "alice", role: "reader" }] as const;
const ADD_ROOT = ["/v3/auth/user/add", { name: "root", password: "root" }] as const;
const ADD_ROOT_ROLE = ["/v3/auth/role/add", { name: "root" }] as const;
const MAKE_ROOT = ["/v3/auth/user/grant", { user: "root", role: "root" }] as const;
const ENABLE = ["/v3/auth/enable", {}] as const;
const CAMPAIGN = ["/v3/election/campaign", { name: "Zm9v", value: "YmFy" }] as const;

/** What must be there before the example of an operation, beside an etcd that holds `foo`. */
const NEEDS: Readonly<Record<string, readonly (readonly [path: string, body: unknown])[]>> = {
  Lease_LeaseRevoke: [GRANT],
  Lease_LeaseRevoke2: [GRANT],
  Auth_AuthEnable: [ADD_ROOT, ADD_ROOT_ROLE, MAKE_ROOT],
  Auth_Authenticate: [ADD_USER, ADD_ROOT, ADD_ROOT_ROLE, MAKE_ROOT, ENABLE],
  Auth_UserGet: [ADD_USER],
  Auth_UserDelete: [ADD_USER],
  Auth_UserChangePassword: [ADD_USER],
  Auth_UserGrantRole: [ADD_USER, ADD_ROLE],
  Auth_UserRevokeRole: [ADD_USER, ADD_ROLE, MAKE_READER],
  Auth_RoleGet: [ADD_ROLE],
  Auth_RoleDelete: [ADD_ROLE],
  Auth_RoleGrantPermission: [ADD_ROLE],
  Auth_RoleRevokePermission: [ADD_ROLE, READ_FOO],
  Election_Leader: [CAMPAIGN],
  Election_Observe: [CAMPAIGN],
};

/** Takes away what examples and their needs may have left. What is not there is no matter. */
async function cleanUp(setup: Setup): Promise<void> {
  const login = await setup.post("/v3/auth/authenticate", { name: "root", password: "root" });
  const token = login.status === 200 ? { Authorization: String(at(login.json, "token")) } : {};
  await setup.post("/v3/auth/disable", {}, token);
  for (const name of ["alice", "root"]) await setup.post("/v3/auth/user/delete", { name });
  for (const role of ["reader", "root"]) await setup.post("/v3/auth/role/delete", { role });
  // With their leases, locks and leaders go.
  const { json } = await setup.post("/v3/lease/leases");
  for (const { ID } of Object(json).leases ?? []) await setup.post("/v3/lease/revoke", { ID });
}

function assertDescribed({ validate, path }: Example, json: unknown): void {
  assert.ok(validate(json), `${path}: ${JSON.stringify(json)} ${ajv.errorsText(validate.errors)}`);
}

onEachEtcd("the examples of openapi.json", (setup) => {
  for (const example of examples) {
    const { id, path, body, stream } = example;
    // Since etcd 3.5.
    if (setup.version === "3.4" && id === "Auth_AuthStatus") continue;

    test(`${id} works, and the response is as described`, async () => {
      await cleanUp(setup);
      assert.equal((await setup.post("/v3/kv/put", { key: "Zm9v", value: "YmFy" })).status, 200);
      for (const need of NEEDS[id] ?? []) {
        const { status, json } = await setup.post(...need);
        assert.equal(status, 200, `${need[0]}: ${JSON.stringify(json)}`);
      }
      if (stream) {
        const answer = setup.postStream(path, body);
        assert.equal(await answer.status(), 200);
        const line = await answer.next();
        answer.abort();
        assertDescribed(example, line);
        assert.deepEqual(Object.keys(Object(line)), ["result"]);
      } else {
        const { status, json } = await setup.post(path, body);
        assert.equal(status, 200, JSON.stringify(json));
        assertDescribed(example, json);
      }
    });
  }

  test("every path responds under every server", async () => {
    for (const server of at(openapi, "servers") as readonly unknown[]) {
      for (const [operation] of posts) {
        const path = `${at(server, "url")}${operation.replace("POST ", "")}`;
        const response = await fetch(setup.url(path));
        assert.deepEqual([path, response.status, response.headers.get("allow")], [path, 405, "POST"]);
        await response.arrayBuffer();
      }
    }
  });

  test("an error is as described", async () => {
    for (const [path, schema] of [
      ["/v3/kv/range", "google.rpc.Status"],
      ["/v3beta/kv/range", "V1Error"],
    ] as const) {
      const validate = ajv.compile({ $ref: `openapi#/components/schemas/${schema}` });
      const { status, json } = await setup.post(path, {});
      assert.equal(status, 400);
      assert.ok(validate(json), ajv.errorsText(validate.errors));
    }
  });

  test("an error of a stream is as described", async () => {
    for (const [prefix, schema] of [
      ["/v3", "google.rpc.Status"],
      ["/v3beta", "V1StreamError"],
    ] as const) {
      const validate = ajv.compile({ $ref: `openapi#/components/schemas/${schema}` });
      const body = '{"ID": "1"}{"ID": "x"}';
      const answer = await fetch(setup.url(`${prefix}/lease/keepalive`), { method: "POST", body });
      const last: unknown = JSON.parse((await answer.text()).trim().split("\n").at(-1) ?? "");
      assert.ok(validate(at(last, "error")), `${JSON.stringify(last)} ${ajv.errorsText(validate.errors)}`);
    }
  });

  test("a watch by GET is as described", async () => {
    const response = await fetch(setup.url("/v3/watch?create_request.key=Zm9v"), {
      headers: { accept: "text/event-stream" },
    });
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    await response.body?.cancel();
  });
});
