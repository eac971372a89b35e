import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, afterEach, before } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser, BrowserContext, ContextOptions, Locator, Page } from "playwright-core";
import { parseFlags } from "../../runtime/etcd/command/flags/flags.js";
import type { RunningServer } from "../../runtime/etcd/command/running-server.js";
import { serve } from "../../runtime/etcd/command/serve.js";
import { startChromium } from "../browser/chromium.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { post } from "../http/requests.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The time limit for the page to show something, in milliseconds. */
const GUARD = 30_000;

/** Records violations of the page's policy. */
const NOTE_VIOLATIONS = `
  globalThis.violations = [];
  addEventListener("securitypolicyviolation", (event) =>
    violations.push([event.violatedDirective, event.blockedURI, event.sample, event.lineNumber, event.columnNumber].join(" ")));
`;

/** Bytes in the gateway's JSON with `?bytes=text`. */
type Bytes = string | { readonly base64: string };

/** An etcd, the command in front of it, and a browser, for the tests of one file. */
export class ExploredEtcd {
  readonly #contexts: BrowserContext[] = [];
  readonly #problems: string[] = [];
  #etcd: EtcdServer | undefined;
  #server: RunningServer | undefined;
  #browser: Browser | undefined;

  /**
   * Starts everything before the tests of a suite, and ends it after them. After each test, fails if a page has
   * violated its policy or reported an error.
   *
   * @param etcdFlags more flags of etcd
   */
  constructor(...etcdFlags: readonly string[]) {
    before(async () => {
      this.#browser = await startChromium();
      this.#etcd = await startEtcd({ args: etcdFlags });
      this.#server = await this.#serve(this.#etcd.endpoint);
    });
    afterEach(async () => {
      await this.#check();
    });
    after(async () => {
      await this.#browser?.close();
      await this.#server?.close();
      await this.#etcd?.stop();
    });
  }

  get url(): string {
    return this.#server?.url ?? assert.fail("there is no server");
  }

  get etcd(): EtcdServer {
    return this.#etcd ?? assert.fail("there is no etcd");
  }

  /** Opens the page at a place such as `#/cluster`. It has no animations, unless the options say otherwise. */
  async open(hash = "", options: ContextOptions = {}, url = this.url): Promise<Page> {
    const context = await this.#browser?.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
      ...options,
    });
    if (context === undefined) assert.fail("there is no browser");
    this.#contexts.push(context);
    await context.addInitScript({ content: NOTE_VIOLATIONS });
    const page = await context.newPage();
    page.on("pageerror", (error) => this.#problems.push(`error: ${error.stack ?? error.message}`));
    page.on("console", (message) => {
      // The console also reports rejected calls, with their status.
      if (message.type() === "error" && !/Failed to load resource/.test(message.text())) {
        this.#problems.push(`console: ${message.text()}`);
      }
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(`${url}/`) && !request.url().startsWith("blob:")) {
        this.#problems.push(`request to ${request.url()}`);
      }
    });
    await page.goto(`${url}/${hash}`);
    return page;
  }

  async put(key: Bytes, value: Bytes, more: object = {}): Promise<void> {
    const { status } = await post(`${this.url}/v3/kv/put?bytes=text`, { key, value, ...more });
    assert.equal(status, 200);
  }

  /** Creates a lease. @returns its ID, as `put` takes it */
  async grant(seconds: number): Promise<{ readonly lease: unknown }> {
    return { lease: member(await this.call("lease/grant", { TTL: seconds }), "ID") };
  }

  /** Removes all revisions except for the newest. */
  async compact(): Promise<void> {
    await this.put("compacted", "");
    const header = member(await this.call("kv/range", { key: btoa("compacted") }), "header");
    await this.call("kv/compaction", { revision: member(header, "revision") });
  }

  /** Reads the value of a key; `undefined` if the key does not exist. */
  async value(key: Bytes): Promise<Buffer | undefined> {
    const { status, json } = await post(`${this.url}/v3/kv/range?bytes=text`, { key });
    assert.equal(status, 200);
    const kvs = member(json, "kvs");
    const value = Array.isArray(kvs) ? member(kvs[0], "value") : undefined;
    if (!Array.isArray(kvs)) return undefined;
    if (typeof value === "string" || value === undefined) return Buffer.from(value ?? "");
    return Buffer.from(String(member(value, "base64")), "base64");
  }

  async call(path: string, body: object): Promise<unknown> {
    const { status, json } = await post(`${this.url}/v3/${path}`, body);
    assert.equal(status, 200, JSON.stringify(json));
    return json;
  }

  /**
   * Starts another gateway to the same etcd. Its log is ignored, for example when it is closed while clients use it.
   */
  serveAnother(...flags: readonly string[]): Promise<RunningServer> {
    return this.#serve(this.etcd.endpoint, flags, () => {});
  }

  #serve(
    endpoint: string,
    flags: readonly string[] = [],
    log = (line: string): void => void this.#problems.push(`log: ${line}`),
  ): Promise<RunningServer> {
    const parsed = parseFlags(["--endpoints", endpoint, "--listen", "127.0.0.1:0", ...flags], {});
    if (parsed.command !== "serve") assert.fail(parsed.command);
    return serve(parsed, log);
  }

  async #check(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
    assert.deepEqual(this.#problems.splice(0), []);
  }
}

/** The hash of the page where a key is chosen, as the page escapes it. */
export function at(escaped: string): string {
  return `#/keys/${encodeURIComponent(escaped)}`;
}

/** Goes to another place in an open page, as a link does. This is much faster than to open the page there. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
}

/** Puts another text into the editor that has a label. */
export async function write(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** The row of the tree with a name. */
export function row(page: Page, name: string): Locator {
  return page.getByRole("treeitem").getByText(name, { exact: true });
}

/** Waits until an expression in the page is true. */
export async function until(page: Page, condition: string): Promise<void> {
  // Playwright's own way evaluates text in the page, which the page's policy forbids.
  const deadline = Date.now() + GUARD;
  while (!(await page.evaluate<boolean>(condition))) {
    if (Date.now() > deadline) assert.fail(`not true in ${GUARD} ms: ${condition}`);
    await delay(50);
  }
}

/** Returns the violations of the page's policy so far. */
export function violationsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate("violations");
}

/** Returns the serious and critical problems that axe finds in the page. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  if (await page.evaluate("globalThis.axe === undefined")) await page.evaluate(`${AXE};0`);
  return page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + " " + target.join(" ") + " " + failureSummary)))`);
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
