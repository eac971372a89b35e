import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app/app-context.js";
import { ErrorNote } from "../app/error-note.js";
import { errorText } from "../app/error-text.js";
import type { Binary } from "../bytes/binary.js";
import { Button, IconButton } from "../parts/button.js";
import { Empty, Loading } from "../parts/note.js";
import { NewKeyDialog } from "./key/new-key-dialog.js";
import { LeasesDialog } from "./lease/leases-dialog.js";
import { ImportDialog } from "./prefix/import-dialog.js";
import { PrefixDialog } from "./prefix/prefix-dialog.js";
import { SearchPane } from "./search/search-pane.js";
import type { Keyspace } from "./tree/keyspace.js";
import { ReadableRanges } from "./tree/readable-ranges.js";
import { Tree } from "./tree/tree.js";
import type { TreeScope } from "./tree/tree-scope.js";
import { TreeScopeForm } from "./tree/tree-scope-form.js";

interface TreePaneProps {
  readonly keyspace: Keyspace;
  readonly scope: TreeScope;
  readonly chosen: Binary | undefined;
  readonly onScope: (scope: TreeScope) => void;
  readonly onReload: () => void;
  readonly onChoose: (key: Binary) => void;
}

/** The open dialog and, if it has one, its prefix. */
type Opened =
  | { readonly kind: "create" | "prefix"; readonly prefix: Binary }
  | { readonly kind: "import" | "leases" }
  | undefined;

/** Shows the tree of keys, with buttons for actions on many keys. */
export function TreePane({ keyspace, scope, chosen, onScope, onReload, onChoose }: TreePaneProps): JSX.Element {
  const { exposure } = useApp();
  const [opened, setOpened] = useState<Opened>();
  const [isSearching, setSearching] = useState(false);
  const mayWrite = exposure.can("KV_Txn");
  const close = (): void => setOpened(undefined);
  return (
    <section class="pane tree-pane" aria-label="Keys">
      <div class="toolbar">
        <TreeScopeForm scope={scope} onScope={onScope} />
        <IconButton label="Search" icon="search" pressed={isSearching} onClick={() => setSearching(!isSearching)} />
        {mayWrite && (
          <IconButton label="New key" icon="plus" onClick={() => setOpened({ kind: "create", prefix: scope.root })} />
        )}
      </div>
      {isSearching ? (
        <SearchPane keyspace={keyspace} chosen={chosen} onChoose={onChoose} />
      ) : (
        <Keys
          keyspace={keyspace}
          chosen={chosen}
          onReload={onReload}
          onRoot={(root) => onScope({ ...scope, root })}
          onChoose={onChoose}
          onCreate={mayWrite ? () => setOpened({ kind: "create", prefix: scope.root }) : undefined}
          onPrefix={(prefix) => setOpened({ kind: "prefix", prefix })}
        />
      )}
      <footer class="pane-foot">
        <Live keyspace={keyspace} />
        <div class="buttons">
          {exposure.can("Lease_LeaseLeases") && (
            <IconButton label="Leases" icon="clock" onClick={() => setOpened({ kind: "leases" })} />
          )}
          {mayWrite && <IconButton label="Import keys" icon="upload" onClick={() => setOpened({ kind: "import" })} />}
          <IconButton
            label="Export or delete these keys"
            icon="more"
            onClick={() => setOpened({ kind: "prefix", prefix: scope.root })}
          />
          <IconButton label="Reload" icon="refresh" onClick={onReload} />
        </div>
      </footer>
      {opened?.kind === "create" && (
        <NewKeyDialog store={keyspace.store} prefix={opened.prefix} onClose={close} onCreated={onChoose} />
      )}
      {opened?.kind === "prefix" && (
        <PrefixDialog
          store={keyspace.store}
          prefix={opened.prefix}
          onClose={close}
          onCreate={mayWrite ? () => setOpened({ kind: "create", prefix: opened.prefix }) : undefined}
        />
      )}
      {opened?.kind === "import" && <ImportDialog store={keyspace.store} onClose={close} />}
      {opened?.kind === "leases" && <LeasesDialog onClose={close} onChoose={onChoose} />}
    </section>
  );
}

interface KeysProps {
  readonly keyspace: Keyspace;
  readonly chosen: Binary | undefined;
  readonly onReload: () => void;
  readonly onRoot: (root: Binary) => void;
  readonly onChoose: (key: Binary) => void;
  readonly onCreate: (() => void) | undefined;
  readonly onPrefix: (prefix: Binary) => void;
}

function Keys({ keyspace, onReload, onRoot, onCreate, ...tree }: KeysProps): JSX.Element {
  const liveness = keyspace.liveness.value;
  const rows = keyspace.tree.rows.value;
  const error = keyspace.error.value;
  const isLoaded = rows.length > 1 || rows[0]?.kind !== "rest";
  if (error !== undefined && !isLoaded) {
    return (
      <div class="fill">
        <ErrorNote error={error} onRetry={onReload} />
        <ReadableRanges error={error} onRoot={onRoot} />
      </div>
    );
  }
  if (rows.length === 0 && liveness !== "loading") {
    return (
      <Empty icon="keys" title="No keys here">
        <p>Keys appear here as soon as they are written.</p>
        {onCreate !== undefined && <Button kind="main" label="Create a key" icon="plus" onClick={onCreate} />}
      </Empty>
    );
  }
  if (!isLoaded) return <Loading what="Loading keys" />;
  return <Tree keyspace={keyspace} {...tree} />;
}

/** Shows whether the tree is up to date. */
function Live({ keyspace }: { keyspace: Keyspace }): JSX.Element {
  const liveness = keyspace.liveness.value;
  const error = keyspace.error.value;
  const text = { loading: "Loading", live: "Live", lost: "Reconnecting", failed: "Not live" }[liveness];
  return (
    <p class={`live ${liveness}`} title={error === undefined ? undefined : errorText(error).text}>
      <span class="dot" aria-hidden="true" />
      {/* Screen readers read each change of a status. The revision changes too often for that. */}
      <span role="status">{text}</span>
      <span class="dim"> · revision {String(keyspace.revision.value)}</span>
    </p>
  );
}
