import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExploredEtcd, goTo, seriousFaults, violationsOf } from "./explored-etcd.js";

describe("the looks of the page", () => {
  const explored = new ExploredEtcd();

  for (const colorScheme of ["light", "dark"] as const) {
    it(`is accessible in ${colorScheme}, on each of its parts`, async () => {
      await explored.put("config/a", '{"a": [1, "b", null, true]}');
      const page = await explored.open("", { colorScheme });
      for (const [hash, selector] of [
        ["#/keys", ".row"],
        ["#/calls", ".about"],
        ["#/calls/KV_Txn", ".call .code"],
        ["#/cluster", ".table"],
        ["#/keys/config%2Fa", ".row.chosen"],
      ] as const) {
        await goTo(page, hash);
        await page.locator(selector).first().waitFor();
        if (hash.includes("Txn")) {
          await page.getByRole("button", { name: "Send" }).click();
          await page.getByText("done").waitFor();
        }
        assert.deepEqual(await seriousFaults(page), [], hash);
        assert.deepEqual(await violationsOf(page), [], hash);
      }
      for (const [button, dialog] of [
        ["Versions", "Versions"],
        ["New key", "New key"],
        ["Leases", "Leases"],
        ["Import keys", "Import keys"],
        ["Sign in", "Sign in"],
      ] as const) {
        await page.getByRole("button", { name: button, exact: true }).click();
        await page.getByRole("dialog", { name: dialog }).waitFor();
        assert.deepEqual(await seriousFaults(page), [], dialog);
        await page.keyboard.press("Escape");
        await page.getByRole("dialog", { name: dialog }).waitFor({ state: "detached" });
      }
    });
  }

  it("fits narrow screens: a part at a time, nothing beside it", async () => {
    await explored.put("narrow/key", "value");
    const page = await explored.open("", { viewport: { width: 360, height: 640 } });
    const isInside = "document.documentElement.scrollWidth <= innerWidth";
    await page.getByRole("treeitem").getByText("narrow/").click();
    await page.getByRole("treeitem").getByText("key", { exact: true }).click();
    await page.getByRole("heading", { name: "narrow/key" }).waitFor();
    await page.getByRole("tree").waitFor({ state: "hidden" });
    assert.equal(await page.evaluate(isInside), true);
    await page.getByRole("button", { name: "Back to the keys" }).click();
    await page.getByRole("tree").waitFor();
    for (const [hash, selector] of [
      ["#/calls/KV_Range", ".call"],
      ["#/cluster", ".table"],
    ] as const) {
      await goTo(page, hash);
      await page.locator(selector).first().waitFor();
      assert.equal(await page.evaluate(isInside), true, hash);
    }
  });

  it("stands still for those who want no motion", async () => {
    const page = await explored.open();
    await page.getByText("Live", { exact: true }).waitFor();
    const count = `(() => {
      const spinner = document.createElement("span");
      spinner.className = "spinner";
      document.body.append(spinner);
      return getComputedStyle(spinner).animationIterationCount;
    })()`;
    assert.equal(await page.evaluate(count), "1");
  });

  it("hides what is scrolled sideways behind the line numbers, and keeps the buttons below the tree in a row", async () => {
    await explored.put("sideways", { base64: Buffer.alloc(64, 0xff).toString("base64") });
    const page = await explored.open("#/keys/sideways", { viewport: { width: 1000, height: 600 } });
    await page.getByText("ff ff ff").first().waitFor();
    const gutter = 'getComputedStyle(document.querySelector(".code").shadowRoot.querySelector(".cm-gutters"))';
    assert.match(await page.evaluate<string>(`${gutter}.backgroundColor`), /^rgb\(/);
    const tops = '[...document.querySelectorAll(".pane-foot button")].map((button) => button.offsetTop)';
    assert.equal(await page.evaluate(`new Set(${tops}).size`), 1);
  });

  it("looks as its user wants, the next time too", async () => {
    const page = await explored.open("", { colorScheme: "light" });
    const ground = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    const light = await ground();
    await page.getByRole("button", { name: /Switch to light/ }).click();
    await page.getByRole("button", { name: /Switch to dark/ }).click();
    assert.notEqual(await ground(), light);
    await page.goto(`${explored.url}/#/calls`);
    await page.getByRole("button", { name: /Switch to the system theme/ }).click();
    assert.equal(await ground(), light);
  });
});
