import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../app/app-context.js";
import { durationText } from "./duration-text.js";

/** How often the lease is read again, in milliseconds. A client may keep it alive. */
const ASK_EVERY = 5000;

/** The remaining time of a lease, and when it was read. */
interface Remaining {
  readonly seconds: number;
  readonly asOf: number;
}

/** Shows the remaining time of a key's lease as a countdown. */
export function LeaseFact({ id }: { id: bigint }): JSX.Element {
  const { etcd, exposure } = useApp();
  const [remaining, setRemaining] = useState<Remaining>();
  const [, setTick] = useState(0);
  const isKnown = exposure.can("Lease_LeaseTimeToLive");
  useEffect(() => {
    const stop = new AbortController();
    async function ask(): Promise<void> {
      try {
        const { TTL } = await etcd.lease.leaseTimeToLive({ ID: id }, { signal: stop.signal });
        setRemaining({ seconds: Number(TTL), asOf: Date.now() });
      } catch {
        // The next request may succeed. The countdown goes on in the meantime.
      }
    }
    if (isKnown) void ask();
    const asking = setInterval(() => isKnown && !document.hidden && void ask(), ASK_EVERY);
    const ticking = setInterval(() => setTick((count) => count + 1), 1000);
    return () => {
      stop.abort();
      clearInterval(asking);
      clearInterval(ticking);
    };
  }, [etcd, id, isKnown]);
  const left = remaining === undefined ? undefined : remaining.seconds - (Date.now() - remaining.asOf) / 1000;
  return (
    <div title={`Lease ${id}`}>
      <dt>Lease</dt>
      <dd>{left === undefined ? id.toString(16) : left < 0 ? "expired" : `${durationText(left)} left`}</dd>
    </div>
  );
}
