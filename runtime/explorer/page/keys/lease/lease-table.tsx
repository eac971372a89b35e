import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Binary } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { Button } from "../../parts/button.js";
import { durationText } from "./duration-text.js";
import type { Lease } from "./leases.js";

interface LeaseTableProps {
  readonly leases: readonly Lease[];
  readonly onChoose: (key: Binary) => void;
  /** Revokes a lease, after the user has confirmed it; `undefined` if the user cannot. */
  readonly onRevoke: ((id: bigint) => void) | undefined;
  /** Whether a lease is being revoked. */
  readonly isRevoking: boolean;
}

/** A table of leases. */
export function LeaseTable({ leases, onChoose, onRevoke, isRevoking }: LeaseTableProps): JSX.Element {
  const [revoking, setRevoking] = useState<bigint>();
  return (
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
          {leases.map((lease) => (
            <LeaseRow key={String(lease.id)} lease={lease} onChoose={onChoose}>
              {onRevoke !== undefined &&
                (revoking === lease.id ? (
                  <Button
                    label={`Revoke and delete ${lease.keys.length} ${lease.keys.length === 1 ? "key" : "keys"}`}
                    kind="danger"
                    disabled={isRevoking}
                    onClick={() => {
                      setRevoking(undefined);
                      onRevoke(lease.id);
                    }}
                  />
                ) : (
                  <Button label="Revoke" onClick={() => setRevoking(lease.id)} />
                ))}
            </LeaseRow>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface LeaseRowProps {
  readonly lease: Lease;
  readonly onChoose: (key: Binary) => void;
  /** The buttons for the lease. */
  readonly children: JSX.Element | false;
}

function LeaseRow({ lease: { id, left, granted, keys }, onChoose, children }: LeaseRowProps): JSX.Element {
  return (
    <tr>
      <td class="mono">{id.toString(16)}</td>
      <td>
        {durationText(left)} <span class="dim">of {durationText(granted)}</span>
        <meter class="meter" min={0} max={granted} value={left} aria-label="Time left" />
      </td>
      <td class="mono">
        {keys.slice(0, 5).map((key) => (
          <button key={key} type="button" class="link" onClick={() => onChoose(key)}>
            {escapeBytes(key)}
          </button>
        ))}
        {keys.length > 5 && <span class="dim">and {keys.length - 5} more</span>}
        {keys.length === 0 && <span class="dim">none</span>}
      </td>
      <td>{children}</td>
    </tr>
  );
}
