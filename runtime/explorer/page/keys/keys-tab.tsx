import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useApp } from "../app/app-context.js";
import { goTo, route } from "../app/hash-route.js";
import { session } from "../app/user-session.js";
import type { Binary } from "../bytes/binary.js";
import { escapeBytes, unescapeText } from "../bytes/escape.js";
import { KeyPane } from "./key/key-pane.js";
import { Keyspace } from "./tree/keyspace.js";
import type { TreeScope } from "./tree/tree-scope.js";
import { TreePane } from "./tree-pane.js";

/** Shows the tree of keys and the chosen key. */
export function KeysTab(): JSX.Element {
  const { etcd } = useApp();
  const [scope, setScope] = useState<TreeScope>({ root: "", separator: "/" });
  const [reloads, setReloads] = useState(0);
  const token = session.value?.token;
  const keyspace = useMemo(() => new Keyspace(etcd, scope.root, scope.separator), [etcd, scope, reloads, token]);
  useEffect(() => {
    void keyspace.run();
    return () => keyspace.close();
  }, [keyspace]);
  const chosen = route.value.tab === "keys" || route.value.tab === "" ? keyOf(route.value.chosen) : undefined;
  return (
    <div class={chosen === undefined ? "panes" : "panes has-chosen"}>
      <TreePane
        keyspace={keyspace}
        scope={scope}
        chosen={chosen}
        onScope={setScope}
        onReload={() => setReloads((count) => count + 1)}
        onChoose={(key) => goTo("keys", escapeBytes(key))}
      />
      <KeyPane key={chosen ?? ""} keyspace={keyspace} chosen={chosen} onClose={() => goTo("keys")} />
    </div>
  );
}

/** Returns the key that a route names. */
function keyOf(chosen: string | undefined): Binary | undefined {
  if (chosen === undefined) return undefined;
  try {
    return unescapeText(chosen);
  } catch {
    return undefined;
  }
}
