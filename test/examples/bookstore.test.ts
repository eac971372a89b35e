import assert from "node:assert/strict";
import { once } from "node:events";
import { request, type Server } from "node:http";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { createChannel } from "@etcd-gateway/client";
import { type Server as GrpcServer, ServerCredentials } from "@grpc/grpc-js";
import { createApp } from "../../examples/bookstore/src/app.js";
import { createGrpcServer } from "../../examples/bookstore/src/grpc-server.js";
import { tour } from "../../examples/bookstore/src/tour.js";
import { urlOf } from "../server-address.js";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A PNG's beginning, and every byte. */
const IMAGE = Buffer.from([0x89, 0x50, 0x4e, 0x47, ...Array.from({ length: 256 }, (_, byte) => byte)]);

describe("the bookstore", () => {
  let grpcServer: GrpcServer;
  let app: ReturnType<typeof createApp>;
  let server: Server;
  let url: string;

  before(async () => {
    grpcServer = createGrpcServer();
    const port = await new Promise<number>((resolve, reject) => {
      grpcServer.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    app = createApp(`127.0.0.1:${port}`);
    server = app.app.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `${urlOf(server)}/v1`;
  });
  after(async () => {
    await app.gateway.close();
    server.closeAllConnections();
    server.close();
    grpcServer.forceShutdown();
  });

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  /** Calls, and has the fields of the response but `create_time`, which must be there. */
  async function bookOf(method: string, path: string, body?: unknown): Promise<unknown> {
    const { status, body: book } = await call(method, path, body);
    assert.equal(status, 200, JSON.stringify(book));
    return withoutTime(book);
  }

  it("puts up shelves, by a name of the client's or of its own", async () => {
    const novels = { name: "shelves/novels", theme: "Novels" };
    assert.deepEqual(await call("POST", "/shelves?shelf_id=novels", { theme: "Novels" }), {
      status: 200,
      body: novels,
    });
    assert.deepEqual(await call("GET", "/shelves/novels"), { status: 200, body: novels });
    const { body } = await call("POST", "/shelves", { theme: "Poems" });
    assert.ok(typeof body === "object" && body !== null && "name" in body);
    assert.match(String(body.name), /^shelves\/[0-9a-f-]{36}$/);
    const { body: list } = await call("GET", "/shelves");
    assert.deepEqual(list, { shelves: [body, novels].sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1)) });
    assert.deepEqual(await call("DELETE", `/${body.name}`), { status: 200, body: {} });
  });

  it("puts books on them, and gets them by name", async () => {
    const emma = { name: "shelves/novels/books/emma", author: "Jane Austen", title: "Emma" };
    const { name, ...given } = emma;
    assert.deepEqual(await bookOf("POST", "/shelves/novels/books?book_id=emma", given), emma);
    assert.deepEqual(await bookOf("GET", `/${name}`), emma);
    for (const [id, book] of [
      ["ivanhoe", { title: "Ivanhoe", format: "HARDCOVER", price: "9007199254740993", tags: ["knights", "é"] }],
      ["middlemarch", { title: "Middlemarch", format: 2 }],
      ["ulysses", { title: "Ulysses", format: "HARDCOVER" }],
    ] as const) {
      await bookOf("POST", `/shelves/novels/books?book_id=${id}`, book);
    }
    assert.deepEqual(await bookOf("GET", "/shelves/novels/books/ivanhoe"), {
      name: "shelves/novels/books/ivanhoe",
      title: "Ivanhoe",
      format: "HARDCOVER",
      price: "9007199254740993",
      tags: ["knights", "é"],
    });
  });

  it("lists them by pages, and by forms", async () => {
    const page = async (query: string): Promise<{ ids: readonly string[]; next: string }> => {
      const { status, body } = await call("GET", `/shelves/novels/books${query}`);
      assert.equal(status, 200, JSON.stringify(body));
      assert.ok(typeof body === "object" && body !== null);
      const books: unknown = "books" in body ? body.books : [];
      assert.ok(Array.isArray(books));
      return {
        ids: books.map(({ name }: { name: string }) => name.split("/")[3] ?? ""),
        next: "next_page_token" in body ? String(body.next_page_token) : "",
      };
    };
    assert.deepEqual((await page("")).ids, ["emma", "ivanhoe", "middlemarch", "ulysses"]);
    const first = await page("?page_size=3");
    assert.deepEqual(first.ids, ["emma", "ivanhoe", "middlemarch"]);
    assert.deepEqual(await page(`?page_size=3&page_token=${first.next}`), { ids: ["ulysses"], next: "" });
    assert.deepEqual((await page("?formats=HARDCOVER&formats=2")).ids, ["ivanhoe", "middlemarch", "ulysses"]);
    const filtered = await page("?formats=HARDCOVER&pageSize=1");
    assert.deepEqual(filtered.ids, ["ivanhoe"]);
    assert.deepEqual((await page(`?formats=HARDCOVER&pageToken=${filtered.next}`)).ids, ["ulysses"]);
  });

  it("changes only the fields that the body has", async () => {
    const emma = { name: "shelves/novels/books/emma", author: "Jane Austen", title: "Emma" };
    assert.deepEqual(await bookOf("PATCH", "/shelves/novels/books/emma", { price: 995 }), { ...emma, price: "995" });
    assert.deepEqual(await bookOf("PATCH", "/shelves/novels/books/emma", { format: "PAPERBACK", tags: ["love"] }), {
      ...emma,
      format: "PAPERBACK",
      price: "995",
      tags: ["love"],
    });
  });

  it("changes the fields of an explicit mask, back to their defaults too", async () => {
    const path = "/shelves/novels/books/emma?update_mask=price,format";
    const emma = { name: "shelves/novels/books/emma", author: "Jane Austen", title: "Emma", tags: ["love"] };
    assert.deepEqual(await bookOf("PATCH", path, { title: "not in the mask", price: "0" }), { ...emma, price: "0" });
    assert.deepEqual(await bookOf("PATCH", path, {}), emma);
    assert.deepEqual(await call("PATCH", "/shelves/novels/books/emma", { createTime: "2020-01-01T00:00:00Z" }), {
      status: 400,
      body: { code: 3, message: "create_time cannot be changed: only author, title, format, price, tags can" },
    });
  });

  it("keeps covers to the byte, with their content type", async () => {
    const cover = `${url}/shelves/novels/books/emma/cover`;
    assert.equal((await fetch(cover)).status, 404);
    const put = await fetch(cover, { method: "PUT", body: IMAGE, headers: { "content-type": "image/png" } });
    assert.equal(put.status, 200);
    assert.deepEqual(await put.json(), {});
    const got = await fetch(cover);
    assert.equal(got.status, 200);
    assert.equal(got.headers.get("content-type"), "image/png");
    assert.deepEqual(Buffer.from(await got.arrayBuffer()), IMAGE);
    const text = await fetch(cover, { method: "PUT", body: "no image", headers: { "content-type": "text/plain" } });
    assert.equal(text.status, 400);
    assert.deepEqual(Buffer.from(await (await fetch(cover)).arrayBuffer()), IMAGE);
  });

  it("moves a book, and tells who watches", async () => {
    await call("POST", "/shelves?shelf_id=loved", {});
    const watch = request(`${url}/shelves/loved:watch`).end();
    const responding = once(watch, "response");
    const nextBook = async (): Promise<unknown> => {
      const { value } = await lines.next();
      return withoutTime(JSON.parse(value).result);
    };
    const emma = { name: "shelves/loved/books/emma", author: "Jane Austen", title: "Emma", tags: ["love"] };
    const persuasion = { name: "shelves/loved/books/persuasion", title: "Persuasion" };
    assert.deepEqual(await bookOf("POST", "/shelves/novels/books/emma:move", { other_shelf: "shelves/loved" }), emma);
    const [response] = await responding;
    assert.equal(response.statusCode, 200);
    const lines = createInterface(response)[Symbol.asyncIterator]();
    assert.deepEqual(await nextBook(), emma);
    await bookOf("POST", "/shelves/novels/books?book_id=elsewhere", { title: "On another shelf" });
    await bookOf("POST", "/shelves/loved/books?book_id=persuasion", { title: "Persuasion" });
    assert.deepEqual(await nextBook(), persuasion);
    watch.destroy();

    assert.equal((await call("GET", "/shelves/novels/books/emma")).status, 404);
    assert.equal((await fetch(`${url}/shelves/loved/books/emma/cover`)).status, 200);
  });

  it("throws books and shelves away", async () => {
    assert.deepEqual(await call("DELETE", "/shelves/loved/books/persuasion"), { status: 200, body: {} });
    assert.deepEqual(await call("DELETE", "/shelves/loved"), {
      status: 400,
      body: { code: 9, message: "shelves/loved has books: move them, or set force" },
    });
    assert.deepEqual(await call("DELETE", "/shelves/loved?force=true"), { status: 200, body: {} });
    assert.equal((await call("GET", "/shelves/loved/books/emma")).status, 404);
  });

  it("is called by its generated client", async () => {
    const lines: string[] = [];
    await tour(createChannel({ baseUrl: url.replace(/\/v1$/, "") }), (line) => lines.push(line));
    assert.deepEqual(lines, [
      "Emma costs 9007199254740993 cents",
      "Emma by Jane Austen costs 995 cents",
      lines[2],
      "image/png, 4 bytes",
      "on the shelf: Emma",
      "on the shelf: Persuasion",
      "in hard cover: Emma",
    ]);
    assert.match(lines[2] ?? "", /image/);
  });

  for (const [method, path, body, status, answer] of [
    ["GET", "/shelves/none", undefined, 404, { code: 5, message: "there is no shelves/none" }],
    ["GET", "/shelves/none/books", undefined, 404, { code: 5, message: "there is no shelves/none" }],
    ["GET", "/shelves/none:watch", undefined, 404, { error: { code: 5, message: "there is no shelves/none" } }],
    ["GET", "/nothing/here", undefined, 404, { code: 5, message: "Not Found" }],
    ["POST", "/shelves?shelf_id=novels", {}, 409, { code: 6, message: "there is a shelves/novels already" }],
    ["POST", "/shelves?shelf_id=A%20b", {}, 400, { code: 3, message: 'bad id "A b": use a-z, 0-9 and - within' }],
    ["POST", "/shelves/novels/books", {}, 400, { code: 3, message: "book.title is empty" }],
    [
      "GET",
      "/shelves/novels/books?page_token=eA",
      undefined,
      400,
      { code: 3, message: "page_token is not of this list" },
    ],
  ] as const) {
    it(`responds to ${method} ${path} with ${status}`, async () => {
      assert.deepEqual(await call(method, path, body), { status, body: answer });
    });
  }

  it("says which field of a request is bad", async () => {
    for (const [method, path, body, message] of [
      ["POST", "/shelves/novels/books", { title: "x", price: "1.5" }, /^book\.price: .*expected an int64, got "1\.5"$/],
      ["POST", "/shelves/novels/books", { title: "x", tags: ["a", 1] }, /^book\.tags\[1\]: /],
      ["PATCH", "/shelves/novels/books/ivanhoe", { format: "SCROLL" }, /^book\.format: .*bookstore\.v1\.Format/],
      ["GET", "/shelves/novels/books?page_size=many", undefined, /"page_size".*expected an int32, got "many"$/],
      ["GET", "/shelves/novels/books?formats=SCROLL", undefined, /"formats"/],
    ] as const) {
      const { status, body: answer } = await call(method, path, body);
      assert.equal(status, 400);
      assert.ok(typeof answer === "object" && answer !== null && "message" in answer);
      assert.match(String(answer.message), message);
    }
  });

  it("says which methods a path has", async () => {
    const response = await fetch(`${url}/shelves/novels/books/ivanhoe`, { method: "PUT", body: "{}" });
    assert.equal(response.status, 405);
    assert.deepEqual(new Set(response.headers.get("allow")?.split(", ")), new Set(["DELETE", "GET", "HEAD", "PATCH"]));
  });
});

function withoutTime(book: unknown): unknown {
  assert.ok(typeof book === "object" && book !== null && "create_time" in book);
  const { create_time, ...rest } = book;
  assert.match(String(create_time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
  return rest;
}
