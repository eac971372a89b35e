import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { parse, parseAllDocuments } from "yaml";
import { FlagError } from "../../runtime/etcd/command/flags/flag-error.js";
import { FLAGS } from "../../runtime/etcd/command/flags/flag-table.js";
import { unknownVariables, variableOf } from "../../runtime/etcd/command/flags/flag-values.js";
import { parseFlags } from "../../runtime/etcd/command/flags/flags.js";
import { at } from "../http/etcd-json.js";
import { snippets } from "../readme/run/snippets.js";

const DEPLOY = new URL("../../examples/deploy/", import.meta.url);
const CLI = "/app/node_modules/etcd-gateway/dist/runtime/etcd/command/cli.js";

const textOf = (file: string): string => readFileSync(new URL(file, DEPLOY), "utf8");

/** Asserts that the command would take these flags and variables, if the files that they name were there. */
function assertUsable(args: readonly string[], env: Readonly<Record<string, string>>): void {
  assert.deepEqual(unknownVariables(env), []);
  const isFile = (name: string): boolean => FLAGS[name]?.value === "FILE";
  const files = new Set(
    Object.keys(FLAGS)
      .filter(isFile)
      .flatMap((name) => [`--${name}`, variableOf(name)]),
  );
  const withoutFiles = args.filter((arg) => !files.has(arg.split("=")[0] ?? ""));
  for (const arg of args) assert.ok((arg.slice(2).split("=")[0] ?? "") in FLAGS, arg);
  const others = Object.fromEntries(Object.entries(env).filter(([name]) => !files.has(name)));
  try {
    assert.equal(parseFlags(withoutFiles, others).command, "serve");
  } catch (error) {
    assert.fail(error instanceof FlagError ? error.message : String(error));
  }
}

/** What is at a path of members, if it is there. */
function maybe(value: unknown, ...path: string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || typeof value !== "object" || value === null) return value;
  return maybe(Object.entries(value).find(([member]) => member === name)?.[1], ...rest);
}

/** The instructions of a Dockerfile: lines that end in a backslash go on. */
function instructions(file: string): readonly (readonly [string, string])[] {
  return textOf(file)
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => [line.split(" ", 1)[0] ?? "", line.slice(line.indexOf(" ") + 1)] as const);
}

describe("the image", () => {
  const steps = instructions("Dockerfile");
  const last = (name: string): string => steps.findLast(([each]) => each === name)?.[1] ?? "";

  it("serves as a user that is not root, with variables that there are", () => {
    assert.match(last("USER"), /^[1-9]\d*:[1-9]\d*$/);
    const variables = steps.filter(([name]) => name === "ENV").map(([, text]) => text.split("="));
    const env = Object.fromEntries(variables.map(([name = "", value = ""]) => [name, value]));
    assertUsable([], env);
    assert.deepEqual(JSON.parse(last("ENTRYPOINT")), ["node", CLI]);
    assert.equal(env["ETCD_GATEWAY_LISTEN"], `:${last("EXPOSE")}`);
  });

  it("asks itself whether it is well, on the port that it serves on", () => {
    const [, command] = /CMD (\[.*\])$/.exec(last("HEALTHCHECK")) ?? [];
    const [node, cli, ...args] = JSON.parse(command ?? "[]");
    assert.deepEqual([node, cli], ["node", CLI]);
    const flags = parseFlags(args, {});
    assert.ok(flags.command === "probe");
    assert.equal(flags.url.port, last("EXPOSE"));
  });

  it("has the project's scripts in its steps", () => {
    const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", DEPLOY), "utf8"));
    const runs = steps.filter(([name]) => name === "RUN").map(([, text]) => text);
    for (const run of runs) {
      const [, script] = /npm run (\S+)/.exec(run) ?? [];
      assert.ok(script === undefined || script in scripts, run);
    }
    assert.equal(runs.length, 3);
  });
});

describe("the compose file", () => {
  const compose: unknown = parse(textOf("compose.yaml"));

  it("starts a gateway that is confined, and that this machine alone reaches", () => {
    const gateway = at(compose, "services", "gateway");
    const env = at(gateway, "environment");
    assert.ok(typeof env === "object" && env !== null);
    assertUsable([], Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])));
    assert.deepEqual(at(gateway, "ports"), ["127.0.0.1:8080:8080"]);
    assert.deepEqual([at(gateway, "read_only"), at(gateway, "cap_drop")], [true, ["ALL"]]);
    assert.ok(at(gateway, "depends_on", 0) === "etcd" && at(compose, "services", "etcd") !== undefined);
    assert.equal(at(env, "ETCD_GATEWAY_ENDPOINTS"), "etcd:2379");
  });
});

for (const { file, kinds } of [
  { file: "kubernetes/deployment.yaml", kinds: ["Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"] },
  { file: "kubernetes/sidecar.yaml", kinds: ["Deployment"] },
]) {
  describe(file, () => {
    const documents: readonly unknown[] = parseAllDocuments(textOf(file)).map((document) => {
      assert.deepEqual(document.errors, []);
      return document.toJS();
    });
    const [deployment] = documents;
    const pod = at(deployment, "spec", "template", "spec");
    const containers = [maybe(pod, "containers"), maybe(pod, "initContainers")].flatMap((each): unknown[] =>
      Array.isArray(each) ? each : [],
    );
    const gateway = containers.find((each) => String(at(each, "image")).startsWith("etcd-gateway:"));

    it("has the kinds of objects that its comment says, in their versions", () => {
      const VERSIONS: Readonly<Record<string, string>> = {
        Deployment: "apps/v1",
        Service: "v1",
        PodDisruptionBudget: "policy/v1",
        NetworkPolicy: "networking.k8s.io/v1",
      };
      assert.deepEqual(
        documents.map((each) => at(each, "kind")),
        kinds,
      );
      for (const each of documents) assert.equal(at(each, "apiVersion"), VERSIONS[String(at(each, "kind"))]);
    });

    it("has selectors that choose its pods", () => {
      const labels = at(deployment, "spec", "template", "metadata", "labels");
      const selectors = documents.map((each) => {
        const spec = at(each, "spec");
        const selector = maybe(spec, "podSelector") ?? maybe(spec, "selector");
        return maybe(selector, "matchLabels") ?? selector;
      });
      for (const selector of selectors) assert.deepEqual(selector, labels);
    });

    it("has flags that there are, and mounts the files that they name", () => {
      const args = at(gateway, "args");
      assert.ok(Array.isArray(args));
      assertUsable(args.map(String), {});
      const mounts = at(gateway, "volumeMounts");
      assert.ok(Array.isArray(mounts));
      const paths = mounts.map((mount) => String(at(mount, "mountPath")));
      const volumes = at(pod, "volumes");
      assert.ok(Array.isArray(volumes));
      assert.deepEqual(
        mounts.map((mount) => at(mount, "name")),
        volumes.map((volume) => at(volume, "name")),
      );
      for (const arg of args.map(String)) {
        const [name = "", value = ""] = arg.slice(2).split("=");
        if (FLAGS[name]?.value === "FILE")
          assert.ok(
            paths.some((path) => value.startsWith(`${path}/`)),
            arg,
          );
      }
    });

    it("confines every container, and says what it needs", () => {
      assert.equal(at(pod, "securityContext", "runAsNonRoot"), true);
      assert.equal(at(pod, "securityContext", "seccompProfile", "type"), "RuntimeDefault");
      assert.equal(at(pod, "automountServiceAccountToken"), false);
      for (const container of containers) {
        const context = at(container, "securityContext");
        assert.equal(at(context, "allowPrivilegeEscalation"), false);
        assert.equal(at(context, "readOnlyRootFilesystem"), true);
        assert.deepEqual(at(context, "capabilities", "drop"), ["ALL"]);
        for (const [kind, what] of [
          ["requests", "cpu"],
          ["requests", "memory"],
          ["limits", "memory"],
        ] as const) {
          assert.match(String(at(container, "resources", kind, what)), /^\d+(m|Mi)$/);
        }
      }
    });

    it("drains before Kubernetes loses patience", () => {
      const flags = parseFlags([], {});
      assert.ok(flags.command === "serve");
      const pause = Number(maybe(gateway, "lifecycle", "preStop", "exec", "command", "1") ?? 0);
      assert.ok(Number(at(pod, "terminationGracePeriodSeconds")) > flags.server.grace / 1_000 + pause);
    });

    it("probes paths that there are, where it serves", () => {
      for (const name of ["startupProbe", "livenessProbe", "readinessProbe"]) {
        const probe = maybe(gateway, name);
        if (probe === undefined) continue;
        const command = maybe(probe, "exec", "command");
        if (Array.isArray(command)) {
          const [node, cli, ...args] = command.map(String);
          assert.deepEqual([node, cli], ["node", CLI]);
          const flags = parseFlags(args, {});
          assert.ok(flags.command === "probe" && flags.url.host === "127.0.0.1:8080");
        } else {
          assert.match(String(at(probe, "httpGet", "path")), /^\/(readyz|livez\?exclude=serializable_read)$/);
          assert.deepEqual([at(probe, "httpGet", "port"), at(probe, "httpGet", "scheme")], ["https", "HTTPS"]);
        }
      }
    });
  });
}

it("the network policy lets in clients and Prometheus, on the port that the gateway serves", () => {
  const [deployment, , , policy] = parseAllDocuments(textOf("kubernetes/deployment.yaml")).map((each) => each.toJS());
  const container = at(deployment, "spec", "template", "spec", "containers", 0);
  const port = at(container, "ports", 0, "containerPort");
  const ports = [{ protocol: "TCP", port }];
  const name = "app.kubernetes.io/name";
  // Both selectors are of one peer: as two, each would let in more than is meant.
  const prometheus = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
    podSelector: { matchLabels: { [name]: "prometheus" } },
  };
  assert.deepEqual(at(policy, "spec", "ingress"), [
    { from: [{ podSelector: { matchLabels: { "etcd-client": "true" } } }], ports },
    { from: [prometheus], ports },
  ]);
  const flags = at(container, "args");
  assert.ok(Array.isArray(flags) && flags.includes(`--listen=:${port}`) && !flags.includes("--no-metrics"));
});

/*
 * The form of the fields, by Envoy's reference of v3:
 * https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto
 */
it("the documented lines for Envoy have the form of its HTTP connection manager, and end no stream", () => {
  const blocks = snippets("docs/deploy.md", "yaml").filter((block) => block.includes("upgrade_configs"));
  assert.equal(blocks.length, 1);
  const manager: unknown = parse(blocks[0] ?? "");
  assert.deepEqual(manager, {
    stream_idle_timeout: "0s",
    upgrade_configs: [{ upgrade_type: "websocket" }],
    route_config: {
      virtual_hosts: [
        {
          name: "etcd",
          domains: ["*"],
          routes: [{ match: { prefix: "/" }, route: { cluster: "etcd_gateway", timeout: "0s" } }],
        },
      ],
    },
  });
});

describe("the systemd unit", () => {
  const unit = textOf("etcd-gateway.service");

  it("runs the file that the package has, and keeps exit code 2 down", () => {
    const { bin } = JSON.parse(readFileSync(new URL("../../package.json", DEPLOY), "utf8"));
    assert.ok(
      unit.includes(`ExecStart=/usr/bin/node /opt/etcd-gateway/node_modules/etcd-gateway/${bin["etcd-gateway"]}\n`),
    );
    assert.match(unit, /^RestartPreventExitStatus=2$/m);
  });

  it("has nothing that systemd-analyze complains of, and exposes little", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "unit-"));
    t.after(() => rm(folder, { recursive: true }));
    const node = join(folder, "node");
    writeFileSync(node, "#!/bin/sh\n");
    chmodSync(node, 0o755);
    mkdirSync(join(folder, "units"));
    const file = join(folder, "units/etcd-gateway.service");
    // What it runs need not be installed on this machine.
    writeFileSync(file, unit.replace("/usr/bin/node", node).replace(/^Documentation=.*\n/m, ""));
    const analyze = promisify(execFile);
    try {
      await analyze("systemd-analyze", ["--version"]);
    } catch {
      t.skip("there is no systemd-analyze");
      return;
    }
    const verified = await analyze("systemd-analyze", ["verify", "--man=no", file]);
    assert.equal(verified.stderr, "");
    const security = await analyze("systemd-analyze", ["security", "--offline=yes", "--threshold=20", file]);
    assert.match(security.stdout, /Overall exposure level/);
  });
});
