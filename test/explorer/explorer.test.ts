import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { describe, it, type TestContext } from "node:test";
import { explorer } from "@etcd-gateway/explorer";
import express from "express";
import express4 from "express4";
import { listen } from "../http/listen.js";
import { send } from "../http/requests.js";
import { commentedOptions } from "../readme/tables/commented-options.js";

/** Serves until the test ends. */
async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(t, createServer(listener))}`;
}

/** The paths that a page refers to. */
function filesOf(html: string): readonly string[] {
  return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = ""]) => path);
}

/** What a page tells its script. */
function configOf(html: string): unknown {
  const [, json = ""] = /<script type="application\/json" id="config">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(json);
}

describe("the page's server", () => {
  it("sends a page that may run its own script, and talk to its own origin, alone", async (t) => {
    const url = await serve(t, explorer());
    const response = await fetch(`${url}/`);
    const html = await response.text();
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(response.headers.get("cache-control"), "no-cache");
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(response.headers.get("x-frame-options"), "DENY");
    assert.equal(response.headers.get("referrer-policy"), "no-referrer");
    const policy = new Map(
      String(response.headers.get("content-security-policy"))
        .split("; ")
        .map((directive) => [directive.split(" ")[0], directive.split(" ").slice(1).join(" ")]),
    );
    assert.equal(policy.get("default-src"), "'none'");
    assert.equal(policy.get("frame-ancestors"), "'none'");
    for (const name of ["script-src", "style-src", "img-src", "connect-src"]) assert.equal(policy.get(name), "'self'");
    assert.doesNotMatch(html, /\bhttps?:|<style|\bon\w+=|<script(?! type="application\/json"| type="module" src=)/);
    assert.equal(filesOf(html).length, 3);
  });

  it("has the defaults that the comments on its options name", async (t) => {
    const url = await serve(t, explorer());
    const options = commentedOptions("runtime/explorer/explorer-options.ts", "ExplorerOptions");
    const named = Object.fromEntries(options.map(({ path, byDefault }) => [path, byDefault]));
    assert.equal(named["description"], "`openapi.json` under `baseUrl`");
    const baseUrl: unknown = JSON.parse(named["baseUrl"] ?? "");
    assert.deepEqual(configOf(await (await fetch(url)).text()), { baseUrl, description: `${baseUrl}/openapi.json` });
  });

  it("sends files that are kept for good, compressed for all who take them so", async (t) => {
    const url = await serve(t, explorer());
    const port = Number(new URL(url).port);
    let total = 0;
    for (const file of filesOf(await (await fetch(`${url}/`)).text())) {
      const get = (headers: Record<string, string>, method = "GET") => send(port, `/${file}`, "", { method, headers });
      const plain = await get({});
      const packed = await fetch(`${url}/${file}`, { headers: { "accept-encoding": "br;q=1, gzip;q=0.5" } });
      assert.equal(packed.headers.get("content-encoding"), "gzip");
      assert.equal(await packed.text(), plain.body);
      assert.equal(plain.headers["content-encoding"], undefined);
      assert.equal(plain.headers["cache-control"], "public, max-age=31536000, immutable");
      assert.equal(plain.headers.vary, "Accept-Encoding");
      assert.notEqual(packed.headers.get("etag"), plain.headers.etag);
      assert.equal((await get({ "accept-encoding": "gzip;q=0, *" })).headers["content-encoding"], undefined);
      const head = await get({}, "HEAD");
      assert.deepEqual([head.status, head.body], [200, ""]);
      assert.equal(head.headers["content-length"], plain.headers["content-length"]);
      const again = await get({ "if-none-match": `"other", W/${plain.headers.etag}` });
      assert.deepEqual([again.status, again.body], [304, ""]);
      assert.equal((await get({ "if-none-match": '"other"' })).status, 200);
      total += Number(packed.headers.get("content-length"));
    }
    console.log(`the page is ${(total / 1000).toFixed(1)} kB, compressed`);
    assert.ok(total <= 200_000, `${total} bytes`);
  });

  it("leaves all other requests to the next handler, and without one responds with 404", async (t) => {
    const app = express();
    app.use(explorer());
    app.use((_req, res) => {
      res.status(418).end();
    });
    const [behind, alone] = [await serve(t, app), await serve(t, explorer())];
    for (const path of [
      "/v3/kv/range",
      "/explorer",
      "/explorer/",
      "/explorer/none.js",
      "/explorer/../package.json",
      "/x",
    ]) {
      assert.equal((await fetch(behind + path)).status, 418, path);
      assert.equal((await fetch(alone + path)).status, 404, path);
    }
    assert.equal((await fetch(`${behind}/`, { method: "POST" })).status, 418);
  });

  for (const [name, make] of [
    ["Express 5", express],
    ["Express 4", express4],
  ] as const) {
    it(`works under a path of ${name}, where it sends who has left out the slash`, async (t) => {
      const app = make();
      app.use("/tools/ui", explorer({ baseUrl: "../../etcd" }));
      const url = await serve(t, app);
      const redirect = await fetch(`${url}/tools/ui?a=1`, { redirect: "manual" });
      assert.equal(redirect.status, 308);
      assert.equal(redirect.headers.get("location"), "./ui/?a=1");
      const html = await (await fetch(`${url}/tools/ui`)).text();
      assert.deepEqual(configOf(html), { baseUrl: "../../etcd", description: "../../etcd/openapi.json" });
      for (const file of filesOf(html)) assert.equal((await fetch(`${url}/tools/ui/${file}`)).status, 200);
    });
  }

  it("tells the page what it was told, whatever characters that has", async (t) => {
    const title = `</script><script>alert("1")</script>&amp;\u2028`;
    const url = await serve(t, explorer({ title, tabs: ["calls"], exposed: ["a.B", "a.C.D"] }));
    const html = await (await fetch(`${url}/`)).text();
    assert.deepEqual(configOf(html), {
      baseUrl: ".",
      description: "./openapi.json",
      title,
      tabs: ["calls"],
      exposed: ["a.B", "a.C.D"],
    });
    assert.doesNotMatch(html, /<script>/);
  });

  it("serves a description that it is given beside the page", async (t) => {
    const description = { openapi: "3.1.0", info: { title: "Größe" }, paths: {} };
    const url = await serve(t, explorer({ description }));
    const config = configOf(await (await fetch(`${url}/`)).text());
    assert.ok(typeof config === "object" && config !== null && "description" in config);
    const response = await fetch(`${url}/${config.description}`);
    assert.match(String(response.headers.get("cache-control")), /immutable/);
    assert.deepEqual(await response.json(), description);
  });

  it("costs the request alone if the app does more to its responses", async (t) => {
    t.mock.method(process, "emitWarning", () => {});
    const app = express();
    app.use("/early", (_req, res, next) => {
      res.status(504).end("too slow");
      next();
    });
    for (const name of ["writeHead", "end"] as const) {
      app.use(`/${name}`, (_req, res, next) => {
        Reflect.set(res, name, () => {
          throw new Error("a hook of the app failed");
        });
        next();
      });
    }
    for (const name of ["writeHead", "end"] as const) {
      app.use(`/async-${name}`, (_req, res, next) => {
        Reflect.set(res, name, async () => Promise.reject(new Error("a hook of the app failed")));
        next();
      });
    }
    app.use("/getter", (_req, res, next) => {
      Object.defineProperty(res, "headersSent", { get: () => assert.fail("a getter of the app failed") });
      next();
    });
    app.use("/event", (_req, res, next) => {
      const { writeHead } = res;
      res.writeHead = (...args) => {
        res.emit("error", new Error("the app's"));
        return Reflect.apply(writeHead, res, args);
      };
      next();
    });
    app.use("/unreadable", (_req, res, next) => {
      for (const name of ["writeHead", "destroy"]) {
        Reflect.set(res, name, () => {
          throw Object.create(null);
        });
      }
      next();
    });
    app.use("/async-unreadable", (_req, res, next) => {
      Reflect.set(res, "end", async () => Promise.reject(Object.create(null)));
      next();
    });
    const bad = ["unreadable", "async-unreadable", "writeHead", "end", "getter", "async-writeHead", "async-end"];
    for (const path of ["early", "event", "ok", ...bad]) app.use(`/${path}`, explorer());
    const url = await serve(t, app);
    const early = await fetch(`${url}/early/`);
    assert.deepEqual([early.status, await early.text()], [504, "too slow"]);
    for (const name of bad) await assert.rejects(fetch(`${url}/${name}/`), name);
    for (const name of ["event", "ok"]) assert.equal((await fetch(`${url}/${name}/`)).status, 200, name);
  });
});

describe("the page's options", () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [5, /^invalid options of explorer 5: expected an object$/],
    [null, /^invalid options of explorer null: expected an object$/],
    [new Map(), /^invalid options of explorer \[object Map\]: expected an object$/],
    [{ description: Promise.resolve({}) }, /^invalid description \[object Promise\]: expected an OpenAPI/],
    [["keys"], /^invalid options of explorer \(a list\): expected an object$/],
    ["../etcd", /^invalid options of explorer "\.\.\/etcd": expected an object$/],
    [
      { baseUrl: "https://example.org/" },
      /^invalid baseUrl "https:\/\/example.org\/": expected a URL relative to the page/,
    ],
    [{ baseUrl: "//example.org" }, /^invalid baseUrl/],
    [{ baseUrl: "javascript:alert(1)" }, /^invalid baseUrl/],
    [{ baseUrl: 1n }, /^invalid baseUrl 1: /],
    [{ description: 5 }, /^invalid description 5: expected an OpenAPI description/],
    [{ description: null }, /^invalid description null/],
    [{ description: () => "openapi.json" }, /^invalid description \(a function\)/],
    [{ tabs: ["keys", "users"] }, /^invalid tabs\[1\] "users": expected one of "keys", "calls" and "cluster"$/],
    [{ tabs: ["keys", "keys"] }, /^invalid tabs \(a list\): expected a list of parts of the page, each once$/],
    [{ tabs: "keys" }, /^invalid tabs "keys": expected a list/],
    [{ exposed: "all" }, /^invalid exposed "all": expected a list of RPCs and services$/],
    [{ exposed: { KV: true } }, /^invalid exposed \(an object\): expected a list/],
    [{ exposed: ["a.B", 5] }, /^invalid exposed\[1\] 5: expected the full name of an RPC or a service, such as/],
    [{ exposed: ["read-only"] }, /^invalid exposed\[0\] "read-only": expected the full name/],
    [{ exposed: ["/v3/kv/range"] }, /^invalid exposed\[0\] "\/v3\/kv\/range"/],
    [{ title: "" }, /^invalid title ""/],
    [{ titel: "x" }, /^unknown option titel: expected one of baseUrl, description, title, tabs, exposed$/],
    [{ ["__proto__x"]: 1 }, /^unknown option __proto__x: /],
    [{ constructor: 1 }, /^unknown option constructor: /],
  ];
  for (const [options, message] of wrong) {
    it(String(message), () => {
      assert.throws(() => Reflect.apply(explorer, undefined, [options]), { name: "TypeError", message });
    });
  }

  it("are named if they throw when they are read, with what was thrown", () => {
    const boom = new Error("boom");
    const fail = (): never => {
      throw boom;
    };
    const title = Object.defineProperty({}, "title", { enumerable: true, get: fail });
    for (const [options, message] of [
      [title, "invalid title: cannot read it: boom"],
      [new Proxy({}, { ownKeys: fail }), "invalid options of explorer: cannot read it: boom"],
      [{ tabs: new Proxy([], { get: fail }) }, "invalid tabs: cannot read it: boom"],
      [{ description: new Proxy({}, { get: fail }) }, "invalid description: cannot read it: boom"],
    ] as const) {
      assert.throws(() => Reflect.apply(explorer, undefined, [options]), { name: "TypeError", message, cause: boom });
    }
  });

  it("are read once", async (t) => {
    let reads = 0;
    const options = {
      get title(): string {
        reads += 1;
        return "A page";
      },
    };
    const url = await serve(t, explorer(options));
    assert.match(await (await fetch(url)).text(), /A page/);
    assert.equal(reads, 1);
  });

  it("may be undefined, each of them", () => {
    explorer({ title: undefined, exposed: undefined } as object);
  });
});
