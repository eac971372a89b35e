import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { commandMetrics } from "../../runtime/etcd/command/handlers/command-metrics.js";

/** A metric's labels; those of a histogram's buckets have `le` too. */
type Labels = ReadonlyMap<string, ReadonlySet<string>>;

/** What Prometheus adds to every sample. */
const ADDED = ["instance", "job"];

function read(file: string): string {
  return readFileSync(new URL(`../../docs/${file}`, import.meta.url), "utf8");
}

/** All series that the command exports, with the names of their labels. */
async function series(): Promise<Labels> {
  const { registry } = commandMetrics();
  const found = new Map<string, Set<string>>();
  for (const { name } of await registry.getMetricsAsJSON()) {
    const metric: unknown = registry.getSingleMetric(name);
    const labelNames: unknown = typeof metric === "object" && metric !== null ? Reflect.get(metric, "labelNames") : [];
    assert.ok(Array.isArray(labelNames), name);
    const labels = new Set([...labelNames.map(String), ...ADDED]);
    const isHistogram = name.startsWith("etcd_gateway_") && name.endsWith("_seconds");
    if (!isHistogram) found.set(name, labels);
    else for (const suffix of ["_bucket", "_sum", "_count"]) found.set(name + suffix, new Set([...labels, "le"]));
  }
  return found;
}

/** Checks that an expression names only series and labels that there are. */
function check(expression: string, known: Labels): void {
  const plain = expression.replace(/"[^"]*"/g, '""');
  const groups = [...plain.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, by = ""]) => by.split(/,\s*/));
  const selectors = [...plain.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, name = "", pairs = ""]) =>
    [...pairs.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => ({ name, label })),
  );
  const bare = plain.replace(/\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)/g, " ");
  const names = [...bare.matchAll(/[a-z]\w*_\w+/g)]
    .map(([name]) => name)
    .filter((name) => name !== "histogram_quantile");
  assert.ok(names.length > 0, expression);
  for (const name of names) assert.ok(known.has(name), `there is no ${name}: ${expression}`);
  for (const { name, label } of selectors) assert.ok(known.get(name)?.has(label), `${name} has no label ${label}`);
  for (const name of names) {
    for (const label of groups) assert.ok(known.get(name)?.has(label), `${name} has no label ${label}: ${expression}`);
  }
}

describe("what monitors the gateway", () => {
  it("is a dashboard of series and labels that there are", async () => {
    const known = await series();
    const dashboard: {
      panels: { title: string; targets: { expr: string; legendFormat: string }[] }[];
      templating: unknown;
    } = JSON.parse(read("monitoring/grafana-dashboard.json"));
    assert.ok(dashboard.panels.length > 10);
    for (const { targets } of dashboard.panels) for (const { expr } of targets) check(expr, known);
    const all = JSON.stringify(dashboard);
    for (const name of known.keys()) {
      const base = name.replace(/_(bucket|sum|count)$/, "");
      if (base.startsWith("etcd_gateway_")) assert.ok(all.includes(base), `${base} is not on the dashboard`);
    }
  });

  it("is a list of alerts on series and labels that there are", async () => {
    const known = await series();
    const { groups }: { groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[] } =
      parse(read("monitoring/alerts.yaml"));
    const rules = groups.flatMap((group) => group.rules);
    assert.ok(rules.length > 4);
    for (const { alert, expr, annotations } of rules) {
      assert.match(alert, /^EtcdGateway\w+$/);
      check(expr, known);
      for (const [, label = ""] of annotations.summary.matchAll(/\$labels\.(\w+)/g)) {
        assert.ok(expr.includes(label) || ADDED.includes(label), `${alert}: ${label}`);
      }
    }
  });

  it("is scraped where the command serves its metrics", () => {
    const [, text = ""] = /^```yaml\n(scrape_configs:.*?)^```$/ms.exec(read("observability.md")) ?? [];
    const { scrape_configs: jobs }: { scrape_configs: { metrics_path: string; static_configs: unknown[] }[] } =
      parse(text);
    assert.equal(jobs.length, 1);
    for (const { metrics_path: path } of jobs)
      assert.ok(text.length > 0 && read("command.md").includes(`| \`${path}\` |`));
  });

  it("is told of in the documentation: each metric with its type and labels, and no other", async () => {
    const { registry } = commandMetrics();
    const expected = new Map<string, string>();
    for (const { name, type } of await registry.getMetricsAsJSON()) {
      if (!name.startsWith("etcd_gateway_")) continue;
      const labelNames: unknown = Reflect.get(registry.getSingleMetric(name) ?? {}, "labelNames");
      assert.ok(Array.isArray(labelNames));
      expected.set(name, `${String(type)} ${labelNames.map((label) => `\`${label}\``).join(", ")}`);
    }
    const rows = [...read("observability.md").matchAll(/^\| `(etcd_gateway_\w+)` \| (\w+) \| ([^|]*) \|/gm)];
    const documented = new Map(rows.map(([, name = "", type = "", labels = ""]) => [name, `${type} ${labels}`]));
    assert.deepEqual([...documented].sort(), [...expected].sort());
  });
});
