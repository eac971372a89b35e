import type { JSX } from "preact";
import { useApp } from "../../app/app-context.js";
import { ErrorNote } from "../../app/error-note.js";
import type { Binary } from "../../bytes/binary.js";
import { useAction } from "../../parts/action.js";
import { Dialog } from "../../parts/dialog.js";
import { Empty, Loading } from "../../parts/note.js";
import { tell } from "../../parts/toast.js";
import { LeaseTable } from "./lease-table.js";
import { useLeases } from "./leases.js";

interface LeasesDialogProps {
  readonly onClose: () => void;
  readonly onChoose: (key: Binary) => void;
}

/** Shows the leases with their remaining time and their keys. */
export function LeasesDialog({ onClose, onChoose }: LeasesDialogProps): JSX.Element {
  const { etcd, exposure } = useApp();
  const { leases, error, read } = useLeases(etcd);
  const revoking = useAction(async (id: bigint) => {
    await etcd.lease.leaseRevoke({ ID: id });
    tell("The lease was revoked and its keys were deleted");
    read();
  });
  return (
    <Dialog title="Leases" onClose={onClose} wide>
      {error !== undefined && <ErrorNote error={error} />}
      {revoking.error !== undefined && <ErrorNote error={revoking.error} />}
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
        <LeaseTable
          leases={leases.shown}
          onChoose={(key) => {
            onClose();
            onChoose(key);
          }}
          onRevoke={exposure.can("Lease_LeaseRevoke") ? revoking.run : undefined}
          isRevoking={revoking.isRunning}
        />
      )}
    </Dialog>
  );
}
