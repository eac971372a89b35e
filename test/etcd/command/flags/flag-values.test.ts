import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { FlagError } from "../../../../runtime/etcd/command/flags/flag-error.js";
import { FLAGS } from "../../../../runtime/etcd/command/flags/flag-table.js";
import { unknownVariables, variableOf } from "../../../../runtime/etcd/command/flags/flag-values.js";
import { parseFlags, type ServeFlags } from "../../../../runtime/etcd/command/flags/flags.js";

type Environment = Readonly<Record<string, string>>;

function serveFlags(env: Environment, ...args: string[]): ServeFlags {
  const flags = parseFlags(args, env);
  assert.equal(flags.command, "serve");
  return flags;
}

/** What flags cannot be read with. */
function fault(env: Environment, ...args: string[]): string {
  try {
    parseFlags(args, env);
  } catch (error) {
    assert.ok(error instanceof FlagError, String(error));
    assert.ok(!error.message.includes("\n"), error.message);
    return error.message;
  }
  assert.fail("nothing is wrong with them");
}

describe("the environment of etcd-gateway", () => {
  it("sets every flag that a server has", () => {
    assert.deepEqual(serveFlags({ ETCD_GATEWAY_LISTEN: "[::1]:0" }).listen, { host: "::1", port: 0 });
    const { gateway, server } = serveFlags({ ETCD_GATEWAY_MAX_STREAMS: "30", ETCD_GATEWAY_GRACE: "2s" });
    assert.deepEqual([gateway.limits, server.grace], [{ maxStreams: 30 }, 2_000]);
  });

  it("is less than the command line", () => {
    const env = { ETCD_GATEWAY_MAX_STREAMS: "30", ETCD_GATEWAY_BYTES: "text" };
    const { gateway } = serveFlags(env, "--max-streams", "40");
    assert.deepEqual([gateway.limits, gateway.bytes], [{ maxStreams: 40 }, "text"]);
  });

  it("has etcd's own name for the endpoints, too, and the gateway's is more", () => {
    const ETCD_ENDPOINTS = "a:1";
    assert.deepEqual(serveFlags({ ETCD_ENDPOINTS }).gateway.endpoints, ["a:1"]);
    assert.deepEqual(serveFlags({ ETCD_ENDPOINTS, ETCD_GATEWAY_ENDPOINTS: "b:2" }).gateway.endpoints, ["b:2"]);
    assert.match(fault({ ETCD_ENDPOINTS: "a:1," }), /^invalid ETCD_ENDPOINTS "a:1,": expected a comma-separated list/);
  });

  it("has other names for some flags, which count less than the flag's own in the same place", () => {
    const maxBody = (env: Record<string, string>, ...args: string[]): number | undefined =>
      serveFlags(env, ...args).gateway.limits?.maxBody;
    assert.equal(maxBody({}, "--body-limit", "5"), 5);
    assert.equal(maxBody({ ETCD_GATEWAY_BODY_LIMIT: "5" }), 5);
    assert.equal(maxBody({ ETCD_GATEWAY_BODY_LIMIT: "5", ETCD_GATEWAY_MAX_BODY: "6" }), 6);
    assert.equal(maxBody({ ETCD_GATEWAY_MAX_BODY: "6" }, "--body-limit", "5"), 5);
    assert.match(fault({ ETCD_GATEWAY_BODY_LIMIT: "0" }), /^invalid ETCD_GATEWAY_BODY_LIMIT 0: expected/);
    assert.match(fault({}, "--body-limit", "3MB"), /^invalid --body-limit "3MB": expected a number of bytes/);
  });

  it("switches on and off", () => {
    for (const on of ["true", "1"]) {
      assert.deepEqual(serveFlags({ ETCD_GATEWAY_STRICT: on }).gateway.json, { unknownFields: "reject" });
    }
    for (const off of ["false", "0", ""])
      assert.equal(serveFlags({ ETCD_GATEWAY_STRICT: off }).gateway.json, undefined);
    assert.equal(fault({ ETCD_GATEWAY_STRICT: "yes" }), 'invalid ETCD_GATEWAY_STRICT "yes": expected true or false');
  });

  it("is as good as none where it is empty", () => {
    assert.deepEqual(serveFlags({ ETCD_GATEWAY_LISTEN: "", ETCD_ENDPOINTS: "" }), serveFlags({}));
  });

  it("is named by what is wrong with it", () => {
    assert.match(fault({ ETCD_GATEWAY_LISTEN: "8080" }), /^invalid ETCD_GATEWAY_LISTEN "8080": expected HOST:PORT/);
    assert.match(fault({ ETCD_GATEWAY_GRACE: "10" }), /^invalid ETCD_GATEWAY_GRACE "10": expected a time/);
    assert.match(fault({ ETCD_GATEWAY_MAX_BODY: "0" }), /^invalid ETCD_GATEWAY_MAX_BODY 0: expected/);
    assert.match(fault({ ETCD_GATEWAY_CACERT: "/none" }), /^ETCD_GATEWAY_CACERT: cannot read "\/none": ENOENT$/);
    assert.match(fault({ ETCD_GATEWAY_CERT: "x" }), /^ETCD_GATEWAY_CERT requires --key$/);
    assert.match(fault({ ETCD_GATEWAY_DIALECT: "/v3=" }), /^invalid ETCD_GATEWAY_DIALECT "\/v3=": expected/);
    assert.match(
      fault({ ETCD_GATEWAY_WORKERS: "all" }),
      /^invalid ETCD_GATEWAY_WORKERS "all": expected 1 to 1024, or auto$/,
    );
  });

  it("does not keep the help from being told", () => {
    assert.deepEqual(parseFlags(["--help"], { ETCD_GATEWAY_STRICT: "yes", ETCD_GATEWAY_CONFIG: "/none" }), {
      command: "help",
    });
    // It asks for no help by itself.
    assert.equal(parseFlags([], { ETCD_GATEWAY_HELP: "true", ETCD_GATEWAY_PROBE: "http://a" }).command, "serve");
  });

  it("has no variable that means nothing, but for those of Kubernetes", () => {
    const names = ["LISTN", "HELP", "PORTS"].map((name) => `ETCD_GATEWAY_${name}`);
    const ofKubernetes = [
      "SERVICE_HOST",
      "SERVICE_PORT",
      "SERVICE_PORT_HTTP",
      "PORT",
      "PORT_80_TCP",
      "PORT_80_TCP_ADDR",
    ];
    const others = [...ofKubernetes.map((name) => `ETCD_GATEWAY_${name}`), "ETCD_ENDPOINTS", "ETCD_GATEWAY_LISTEN"];
    const env = Object.fromEntries([...names, ...others].map((name) => [name, "x"]));
    assert.deepEqual(unknownVariables(env), names);
    for (const name of ofKubernetes) {
      assert.ok(!Object.keys(FLAGS).map(variableOf).includes(`ETCD_GATEWAY_${name}`), `--${name} is not to be had`);
    }
  });
});

describe("the configuration file of etcd-gateway", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "config-"));
  });
  after(() => rm(folder, { recursive: true }));

  async function write(content: unknown): Promise<string> {
    const file = join(folder, "config.json");
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  it("has flags by their names", async () => {
    const file = await write({
      endpoints: ["a:1", "b:2"],
      strict: true,
      "max-streams": 5,
      listen: ":80",
      expose: "all",
    });
    const { gateway, listen } = serveFlags({}, "--config", file);
    assert.deepEqual(gateway, {
      endpoints: ["a:1", "b:2"],
      json: { unknownFields: "reject" },
      limits: { maxStreams: 5 },
      access: { expose: "all" },
    });
    assert.equal(listen.port, 80);
  });

  it("is less than the environment and the command line", async () => {
    const file = await write({ "max-streams": 5, "max-watches": 5, "max-in-flight": 5, strict: false });
    const env = { ETCD_GATEWAY_CONFIG: file, ETCD_GATEWAY_MAX_WATCHES: "6", ETCD_GATEWAY_MAX_STREAMS: "6" };
    const { limits, json } = serveFlags(env, "--max-streams", "7").gateway;
    assert.deepEqual([limits, json], [{ maxStreams: 7, maxWatches: 6, maxInFlight: 5 }, undefined]);
  });

  it("is less than a variable that switches off, and than etcd's own name for the endpoints", async () => {
    const file = await write({ endpoints: "a:1", strict: true });
    const env = { ETCD_GATEWAY_CONFIG: file, ETCD_ENDPOINTS: "b:2", ETCD_GATEWAY_STRICT: "false" };
    const { endpoints, json } = serveFlags(env).gateway;
    assert.deepEqual([endpoints, json], [["b:2"], undefined]);
  });

  it("is rejected with what is wrong in it", async () => {
    const faultOf = async (content: unknown): Promise<string> => fault({}, "--config", await write(content));
    assert.match(await faultOf({ listn: ":80" }), /^unknown flag "listn" in .*config\.json: did you mean "listen"\?$/);
    assert.match(await faultOf({ nonsense: "x" }), /^unknown flag "nonsense" in .*; see etcd-gateway --help$/);
    assert.match(await faultOf({ config: "x" }), /^unknown flag "config" in /);
    assert.match(await faultOf({ grace: 10 }), /^invalid "grace" in .*config\.json "10": expected a time/);
    assert.match(await faultOf({ strict: "yes" }), /^invalid "strict" in .* "yes": expected true or false/);
    assert.match(
      await faultOf({ listen: null }),
      /^invalid "listen" in .* null: expected a string, a number or a list/,
    );
    for (const content of ["", "[]", "1", "{", "null"]) {
      assert.match(
        await faultOf(content),
        /^invalid --config ".*": expected a JSON object with names of flags as keys$/,
      );
    }
    assert.match(fault({}, "--config", join(folder, "none")), /^--config: cannot read ".*none": ENOENT$/);
  });
});
