import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { parseFlags } from "../../runtime/etcd/command/flags/flags.js";
import type { RunningServer } from "../../runtime/etcd/command/running-server.js";
import { serve } from "../../runtime/etcd/command/serve.js";
import type { DialectName } from "../../runtime/etcd/options/dialect-names.js";
import type { EtcdVersion } from "../etcd-server/etcd-versions.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { corpus } from "./corpus.js";
import { type Difference, differences } from "./differences.js";
import { type Comparison, replay } from "./replay.js";

/**
 * Defines the tests that compare our gateway with that of a server that responds in a dialect. Debian's etcd 3.4 does as
 * the first; its etcd 3.5 as the second, as it is built with the library of etcd 3.6.
 */
export function parityWith(version: EtcdVersion, dialect: DialectName): void {
  describe(`parity with the gateway of Debian's etcd ${version}, dialect ${dialect}`, () => {
    const meant = differences.filter(({ dialects }) => dialects.includes(dialect));
    const shown = new Set<Difference>();
    let reference: EtcdServer;
    let behind: EtcdServer;
    let gateway: RunningServer;
    before(async () => {
      [reference, behind] = await Promise.all([startEtcd({ version }), startEtcd({ version })]);
      const flags = parseFlags(
        ["--endpoints", behind.endpoint, "--listen", "127.0.0.1:0", "--dialect", dialect, "--grace", "1s"],
        {},
      );
      assert.equal(flags.command, "serve");
      gateway = await serve(flags, () => {});
    });
    after(async () => {
      await gateway?.close();
      await Promise.all([reference?.stop(), behind?.stop()]);
    });

    for (const test of corpus.filter(({ dialects }) => dialects.includes(dialect))) {
      it(test.name, async () => {
        for (const comparison of await replay(test, reference.url, gateway.url)) {
          if (isDeepStrictEqual(comparison.etcd, comparison.ours)) continue;
          const reasons = meant.filter((difference) => difference.covers(comparison));
          if (reasons.length === 0) assert.deepEqual(comparison.ours, comparison.etcd, comparison.name);
          assert.equal(reasons.length, 1, `${comparison.name}: ${reasons.map(({ title }) => title).join(" and ")}`);
          for (const reason of reasons) shown.add(reason);
          // One server has done what the other has not: what follows cannot be compared.
          if (isDone(comparison.etcd) !== isDone(comparison.ours)) break;
        }
      });
    }

    it("shows every difference that is meant", () => {
      const unseen = meant.filter((difference) => !shown.has(difference) && difference.byChance !== true);
      assert.deepEqual(
        unseen.map(({ title }) => title),
        [],
      );
    });
  });
}

function isDone({ status }: Comparison["etcd"]): boolean {
  return status >= 200 && status < 300;
}
