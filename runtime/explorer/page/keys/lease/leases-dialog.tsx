import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../app/app-context.js";
import type { Etcd } from "../../app/bundled-client.js";
import { ErrorNote } from "../../app/error-note.js";
import { type Binary, toBinary } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Empty, Loading } from "../../parts/note.js";
import { tell } from "../../parts/toast.js";
import { durationText } from "./duration-text.js";

interface LeasesDialogProps {
  readonly onClose: () => void;
  readonly onChoose: (key: Binary) => void;
}

/** A lease when it was read. */
interface Lease {
  readonly id: bigint;
  /** The remaining time in seconds. */
  readonly left: number;
  readonly granted: number;
  readonly keys: readonly Binary[];
}

/** The maximum number of leases that are shown. Each needs its own request. */
const MOST = 200;

/** How often the leases are read again, in milliseconds. */
const ASK_EVERY = 3000;

/** Shows the leases with their remaining time and their keys. */
export function LeasesDialog({ onClose, onChoose }: LeasesDialogProps): JSX.Element {
  const { etcd, exposure } = useApp();
  const [leases, setLeases] = useState<{ readonly shown: readonly Lease[]; readonly total: number }>();
  const [error, setError] = useState<unknown>();
  const [revoking, setRevoking] = useState<bigint>();
  const [asks, setAsks] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    let waiting: ReturnType<typeof setTimeout> | undefined;
    readLeases(etcd, stop.signal)
      .then(
        (found) => {
          setLeases(found);
          setError(undefined);
        },
        (error: unknown) => {
          if (!stop.signal.aborted) setError(error);
        },
      )
      .finally(() => {
        waiting = setTimeout(() => setAsks((count) => count + 1), ASK_EVERY);
      });
    return () => {
      stop.abort();
      clearTimeout(waiting);
    };
  }, [etcd, asks]);

  async function revoke(id: bigint): Promise<void> {
    try {
      await etcd.lease.leaseRevoke({ ID: id });
      tell("The lease was revoked and its keys were deleted");
      setAsks((count) => count + 1);
    } catch (error) {
      setError(error);
    } finally {
      setRevoking(undefined);
    }
  }

  return (
    <Dialog title="Leases" onClose={onClose} wide>
      {error !== undefined && <ErrorNote error={error} />}
      {leases === undefined && error === undefined && <Loading what="Loading the leases" />}
      {leases?.total === 0 && (
        <Empty icon="clock" title="No leases">
          <p>A key with a time to live is attached to one.</p>
        </Empty>
      )}
      {leases !== undefined && leases.total > leases.shown.length && (
        <p class="dim">
          The first {leases.shown.length} of {leases.total}.
        </p>
      )}
      {leases !== undefined && leases.total > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable with the keyboard.
        <section class="table-box" tabIndex={0} aria-label="Leases">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Lease</th>
                <th scope="col">Time left</th>
                <th scope="col">Keys</th>
                <th scope="col">
                  <span class="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {leases.shown.map(({ id, left, granted, keys }) => (
                <tr key={String(id)}>
                  <td class="mono">{id.toString(16)}</td>
                  <td>
                    {durationText(left)} <span class="dim">of {durationText(granted)}</span>
                    <meter class="meter" min={0} max={granted} value={left} aria-label="Time left" />
                  </td>
                  <td class="mono">
                    {keys.slice(0, 5).map((key) => (
                      <button
                        key={key}
                        type="button"
                        class="link"
                        onClick={() => {
                          onClose();
                          onChoose(key);
                        }}
                      >
                        {escapeBytes(key)}
                      </button>
                    ))}
                    {keys.length > 5 && <span class="dim">and {keys.length - 5} more</span>}
                    {keys.length === 0 && <span class="dim">none</span>}
                  </td>
                  <td>
                    {exposure.can("Lease_LeaseRevoke") &&
                      (revoking === id ? (
                        <Button
                          label={`Revoke and delete ${keys.length} ${keys.length === 1 ? "key" : "keys"}`}
                          kind="danger"
                          onClick={() => void revoke(id)}
                        />
                      ) : (
                        <Button label="Revoke" onClick={() => setRevoking(id)} />
                      ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Dialog>
  );
}

/** The API of etcd 3.2 and earlier lacks `leaseLeases`. The page then has no button for this dialog. */
type LeaseClient = Etcd["lease"] & {
  leaseLeases?(
    request: Readonly<Record<string, never>>,
    options: { readonly signal: AbortSignal },
  ): Promise<{ readonly leases: readonly { readonly ID: bigint }[] }>;
};

async function readLeases(
  etcd: { readonly lease: LeaseClient },
  signal: AbortSignal,
): Promise<{ readonly shown: readonly Lease[]; readonly total: number }> {
  const { leases = [] } = (await etcd.lease.leaseLeases?.({}, { signal })) ?? {};
  const shown = await Promise.all(
    leases.slice(0, MOST).map(async ({ ID }) => {
      const { TTL, grantedTTL, keys } = await etcd.lease.leaseTimeToLive({ ID, keys: true }, { signal });
      return { id: ID, left: Number(TTL), granted: Number(grantedTTL), keys: keys.map(toBinary) };
    }),
  );
  // A lease that has expired since the list was read has a negative time.
  return { shown: shown.filter(({ left }) => left >= 0), total: leases.length };
}
