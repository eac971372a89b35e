import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { FlagError } from "../../../../runtime/etcd/command/flags/flag-error.js";
import { FLAGS } from "../../../../runtime/etcd/command/flags/flag-table.js";
import { parseFlags, type ServeFlags } from "../../../../runtime/etcd/command/flags/flags.js";
import { help } from "../../../../runtime/etcd/command/flags/help.js";
import { listenWarning } from "../../../../runtime/etcd/command/flags/listen-address.js";
import { FileWatch } from "../../../../runtime/etcd/command/reload/file-watch.js";

function serveFlags(...args: string[]): ServeFlags {
  const flags = parseFlags(args, {});
  assert.equal(flags.command, "serve");
  return flags;
}

/** The options of the gateway. */
function gatewayFlags(...args: string[]): ServeFlags["gateway"] {
  return serveFlags(...args).gateway;
}

describe("the flags of etcd-gateway", () => {
  let folder: string;
  let pem: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "flags-"));
    pem = join(folder, "cert.pem");
    await writeFile(pem, "-----BEGIN CERTIFICATE-----\n");
    await writeFile(join(folder, "text"), "no certificate");
  });
  after(() => rm(folder, { recursive: true }));

  it("have defaults", () => {
    assert.deepEqual(serveFlags(), {
      command: "serve",
      listen: { host: "127.0.0.1", port: 8080 },
      gateway: {
        endpoints: ["127.0.0.1:2379"],
        browsers: { allowedHosts: ["localhost", "127.0.0.1", "::1", "127.0.0.1"] },
      },
      server: {
        log: undefined,
        logLevel: undefined,
        metrics: true,
        workers: 1,
        maxConnections: 20_000,
        pingInterval: 30_000,
        grace: 10_000,
        explorer: true,
      },
    });
  });

  it("have the page on loopback addresses, and elsewhere for who asks", () => {
    const hasPage = (...args: readonly string[]) => serveFlags(...args).server.explorer;
    for (const listen of ["127.0.0.1:80", "[::1]:80", "localhost:80", "127.0.0.2:80"]) {
      assert.equal(hasPage("--listen", listen), true, listen);
      assert.equal(hasPage("--listen", listen, "--no-explorer"), false, listen);
    }
    for (const listen of [":80", "0.0.0.0:80", "[::]:80", "10.0.0.1:80", "gateway.local:80"]) {
      assert.equal(hasPage("--listen", listen), false, listen);
      assert.equal(hasPage("--listen", listen, "--explorer"), true, listen);
    }
  });

  it("take a list of endpoints, from ETCD_ENDPOINTS too", () => {
    assert.deepEqual(gatewayFlags("--endpoints", "a:1, https://b:2").endpoints, ["a:1", "https://b:2"]);
    const flags = parseFlags([], { ETCD_ENDPOINTS: "c:3,d:4" });
    assert.deepEqual(flags.command === "serve" && flags.gateway.endpoints, ["c:3", "d:4"]);
  });

  it("warn of an address that everybody can reach", () => {
    for (const text of [":80", "0.0.0.0:80", "[::]:80"]) {
      assert.match(
        listenWarning(serveFlags("--listen", text).listen, 80) ?? "",
        /^serving on all interfaces: .*; use --listen 127\.0\.0\.1:80 /,
      );
    }
    for (const host of ["10.0.0.1", "gateway.local"]) {
      const warning = listenWarning(serveFlags("--listen", `${host}:80`).listen, 80) ?? "";
      assert.ok(warning.startsWith(`serving on ${host}, which is not a loopback address: `), warning);
    }
    for (const text of ["127.0.0.1:80", "127.8.0.1:80", "[::1]:80", "localhost:80"]) {
      assert.equal(listenWarning(serveFlags("--listen", text).listen, 80), undefined);
    }
  });

  it("take an address to listen on", () => {
    assert.deepEqual(serveFlags("--listen", "[::1]:0").listen, { host: "::1", port: 0 });
    assert.deepEqual(serveFlags("--listen", ":80").listen, { host: "0.0.0.0", port: 80 });
    assert.deepEqual(serveFlags("--listen", "gateway.local:443").listen, { host: "gateway.local", port: 443 });
  });

  it("take how long streams resume, and how watches are refused", () => {
    assert.equal(gatewayFlags("--resume-timeout", "2m").timeouts?.resume, 120_000);
    assert.equal(gatewayFlags("--resume-timeout", "0").timeouts?.resume, 0);
    assert.equal(gatewayFlags("--refusals", "status").access?.refusals, "status");
    assert.throws(() => serveFlags("--refusals", "400"), FlagError);
    assert.equal(gatewayFlags("--bytes", "text").bytes, "text");
    assert.throws(() => serveFlags("--bytes", "utf8"), FlagError);
  });

  it("take no named pipe as a file, which could block the process for ever, and follow links", {
    skip: process.platform === "win32",
  }, async (t) => {
    const [pipe, link] = [join(folder, "pipe"), join(folder, "link")];
    execFileSync("mkfifo", [pipe]);
    // Ends the wait of a process that reads the pipe.
    const writer = spawn("sh", ["-c", 'sleep 2; : > "$0"', pipe]);
    t.after(() => writer.kill());
    for (const flag of ["--cacert", "--user-file", "--config"]) {
      const message = `${flag}: cannot read ${JSON.stringify(pipe)}: it is not a regular file`;
      assert.throws(() => serveFlags(flag, pipe), { message });
    }
    assert.throws(() => serveFlags("--cacert", folder), /it is not a regular file/);
    const watch = new FileWatch([pipe], () => {});
    watch.close();
    await symlink(pem, link);
    assert.ok(gatewayFlags("--cacert", link).tls?.ca);
  });

  it("take whose rights requests have, and the user of a file", async () => {
    const user = join(folder, "user");
    await writeFile(user, "root:a:b \n");
    const { access } = gatewayFlags("--act-as", "gateway", "--user-file", user);
    assert.deepEqual(access, { actAs: "gateway", credentials: { user: "root", password: "a:b " } });
    assert.throws(() => serveFlags("--act-as", "root"), FlagError);
    assert.throws(() => serveFlags("--user-file", `${user}.missing`), /cannot read/);
    for (const bad of ["root", ":pw", "root:", "root:pw\nmore", ""]) {
      await writeFile(user, bad);
      assert.throws(
        () => serveFlags("--user-file", user),
        ({ message }: Error) => /expected one line NAME:PASSWORD/.test(message) && !message.includes("pw"),
      );
    }
  });

  it("take what is exposed", () => {
    assert.equal(gatewayFlags("--expose", "all").access?.expose, "all");
    assert.equal(gatewayFlags("--expose", "read-only").access?.expose, "read-only");
    assert.deepEqual(gatewayFlags("--expose", "read-only, etcdserverpb.KV.Put").access?.expose, [
      "read-only",
      "etcdserverpb.KV.Put",
    ]);
  });

  it("take a dialect, or one for each prefix", () => {
    assert.equal(gatewayFlags("--dialect", "v1").dialect, "v1");
    assert.deepEqual(gatewayFlags("--dialect", "/v3=v1,/v3beta=v2").dialect, { "/v3": "v1", "/v3beta": "v2" });
    for (const bad of ["v4", "", "/v3", "/v3=", "v3=v1", "/=v1", "/v3=v1,"]) {
      assert.throws(() => serveFlags("--dialect", bad), FlagError, bad);
    }
  });

  it("take origins and hosts, or all of them", () => {
    assert.equal(gatewayFlags("--cors", "*").browsers?.cors, "*");
    assert.deepEqual(gatewayFlags("--cors", "https://a.example, http://b:81").browsers?.cors, [
      "https://a.example",
      "http://b:81",
    ]);
    assert.equal("browsers" in gatewayFlags("--allowed-hosts", "*"), false);
    assert.deepEqual(gatewayFlags("--allowed-hosts=a.example,::1").browsers?.allowedHosts, ["a.example", "::1"]);
    for (const flag of ["--cors", "--allowed-hosts"]) assert.throws(() => serveFlags(flag, "a,"), FlagError);
  });

  it("take times with their unit", () => {
    const flags = serveFlags("--unary-timeout", "2m", "--connect-timeout=500ms", "--grace", "0", "--heartbeat", "5s");
    const { timeouts, streams } = flags.gateway;
    assert.deepEqual(
      { timeouts, streams },
      { timeouts: { unary: 120_000, connect: 500 }, streams: { heartbeatInterval: 5_000 } },
    );
    assert.equal(flags.server.grace, 0);
    assert.equal(serveFlags("--ping-interval", "10s").server.pingInterval, 10_000);
  });

  it("allow any host where others are meant to reach the server", () => {
    assert.equal("browsers" in gatewayFlags("--listen", "0.0.0.0:80"), false);
    assert.deepEqual(gatewayFlags("--listen", "0.0.0.0:80", "--allowed-hosts", "a.example").browsers?.allowedHosts, [
      "a.example",
    ]);
  });

  it("switch on what is off", () => {
    const { json, access } = gatewayFlags("--strict", "--lenient-trailing", "--unbound-rpcs");
    assert.deepEqual(json, { unknownFields: "reject", trailingData: "ignore" });
    assert.deepEqual(access, { unboundRpcs: true });
  });

  it("take limits and prefixes", () => {
    const limits = ["--max-body", "10", "--max-in-flight=20", "--max-streams", "30", "--max-sign-ins", "4"];
    assert.deepEqual(gatewayFlags(...limits).limits, { maxBody: 10, maxInFlight: 20, maxStreams: 30, maxSignIns: 4 });
    const { json } = gatewayFlags("--text-revocation", "/v3beta,/v3alpha");
    assert.deepEqual(json, { textRevocation: ["/v3beta", "/v3alpha"] });
    assert.equal(serveFlags("--max-connections", "40").server.maxConnections, 40);
    for (const bad of ["v3", "/v3,", "/v3/kv"]) assert.throws(() => serveFlags("--text-revocation", bad), FlagError);
  });

  it("read certificates", () => {
    const flags = serveFlags("--cacert", pem, "--cert", pem, "--key", pem, "--listen-cert", pem, "--listen-key", pem);
    assert.deepEqual(Object.keys(flags.gateway.tls ?? {}).sort(), ["ca", "cert", "key"]);
    assert.match(String(flags.listenTls?.cert), /BEGIN CERTIFICATE/);
    const asking = serveFlags("--listen-cert", pem, "--listen-key", pem, "--trusted-ca-file", pem);
    assert.deepEqual(Object.keys(asking.listenTls ?? {}), ["cert", "key", "ca", "requestCert"]);
  });

  it("name all flags in the help", () => {
    assert.deepEqual(parseFlags(["--help", "--listen", "x"], {}), { command: "help" });
    const named = new Set([...help().matchAll(/(?<=[ ,]--)[a-z-]+/g)].map(([flag]) => flag));
    assert.deepEqual([...named].sort(), Object.keys(FLAGS).sort());
  });

  const mistakes: readonly [readonly string[], RegExp][] = [
    [["--endpoint", "a:1"], /^unknown flag --endpoint: did you mean --endpoints\?$/],
    [["--nonsense"], /^unknown flag --nonsense; see etcd-gateway --help$/],
    [["-x"], /^unknown flag -x; see etcd-gateway --help$/],
    [["--constructor"], /^unknown flag --constructor; see etcd-gateway --help$/],
    [["serve"], /^unexpected argument "serve"; see etcd-gateway --help$/],
    [["--", "serve"], /^unexpected argument "serve"; see etcd-gateway --help$/],
    [["--strict=yes"], /^--strict takes no value$/],
    [["--server-name", "-x"], /^invalid --server-name -x: write --server-name=-x$/],
    [["--max-streams", "-1"], /^invalid --max-streams "-1": expected a number such as 10000$/],
    [["--heartbeat", "-1s"], /^invalid --heartbeat "-1s": expected a time such as 500ms, 30s or 2m$/],
    [["--max-streams=-1"], /^invalid --max-streams "-1": expected a number such as 10000$/],
    [["--listen", "--strict"], /^--listen needs a value: write --listen HOST:PORT$/],
    [["--dialect", "v9"], /^invalid --dialect "v9": expected v1, v2 or PREFIX=NAME\[,...\] such as \/v3=v1$/],
    [["--dialect", "/v3=v9"], /^invalid --dialect "\/v3=v9": expected v1, v2 or PREFIX=NAME/],
    [["--workers", "0"], /^invalid --workers "0": expected 1 to 1024, or auto$/],
    [["--endpoints", "a:1,"], /invalid --endpoints "a:1,": expected a comma-separated list without empty entries/],
    [["--endpoints"], /^--endpoints needs a value: write --endpoints LIST$/],
    [["--cors", "https://a.example, b"], /^invalid --cors "b": expected an origin such as/],
    [["--listen", "8080"], /invalid --listen "8080": expected HOST:PORT/],
    [["--listen", "a:65536"], /invalid --listen "a:65536": expected HOST:PORT; PORT is 0 to 65535$/],
    [["--listen", "::1:80"], /expected HOST:PORT/],
    [["--listen", "*:80"], /expected HOST:PORT; write .* or :8080 for all interfaces/],
    [["--listen", "http://0.0.0.0:80"], /expected HOST:PORT; remove the scheme; to serve HTTPS, use --listen-cert and/],
    [["--listen", "unix:/run/x"], /expected HOST:PORT; Unix sockets are not supported/],
    [["--listen", "[a]:80"], /expected HOST:PORT/],
    [["--listen", "[127.0.0.1]:80"], /expected HOST:PORT/],
    [["--listen", "127.1:80"], /expected HOST:PORT/],
    [["--listen", "256.0.0.1:80"], /expected HOST:PORT/],
    [["--listen", "a b:80"], /expected HOST:PORT/],
    [["--listen", "a/b:80"], /expected HOST:PORT/],
    [["--listen", "a..b:80"], /expected HOST:PORT/],
    [["--max-body", "3MB"], /invalid --max-body "3MB": expected a number of bytes such as/],
    [["--max-body", "0"], /^invalid --max-body 0: expected an integer of 1 or more$/],
    [["--max-in-flight", "many"], /invalid --max-in-flight "many": expected a number such as 1000$/],
    [["--refusals", "400"], /^invalid --refusals "400": expected "message" or "status"$/],
    [["--grace", "10"], /invalid --grace "10": expected a time such as 500ms, 30s or 2m/],
    [["--explorer", "--no-explorer"], /--explorer and --no-explorer cannot be used together/],
    [["--cert", "x"], /--cert requires --key/],
    [["--listen-key", "x"], /--listen-key requires --listen-cert/],
    [["--cacert", "/does/not/exist"], /--cacert: cannot read "\/does\/not\/exist": ENOENT/],
  ];
  for (const [args, message] of mistakes) {
    it(`reject ${args.join(" ")}`, () => {
      assert.throws(
        () => parseFlags(args, {}),
        (error) => error instanceof FlagError && message.test(error.message) && !error.message.includes("\n"),
      );
    });
  }

  it("reject a file that is not PEM", () => {
    assert.throws(() => serveFlags("--cacert", join(folder, "text")), /expected a PEM file/);
  });
});
