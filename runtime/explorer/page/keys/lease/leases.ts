import { useEffect, useState } from "preact/hooks";
import type { Etcd } from "../../app/bundled-client.js";
import { type Binary, toBinary } from "../../bytes/binary.js";

/** A lease when it was read. */
export interface Lease {
  readonly id: bigint;
  /** The remaining time in seconds. */
  readonly left: number;
  /** The time to live in seconds. */
  readonly granted: number;
  readonly keys: readonly Binary[];
}

/** The leases when they were read. */
export interface Leases {
  /** The first leases. */
  readonly shown: readonly Lease[];
  readonly total: number;
}

/** The maximum number of leases that are shown. Each needs its own request. */
const MOST = 200;

/** How often the leases are read again, in milliseconds. */
const ASK_EVERY = 3000;

/** Reads the leases every few seconds, and when `read` is called. */
export function useLeases(etcd: Etcd): {
  readonly leases: Leases | undefined;
  /** Why they could not be read the last time. */
  readonly error: unknown;
  readonly read: () => void;
} {
  const [leases, setLeases] = useState<Leases>();
  const [error, setError] = useState<unknown>();
  const [reads, setReads] = useState(0);
  const read = (): void => setReads((count) => count + 1);
  useEffect(() => {
    const stop = new AbortController();
    let waiting: ReturnType<typeof setTimeout> | undefined;
    async function ask(): Promise<void> {
      try {
        setLeases(await readLeases(etcd, stop.signal));
        setError(undefined);
      } catch (error) {
        if (!stop.signal.aborted) setError(error);
      }
      if (!stop.signal.aborted) waiting = setTimeout(read, ASK_EVERY);
    }
    void ask();
    return () => {
      stop.abort();
      clearTimeout(waiting);
    };
  }, [etcd, reads]);
  return { leases, error, read };
}

/** The API of etcd 3.2 and earlier lacks `leaseLeases`. The page then has no button for the leases. */
type LeaseClient = Etcd["lease"] & {
  leaseLeases?(
    request: Readonly<Record<string, never>>,
    options: { readonly signal: AbortSignal },
  ): Promise<{ readonly leases: readonly { readonly ID: bigint }[] }>;
};

async function readLeases(etcd: { readonly lease: LeaseClient }, signal: AbortSignal): Promise<Leases> {
  const { leases = [] } = (await etcd.lease.leaseLeases?.({}, { signal })) ?? {};
  const all = await Promise.all(
    leases.slice(0, MOST).map(async ({ ID }) => {
      const { TTL, grantedTTL, keys } = await etcd.lease.leaseTimeToLive({ ID, keys: true }, { signal });
      return { id: ID, left: Number(TTL), granted: Number(grantedTTL), keys: keys.map(toBinary) };
    }),
  );
  // A lease that has expired since the list was read has a negative time.
  const shown = all.filter(({ left }) => left >= 0);
  return { shown, total: leases.length - (all.length - shown.length) };
}
