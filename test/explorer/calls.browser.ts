import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import { explorer } from "@etcd-gateway/explorer";
import type { Page } from "playwright-core";
import { listen } from "../http/listen.js";
import { ExploredEtcd, seriousFaults, until, violationsOf } from "./explored-etcd.js";

/** Notes what the page copies: a page without a window has no clipboard. */
const NOTE_COPIES = `
  globalThis.copies = [];
  Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => void copies.push(text) } });
`;

/** What has been copied last. */
async function copied(page: Page, button: string): Promise<string> {
  await page.getByRole("button", { name: button, exact: true }).click();
  return page.evaluate<string>("copies.at(-1)");
}

describe("the calls and the cluster on the page", () => {
  const explored = new ExploredEtcd();

  it("has every call of the API, with its documentation", async () => {
    const page = await explored.open("#/calls");
    await page.getByRole("link", { name: "RoleGrantPermission" }).waitFor();
    assert.equal(await page.locator(".operation").count(), 48);
    await page.getByLabel("Filter the calls").fill("KV_Compact");
    assert.equal(await page.locator(".operation").count(), 1);
    await page.getByRole("link", { name: "Compact" }).click();
    await page.getByRole("heading", { name: "KV.Compact" }).waitFor();
  });

  it("makes calls, and says what is wrong with them", async () => {
    await explored.put("called", "välue");
    const page = await explored.open("#/calls/KV_Range");
    await page.evaluate(NOTE_COPIES);
    const editor = page.getByLabel("Request in JSON");
    await editor.getByText('"foo"').waitFor();
    await editor.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText('{"key": "called", "kee": 1, "limit": "x", "sort_order": "UP"}');
    await page.getByText("3 mistakes").waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText('{"key": "called", "limit": 9007199254740993, "sort_order": "ASCEND"}');
    await page.keyboard.press("Control+Enter");
    await page.getByLabel("Response").getByText('"välue"').waitFor();
    const curl = await copied(page, "Copy as curl");
    assert.equal(
      curl,
      `curl '${explored.url}/v3/kv/range?bytes=text' -d '{"key": "called", "limit": 9007199254740993, "sort_order": "ASCEND"}'`,
    );
    assert.equal(
      await copied(page, "Copy as TypeScript"),
      `import { etcdClient, RangeRequest_SortOrder } from "etcd-gateway/client";

const etcd = etcdClient({ baseUrl: "${explored.url}" });
const response = await etcd.kv.range({
  key: "called",
  limit: 9007199254740993n,
  sort_order: RangeRequest_SortOrder.ASCEND,
});
`,
    );
    await editor.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText('{"key": "called", "revision": "999999"}');
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("etcd responded with OUT_OF_RANGE").waitFor();
    await page.keyboard.press("Control+a");
    assert.deepEqual(await violationsOf(page), []);
  });

  it("shows the messages of a stream as they come, until it is stopped", async () => {
    const page = await explored.open("#/calls/Watch_Watch");
    await page.evaluate(NOTE_COPIES);
    await page.getByLabel("Request in JSON").getByText('"foo"').waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByLabel("Message 1").getByText('"created"').waitFor();
    await explored.put("foo", "streamed");
    await page.getByLabel("Message 2").getByText('"streamed"').waitFor();
    await page.getByText("2 messages").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("stopped").waitFor();
    await explored.put("foo", "unseen");
    assert.equal(await page.getByLabel("Message 3").count(), 0);
    assert.match(
      await copied(page, "Copy as TypeScript"),
      /for await \(const message of etcd\.watch\.watch\(\{ requests: \[\{/,
    );
    assert.match(
      await copied(page, "Copy as TypeScript"),
      /request_union: \{ \$case: "create_request", value: \{ key: "foo" \} \}/,
    );
    assert.match(await copied(page, "Copy as curl"), /^curl -N '.*\/v3\/watch\?bytes=text' -d '/);
    await page.getByRole("radio", { name: "Base64" }).check();
    await page.getByLabel("Request in JSON").getByText('"Zm9v"').waitFor();
  });

  it("sends messages over WebSocket while responses come, ends the requests, and stops", async () => {
    const page = await explored.open("#/calls/Watch_Watch");
    await page.evaluate(NOTE_COPIES);
    const editor = page.getByLabel("Request in JSON");
    const write = async (text: string): Promise<void> => {
      await editor.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(text);
    };
    await page.getByRole("radio", { name: /WebSocket/ }).check();
    await write('{"create_request": {"key": "talk"}}');
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByLabel("Sent 1").getByText('"create_request"').waitFor();
    await page.getByLabel("Message 1").getByText('"created"').waitFor();
    await explored.put("talk", "while it is open");
    await page.getByLabel("Message 2").getByText('"while it is open"').waitFor();
    await write('{"create_request": {"key": "talk", "watch_id": 5}} {"cancel_request": {"watch_id": 5}}');
    await page.keyboard.press("Control+Enter");
    await page.getByLabel("Sent 3").getByText('"cancel_request"').waitFor();
    await page.getByLabel("Message 4").getByText('"canceled"').waitFor();
    await page.getByText("3 messages sent").waitFor();
    await page.getByText("4 messages received").waitFor();
    assert.match(
      await copied(page, "Copy as TypeScript"),
      /const call = etcd\.watch\.watch\(\);\nawait call\.send\(\{/,
    );
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("stopped").waitFor();
    await explored.put("talk", "unseen");
    assert.equal(await page.getByLabel("Message 5").count(), 0);
    assert.deepEqual(await seriousFaults(page), []);

    await page.goto(`${explored.url}/#/calls/Lease_LeaseKeepAlive`);
    await page.getByRole("radio", { name: /WebSocket/ }).check();
    await write('{"ID": "77"}');
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByLabel("Message 1").getByText('"77"').waitFor();
    await page.getByRole("button", { name: "End requests" }).click();
    await page.getByText("done", { exact: true }).waitFor();
    assert.equal(await page.getByLabel("Message 2").count(), 0);
    // What is sent now is a new call.
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("1 message received").waitFor();
    assert.deepEqual(await violationsOf(page), []);
  });

  it("tells why a WebSocket call failed", async () => {
    const page = await explored.open("#/calls/Watch_Watch");
    await page.getByRole("radio", { name: /WebSocket/ }).check();
    await page.getByLabel("Request in JSON").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText('{"create_request": {"key": {"base64": "*"}}}');
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("etcd responded with INVALID_ARGUMENT").waitFor();
  });

  it("has the cluster in numbers that move", async () => {
    const page = await explored.open("#/cluster");
    await page.getByText("Healthy", { exact: true }).waitFor();
    await page.getByText(explored.etcd.version).first().waitFor();
    const revision = async () => page.getByRole("region", { name: "Revision" }).locator(".number-value").innerText();
    const before = await revision();
    await explored.put("moves", "1");
    await until(page, `document.querySelector("[aria-label=Revision] .number-value").textContent !== "${before}"`);
    assert.equal(await page.getByRole("row").count(), 2);
  });

  it("of another API has its calls", async (t) => {
    const description = {
      openapi: "3.1.0",
      info: { title: "Books <b>&amp;</b>", version: "1" },
      paths: {
        "/v1/{name}": {
          get: {
            tags: ["Books"],
            operationId: "Books_Get",
            summary: "Gets <i>a</i> book",
            parameters: [
              { name: "name", in: "path", required: true, schema: { type: "string" } },
              { name: "full", in: "query", schema: { type: "boolean" } },
              { name: "tag", in: "query", schema: { type: "array", items: { type: "string" } } },
            ],
            responses: { 200: { content: { "application/json": { schema: {} } } } },
          },
        },
      },
    };
    const seen: string[] = [];
    const page = explorer({ description, baseUrl: "api" });
    const port = await listen(
      t,
      createServer((req, res) =>
        page(req, res, () => {
          seen.push(`${req.method} ${req.url}`);
          res.setHeader("Content-Type", "application/json");
          res.end('{"title":"<script>1</script>","pages":9007199254740993}');
        }),
      ),
    );
    const url = `http://127.0.0.1:${port}`;
    const opened = await explored.open("", {}, url);
    await opened.getByRole("link", { name: "Get" }).click();
    assert.equal(await opened.getByRole("navigation", { name: "Parts of the page" }).getByRole("link").count(), 1);
    await opened.getByRole("button", { name: "Send" }).click();
    await opened.getByText(/it must not be empty/).waitFor();
    await opened.getByLabel("name", { exact: false }).first().fill("a b/ü");
    await opened.getByLabel("tag").fill("x&y\nz");
    await opened.getByRole("button", { name: "Send" }).click();
    await opened.getByLabel("Response").getByText("9007199254740993").waitFor();
    assert.deepEqual(seen, ["GET /api/v1/a%20b/%C3%BC?tag=x%26y&tag=z"]);
    assert.deepEqual(await violationsOf(opened), []);
  });
});
