import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page, Route } from "playwright-core";
import { at, ExploredEtcd, row, write } from "./explored-etcd.js";

/** Holds back the next request of a path until the returned function is called. */
async function holdBack(page: Page, path: string): Promise<{ held: Promise<Route>; release: () => Promise<void> }> {
  let hold: (route: Route) => void = () => {};
  const held = new Promise<Route>((resolve) => {
    hold = resolve;
  });
  await page.route(`**/v3/${path}*`, (route) => hold(route), { times: 1 });
  return { held, release: async () => (await held).continue() };
}

describe("an unsaved change of a value", () => {
  const explored = new ExploredEtcd();

  it("stays when the user chooses another key, reloads the tree, and when the key is deleted", async () => {
    await explored.put("kept/a", "stored");
    await explored.put("kept/b", "other");
    const page = await explored.open(at("kept/a"));
    const value = page.getByLabel("Value", { exact: true });
    await value.getByText("stored").waitFor();
    await write(page, "Value", "mine");
    await row(page, "b").click();
    await value.getByText("other").waitFor();
    assert.equal(await page.getByText("Not saved yet").count(), 0);
    await page.getByRole("button", { name: "Reload", exact: true }).click();
    await row(page, "a").click();
    await value.getByText("mine").waitFor();
    await page.getByText("Not saved yet").waitFor();

    await explored.call("kv/deleterange", { key: btoa("kept/a") });
    await page.getByText("This key has been deleted").waitFor();
    await value.getByText("mine").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Create it with my value" }).click();
    await page.getByText(/^Saved as revision/).waitFor();
    assert.equal(String(await explored.value("kept/a")), "mine");
    await page.getByText("Not saved yet").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Versions" }).waitFor();
  });

  it("contains what the user writes while an earlier part of it is saved", async () => {
    await explored.put("slow", "1");
    const page = await explored.open(at("slow"));
    await page.getByLabel("Value", { exact: true }).getByText("1").waitFor();
    const { held, release } = await holdBack(page, "kv/txn");
    await write(page, "Value", "12");
    await page.keyboard.press("Control+Enter");
    await held;
    await page.keyboard.insertText("3");
    await release();
    await page.getByText(/^Saved as revision/).waitFor();
    assert.equal(String(await explored.value("slow")), "12");
    await page.getByLabel("Value", { exact: true }).getByText("123", { exact: true }).waitFor();
    await page.getByText("Not saved yet").waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText("Not saved yet").waitFor({ state: "detached" });
    assert.equal(String(await explored.value("slow")), "123");
  });

  it("can be saved again after a failure, which is shown until then", async () => {
    await explored.put("failing", "1");
    const page = await explored.open(at("failing"));
    await page.getByLabel("Value", { exact: true }).getByText("1").waitFor();
    await page.route("**/v3/kv/txn*", (route) => route.abort(), { times: 1 });
    await write(page, "Value", "2");
    await page.keyboard.press("Control+Enter");
    const error = page.getByRole("alert").getByText("The gateway does not respond");
    await error.waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await error.waitFor({ state: "detached" });
    assert.equal(String(await explored.value("failing")), "2");
  });

  it("makes the browser ask before the page is closed", async () => {
    await explored.put("asked", "1");
    const page = await explored.open(at("asked"));
    await page.getByLabel("Value", { exact: true }).getByText("1").waitFor();
    await write(page, "Value", "2");
    await page.getByText("Not saved yet").waitFor();
    assert.equal(await page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))"), false);
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByText("Not saved yet").waitFor({ state: "detached" });
    assert.equal(await page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))"), true);
  });
});
