// Takes over a minute on a slow machine: one test writes 100,000 keys, another shows values of a megabyte.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { post } from "../http/requests.js";
import { at, ExploredEtcd, goTo, row, until, violationsOf, write } from "./explored-etcd.js";

describe("the keys on the page", () => {
  const explored = new ExploredEtcd("--max-txn-ops=5000");

  it("are a tree whose folders open, and follow what others write", async () => {
    await explored.put("tree/a/one", "1");
    await explored.put("tree/b", "2");
    const page = await explored.open();
    await row(page, "tree/").click();
    await row(page, "b").waitFor();
    assert.equal(await row(page, "one").count(), 0);
    await row(page, "a/").click();
    await row(page, "one").waitFor();
    await explored.put("tree/a/two", "2");
    await row(page, "two").waitFor();
    await explored.put("other/c", "3");
    await row(page, "other/").waitFor();
    for (const key of ["tree/a/one", "tree/a/two"]) await explored.call("kv/deleterange", { key: btoa(key) });
    await row(page, "a/").waitFor({ state: "detached" });
    await row(page, "b").waitFor();
    assert.deepEqual(await violationsOf(page), []);
  });

  it("can be walked with the keyboard", async () => {
    await explored.put("walk/a/one", "1");
    await explored.put("walk/b", "2");
    const page = await explored.open();
    await page.getByLabel("Prefix of the keys to show").fill("walk/");
    await page.keyboard.press("Enter");
    await row(page, "a/").waitFor();
    await page.getByRole("tree").focus();
    for (const key of ["ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
    await row(page, "one").waitFor();
    for (const key of ["ArrowRight", "Enter"]) await page.keyboard.press(key);
    await page.getByRole("heading", { name: "walk/a/one" }).waitFor();
    for (const key of ["ArrowLeft", "ArrowLeft"]) await page.keyboard.press(key);
    await row(page, "one").waitFor({ state: "detached" });
    await page.getByLabel("Separator of folders").fill("");
    await page.keyboard.press("Enter");
    await row(page, "a/one").waitFor();
  });

  it("are created, edited and deleted", async () => {
    const page = await explored.open();
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Key", { exact: true }).fill("made/here");
    await write(page, "Value of the new key", "first");
    await page.getByLabel("Time to live, in seconds").fill("600");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("heading", { name: "made/here" }).waitFor();
    assert.equal(String(await explored.value("made/here")), "first");
    await page.getByText(/left$/).waitFor();

    await write(page, "Value", "second");
    await page.keyboard.press("Control+Enter");
    await page.getByText(/^Saved as revision/).waitFor();
    assert.equal(String(await explored.value("made/here")), "second");
    await page.getByText(/left$/).waitFor();
    await until(page, `!document.querySelector(".save-bar")`);

    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Key", { exact: true }).fill("made/here");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByText(/already exists/).waitFor();
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("This key has been deleted").waitFor();
    assert.equal(await explored.value("made/here"), undefined);
  });

  it("are not overwritten when somebody else was faster: both values are shown", async () => {
    await explored.put("contested", "before");
    const page = await explored.open(at("contested"));
    await page.getByText("before").waitFor();
    await explored.put("contested", "seen");
    await page.getByText("seen").waitFor();
    await write(page, "Value", "mine");
    await explored.put("contested", "theirs");
    await page.getByText(/Somebody has changed this key while you were editing/).waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    const dialog = page.getByRole("dialog", { name: "Somebody else has changed this key" });
    await dialog.getByText("theirs", { exact: true }).waitFor();
    await dialog.getByText("mine", { exact: true }).waitFor();
    assert.equal(String(await explored.value("contested")), "theirs");
    await dialog.getByRole("button", { name: "Overwrite theirs with mine" }).click();
    await page.getByText(/^Saved as revision/).waitFor();
    assert.equal(String(await explored.value("contested")), "mine");

    await write(page, "Value", "again mine");
    await explored.put("contested", "again theirs");
    await page.getByText(/Somebody has changed this key while you were editing/).waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Take theirs" }).click();
    await until(page, `!document.querySelector(".save-bar")`);
    await page.getByLabel("Value", { exact: true }).getByText("again theirs").waitFor();
  });

  it("keep their bytes, whatever these are", async () => {
    const cases: readonly (readonly [string, Buffer, string])[] = [
      ["crlf", Buffer.from("a\r\nb\r\n"), "a\r\nb\r\nx"],
      ["mixed", Buffer.from("a\r\nb\rc\n"), "a\r\nb\rc\nx"],
      ["mark", Buffer.from("\ufeffa"), "\ufeffax"],
      ["nul", Buffer.from("a\0b"), "a\0bx"],
    ];
    const page = await explored.open();
    for (const [name, bytes, edited] of cases) {
      await explored.put(`bytes/${name}`, { base64: bytes.toString("base64") });
      await goTo(page, at(`bytes/${name}`));
      await page.getByRole("heading", { name: `bytes/${name}` }).waitFor();
      await page.getByLabel("Value", { exact: true }).click();
      await page.keyboard.press("Control+End");
      await page.keyboard.insertText("x");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Not saved yet").waitFor({ state: "detached" });
      assert.deepEqual(await explored.value(`bytes/${name}`), Buffer.from(edited), name);
    }
    const key = { base64: Buffer.from([0x62, 0x2f, 0x00, 0xff]).toString("base64") };
    await explored.put(key, { base64: Buffer.from([0xff, 0x00, 0x0a]).toString("base64") });
    await goTo(page, at("b/\\x00\\xFF"));
    await page.getByText("ff 00 0a").waitFor();
    await page.getByLabel("Value", { exact: true }).click();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText(" FE");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Not saved yet").waitFor({ state: "detached" });
    assert.deepEqual(await explored.value(key), Buffer.from([0xff, 0x00, 0x0a, 0xfe]));
  });

  it("show JSON formatted, and save it as compact and exact as it was", async () => {
    await explored.put("json", '{"b":12345678901234567890,"a":[1.0,{}],"b":[]}');
    const page = await explored.open(at("json"));
    const editor = page.getByLabel("Value", { exact: true });
    await editor.getByText('"b": 12345678901234567890,').waitFor();
    await editor.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.insertText('"new": true,');
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/^Saved as revision/).waitFor();
    const saved = '{"new":true,"b":12345678901234567890,"a":[1.0,{}],"b":[]}';
    assert.equal(String(await explored.value("json")), saved);
    await write(page, "Value", "{");
    assert.equal(await page.getByRole("button", { name: "Save" }).isDisabled(), true);
  });

  it("have versions, with their difference, until they were compacted", async () => {
    for (const value of ["one", "two", "three", "four"]) await explored.put("old", value);
    const page = await explored.open(at("old"));
    await page.getByRole("button", { name: "Versions" }).click();
    const dialog = page.getByRole("dialog", { name: "Versions" });
    await dialog.getByText("The key was created with the last of these.").waitFor();
    await dialog.getByRole("button", { name: /Version 2/ }).click();
    await dialog.getByText("two", { exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Restore version 2" }).click();
    await page.getByText(/Version 2 is the newest again/).waitFor();
    assert.equal(String(await explored.value("old")), "two");
  });

  it("of a folder go after they were shown, unless one changes meanwhile", async () => {
    for (const name of ["a", "b", "c"]) await explored.put(`gone/${name}`, name);
    await explored.put("gone", "stays");
    const page = await explored.open();
    await row(page, "gone/").waitFor();
    await page.getByRole("button", { name: "Create, export or delete in gone/" }).click();
    const dialog = page.getByRole("dialog", { name: "Keys in this folder" });
    await dialog.getByText("gone/b").waitFor();
    await dialog.getByRole("button", { name: "Delete all" }).click();
    await explored.put("gone/b", "new");
    await dialog.getByRole("button", { name: "Delete 3 keys" }).click();
    await dialog.getByText("Some of these keys have changed in the meantime").waitFor();
    assert.equal(String(await explored.value("gone/a")), "a");
    await dialog.getByRole("button", { name: "Delete all" }).click();
    await dialog.getByRole("button", { name: "Delete 3 keys" }).click();
    await page.getByText("Deleted 3 keys").waitFor();
    await row(page, "gone/").waitFor({ state: "detached" });
    assert.equal(String(await explored.value("gone")), "stays");
  });

  it("are exported, and imported after what changes was shown", async () => {
    await explored.put("ex/text", "Grüße\n");
    await explored.put("ex/bytes", { base64: "/wA=" });
    const page = await explored.open();
    await page.getByRole("button", { name: "Create, export or delete in ex/" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export", exact: true }).click(),
    ]);
    const lines = await readFile(await download.path(), "utf8");
    assert.deepEqual(lines, '{"key":"ex/bytes","value":{"base64":"/wA="}}\n{"key":"ex/text","value":"Grüße\\n"}\n');
    await page.keyboard.press("Escape");

    await explored.put("ex/text", "changed");
    await explored.call("kv/deleterange", { key: btoa("ex/bytes") });
    await page.getByRole("button", { name: "Import keys" }).click();
    const file = (text: string) => ({ name: "keys.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(text) });
    const input = page.getByLabel("File to import");
    await input.setInputFiles(file(`${lines}{"key": 5}`));
    await page.getByText(/line 3: key must be a string/).waitFor();
    await input.setInputFiles(file(`${lines}{"key":"contested2","value":""}`));
    await page.getByText("2 new, 1 changed, 0 as they are.").waitFor();
    await page.getByRole("button", { name: "Write 3 keys" }).click();
    await page.getByText("Imported 3 keys").waitFor();
    assert.deepEqual(await explored.value("ex/bytes"), Buffer.from([0xff, 0]));
    assert.equal(String(await explored.value("ex/text")), "Grüße\n");
  });

  it("are searched, and their values too", async () => {
    await explored.put("find/Needle", "x");
    await explored.put("find/hay", "a needle in it");
    const page = await explored.open();
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByLabel("Text to search for").fill("needle");
    await page.getByText(/^1 found in/).waitFor();
    await page.getByLabel("Values too").check();
    await page.getByText(/^2 found in/).waitFor();
    await page.getByRole("button", { name: "find/hay" }).click();
    await page.getByRole("heading", { name: "find/hay" }).waitFor();
  });

  it("and values full of markup, scripts and traps are text like any other", async () => {
    const evil = `<img src=x onerror="globalThis.pwned=1"><script>pwned=1</script>\${pwned=1}\u202e'"\`{{1}}`;
    const names = [
      evil,
      "__proto__",
      "constructor",
      "a/__proto__/b",
      "toString",
      "\u202etxt.exe",
      " ",
      "\\",
      "%2f#/x?y",
    ];
    for (const name of names) await explored.put(`evil/${name}`, evil);
    await explored.put("evil/big", `"${"x".repeat(1_000_000)}"`);
    await explored.put(
      "evil/bigjson",
      JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ i, name: evil }))).slice(0, 1_000_000),
    );
    const page = await explored.open();
    await row(page, "evil/").click();
    await row(page, "__proto__").click();
    await page.getByRole("heading", { name: "evil/__proto__", exact: true }).waitFor();
    await row(page, "\\xE2\\x80\\xAEtxt.exe").click();
    await page.getByRole("heading", { name: "evil/\\xE2\\x80\\xAEtxt.exe" }).waitFor();
    await page
      .getByLabel("Value", { exact: true })
      .getByText(/onerror/)
      .waitFor();
    await row(page, "\\\\").click();
    await page.getByRole("heading", { name: "evil/\\\\" }).waitFor();
    for (const name of ["big", "bigjson"]) {
      await row(page, name).click();
      await page.getByRole("heading", { name: `evil/${name}`, exact: true }).waitFor();
      await page.getByText("1.0 MB").waitFor();
      const scroller = 'document.querySelector(".code").shadowRoot.querySelector(".cm-scroller")';
      await until(page, `${scroller}.scrollWidth <= ${scroller}.clientWidth`);
    }
    assert.equal(await page.evaluate("globalThis.pwned"), undefined);
    assert.equal(
      await page.evaluate(`document.querySelectorAll("img, iframe, script:not([id]):not([src])").length`),
      0,
    );
    assert.deepEqual(await violationsOf(page), []);
  });

  it("open quickly and stay few elements when there are 100,000 of them", async () => {
    const puts = (folder: string, from: number) =>
      Array.from({ length: 1000 }, (_, i) => ({
        request_put: { key: `${folder}/${String(from + i).padStart(6, "0")}`, value: "v" },
      }));
    const put = async (success: readonly object[]): Promise<void> => {
      const { status } = await post(`${explored.url}/v3/kv/txn?bytes=text`, { success });
      assert.equal(status, 200);
    };
    for (let i = 0; i < 50; i += 5) {
      const five = [i, i + 1, i + 2, i + 3, i + 4];
      await put(five.flatMap((each) => puts("many/flat", each * 1000)));
      await put(five.flatMap((each) => puts(`many/d${each}`, each * 1000)));
    }
    const page = await explored.open();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await row(page, "many/").click();
    await row(page, "d0/").waitFor();
    await page.getByRole("tree").press("End");
    await row(page, "d9/").waitFor();
    assert.ok(requests.length < 120, `${requests.length} requests`);
    await page.getByLabel("Prefix of the keys to show").fill("many/flat/");
    await page.keyboard.press("Enter");
    await row(page, "000000").waitFor();
    for (let i = 0; i < 5; i++) await page.getByRole("tree").press("End");
    await until(page, `document.querySelector(".rows").scrollHeight > 28 * 1500`);
    const elements = await page.evaluate<number>("document.querySelectorAll('*').length");
    assert.ok(elements < 1500, `${elements} elements`);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByLabel("Text to search for").fill("049999");
    await page.getByText(/^1 found in 50,000 of 50,000 keys/).waitFor();
  });
});
