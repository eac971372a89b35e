import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { at, ExploredEtcd, until } from "./explored-etcd.js";

/** The accessible name or the text of the focused element. */
function focused(page: Page): Promise<string> {
  return page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent");
}

describe("the dialogs of the page", () => {
  const explored = new ExploredEtcd();

  it("return the focus to the button that opened them, however they are closed", async () => {
    await explored.put("focus", "1");
    const page = await explored.open(at("focus"));
    for (const [button, close] of [
      ["Versions", "Escape"],
      ["Delete", "Cancel"],
      ["New key", "Close"],
      ["Leases", "Escape"],
    ] as const) {
      await page.getByRole("button", { name: button, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("heading").waitFor();
      if (close === "Escape") await page.keyboard.press("Escape");
      else await dialog.getByRole("button", { name: close, exact: true }).click();
      await dialog.waitFor({ state: "detached" });
      assert.equal(await focused(page), button);
    }
  });

  it("close one by one with Escape, and open again", async () => {
    await explored.put("layers", "1");
    const page = await explored.open(at("layers"));
    await page.getByRole("button", { name: "Delete", exact: true }).waitFor();
    await page.route("**/v3/kv/txn*", (route) =>
      route.fulfill({ status: 403, json: { code: 7, message: "permission denied" } }),
    );
    for (let round = 0; round < 2; round++) {
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("dialog", { name: "Sign in" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name: "Sign in" }).waitFor({ state: "detached" });
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
  });

  it("stay open when the user chooses no file", async () => {
    const page = await explored.open();
    await page.getByRole("button", { name: "Import keys" }).click();
    // A headless browser has no dialog for files that could be cancelled.
    await page.evaluate(
      `document.querySelector("input[type=file]").dispatchEvent(new Event("cancel", { bubbles: true }))`,
    );
    assert.equal(await page.getByRole("dialog", { name: "Import keys" }).count(), 1);
  });

  it("do not delete on a double click, and keep the focus when their buttons change", async () => {
    await explored.put("double/a", "1");
    const page = await explored.open();
    await page.getByRole("button", { name: "Create, export or delete in double/" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("double/a").waitFor();
    await dialog.getByRole("button", { name: "Delete all" }).dblclick();
    await dialog.getByRole("button", { name: "Delete 1 keys" }).waitFor();
    await until(page, "document.querySelector('dialog').contains(document.activeElement)");
    assert.equal(String(await explored.value("double/a")), "1");
    await dialog.getByRole("button", { name: "Delete 1 keys" }).click();
    await page.getByText("Deleted 1 keys").waitFor();

    await explored.put("double/leased", "1", await explored.grant(600));
    await page.getByRole("button", { name: "Leases" }).click();
    await page.getByRole("button", { name: "Revoke", exact: true }).dblclick();
    await page.getByRole("button", { name: "Revoke and delete 1 key" }).waitFor();
    assert.equal(String(await explored.value("double/leased")), "1");
  });

  it("say that their key was deleted, and do not open by themselves when it is written again", async () => {
    await explored.put("fleeting", "1");
    const page = await explored.open(at("fleeting"));
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await explored.call("kv/deleterange", { key: btoa("fleeting") });
    const dialog = page.getByRole("dialog");
    await dialog.getByText("The key has already been deleted").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await explored.put("fleeting", "2");
    await page.getByRole("button", { name: "Versions" }).waitFor();
    assert.equal(await dialog.count(), 0);

    await page.getByRole("button", { name: "Versions" }).click();
    await explored.call("kv/deleterange", { key: btoa("fleeting") });
    await dialog.getByText("The key has been deleted since this list was read").waitFor();
  });

  it("reject a time to live that is no whole number, also by Ctrl+Enter", async () => {
    const page = await explored.open();
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Key", { exact: true }).fill("brief");
    await page.getByLabel("Time to live, in seconds").fill("0.5");
    await page.getByLabel("Value of the new key").click();
    await page.keyboard.press("Control+Enter");
    await until(page, "document.querySelector('dialog input:invalid') === document.activeElement");
    await page.getByLabel("Time to live, in seconds").fill("1e3");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "brief" }).waitFor();
    await page.getByText(/ min .* left$/).waitFor();
  });
});
