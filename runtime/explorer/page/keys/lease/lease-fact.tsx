import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../app/app-context.js";
import { durationText } from "./duration-text.js";

/** How often etcd is asked again, in milliseconds: somebody may keep the lease alive. */
const ASK_EVERY = 5000;

/** The time that a lease has left, as of a moment. */
interface Remaining {
  readonly seconds: number;
  readonly asOf: number;
}

/** The time that the lease of a key has left, counted down. */
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
        // The next question may be answered. What is shown counts down meanwhile.
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
