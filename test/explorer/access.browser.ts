import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { at, ExploredEtcd, goTo, row } from "./explored-etcd.js";

describe("what the page may", () => {
  const explored = new ExploredEtcd();

  it("of a read-only gateway reads, and says what is off", async () => {
    await explored.put("readable", "yes");
    const server = await explored.serveAnother("--expose", "read-only");
    try {
      const page = await explored.open("#/keys/readable", {}, server.url);
      await page.getByLabel("Value", { exact: true }).getByText("yes").waitFor();
      await page.getByText("Read-only", { exact: true }).first().waitFor();
      for (const name of ["New key", "Delete", "Import keys"]) {
        assert.equal(await page.getByRole("button", { name, exact: true }).count(), 0, name);
      }
      await page.goto(`${server.url}/#/calls/KV_Put`);
      await page.getByText("This gateway has switched the call off").waitFor();
      assert.equal(await page.getByRole("button", { name: "Send" }).isDisabled(), true);
    } finally {
      await server.close();
    }
  });

  it("says that the gateway is gone, and goes on when it is back", async () => {
    await explored.put("lasting/a", "1");
    const server = await explored.serveAnother();
    const { port } = new URL(server.url);
    const page = await explored.open("", {}, server.url);
    await page.getByText(/^Live/).waitFor();
    await server.close();
    await page.getByText("Reconnecting").waitFor();
    await explored.put("lasting/b", "2");
    const again = await explored.serveAnother("--listen", `127.0.0.1:${port}`);
    try {
      await page.getByText(/^Live/).waitFor();
      await page.getByRole("treeitem").getByText("lasting/").click();
      await page.getByRole("treeitem").getByText("b", { exact: true }).waitFor();
    } finally {
      await again.close();
    }
  });

  it("reads by itself what could not be read while the gateway was gone", async () => {
    for (const key of ["gap/folder/a", "gap/key"]) await explored.put(key, "1");
    const server = await explored.serveAnother();
    const { port } = new URL(server.url);
    const page = await explored.open("", {}, server.url);
    await row(page, "gap/").click();
    await row(page, "folder/").waitFor();
    await server.close();
    await page.getByText("Reconnecting").waitFor();
    await row(page, "folder/").click();
    await row(page, "key").click();
    await page.getByRole("alert").getByText("The gateway does not respond").waitFor();
    const again = await explored.serveAnother("--listen", `127.0.0.1:${port}`);
    try {
      await page.getByLabel("Value", { exact: true }).getByText("1").waitFor();
      await row(page, "a").waitFor();
    } finally {
      await again.close();
    }
  });

  it("begins by itself if the gateway was gone at first", async () => {
    await explored.put("first", "1");
    const page = await explored.open("#/calls");
    await page.route("**/v3/**", (route) => route.abort());
    await goTo(page, "#/keys");
    await page.getByText("The gateway does not respond").waitFor();
    await page.unroute("**/v3/**");
    await row(page, "first").waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
  });

  it("reads the keys again if their changes were compacted while the gateway was gone", async () => {
    await explored.put("missed/a/one", "1");
    const server = await explored.serveAnother();
    const { port } = new URL(server.url);
    const page = await explored.open(at("missed/a/one"), {}, server.url);
    await row(page, "one").waitFor();
    await server.close();
    await page.getByText("Reconnecting").waitFor();
    await explored.put("missed/a/one", "2");
    await explored.put("missed/a/two", "2");
    await explored.compact();
    const again = await explored.serveAnother("--listen", `127.0.0.1:${port}`);
    try {
      await row(page, "two").waitFor();
      await page.getByLabel("Value", { exact: true }).getByText("2").waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
    } finally {
      await again.close();
    }
  });

  it("signs in with etcd's users, who see what they may", async () => {
    const userOf = async (name: string, role: string): Promise<void> => {
      await explored.call("auth/user/add", { name, password: `${name}'s` });
      if (role !== "root") await explored.call("auth/role/add", { name: role });
      await explored.call("auth/user/grant", { user: name, role });
    };
    await explored.put("team/a", "for the team");
    await explored.put("secret", "for root");
    await explored.call("auth/role/add", { name: "root" });
    await userOf("root", "root");
    await userOf("ann", "team");
    await explored.call("auth/role/grant", {
      name: "team",
      perm: { permType: "READ", key: btoa("team/"), range_end: btoa("team0") },
    });
    await explored.call("auth/enable", {});
    const page = await explored.open();
    await page.getByText("etcd refused the request").waitFor();
    const signIn = async (user: string, password: string): Promise<void> => {
      await page.getByRole("banner").getByRole("button", { name: "Sign in" }).click();
      await page.getByLabel("User").fill(user);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
    };
    await signIn("ann", "wrong");
    await page.getByText(/authentication failed/).waitFor();
    await page.keyboard.press("Escape");
    await signIn("ann", "ann's");
    await page.getByText("You may read the keys with one of these prefixes:").waitFor();
    await page.getByRole("button", { name: "team/" }).click();
    await page.getByRole("treeitem").getByText("a", { exact: true }).click();
    await page.getByLabel("Value", { exact: true }).getByText("for the team").waitFor();
    await page.getByLabel("Value", { exact: true }).click();
    await page.keyboard.insertText("x");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/permission denied/).waitFor();
    await page.getByRole("button", { name: "Discard" }).click();

    const expired = JSON.stringify(JSON.stringify({ user: "ann", token: "expired.1" }));
    await page.evaluate(`sessionStorage.setItem("etcd-gateway-explorer:session", ${expired})`);
    await page.goto(`${explored.url}/?again`);
    await page
      .getByText(/invalid auth token/)
      .first()
      .waitFor();
    await page.getByRole("alert").getByRole("button", { name: "Sign in" }).first().click();
    await page.getByLabel("User").fill("ann");
    await page.getByLabel("Password").fill("ann's");
    await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
    await page.getByText("You may read the keys with one of these prefixes:").waitFor();

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("etcd refused the request").first().waitFor();
    assert.equal(await page.evaluate("sessionStorage.length"), 0);
    await signIn("root", "root's");
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    await page.getByLabel("Prefix of the keys to show").fill("");
    await page.keyboard.press("Enter");
    await page.getByRole("treeitem").getByText("secret").waitFor();
  });
});
