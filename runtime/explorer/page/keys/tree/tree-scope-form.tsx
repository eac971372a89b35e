import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { escapeBytes, unescapeText } from "../../bytes/escape.js";
import type { TreeScope } from "./tree-scope.js";

interface TreeScopeFormProps {
  readonly scope: TreeScope;
  readonly onScope: (scope: TreeScope) => void;
}

/** A form for the prefix and the separator of the shown keys. */
export function TreeScopeForm({ scope, onScope }: TreeScopeFormProps): JSX.Element {
  const [root, setRoot] = useState("");
  const [separator, setSeparator] = useState("");
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    setRoot(escapeBytes(scope.root));
    setSeparator(escapeBytes(scope.separator));
  }, [scope]);
  function apply(): void {
    try {
      const chosen = { root: unescapeText(root), separator: unescapeText(separator) };
      setProblem(undefined);
      if (chosen.root !== scope.root || chosen.separator !== scope.separator) onScope(chosen);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }
  function onKeyDown({ key }: KeyboardEvent): void {
    if (key === "Enter") apply();
  }
  return (
    <div class="tree-scope">
      <input
        class="input mono"
        aria-label="Prefix of the keys to show"
        placeholder="All keys"
        title={problem ?? "Only keys with this prefix. Enter applies it."}
        aria-invalid={problem !== undefined}
        spellcheck={false}
        autocomplete="off"
        value={root}
        onInput={({ currentTarget }) => setRoot(currentTarget.value)}
        onBlur={apply}
        onKeyDown={onKeyDown}
      />
      <input
        class="input mono separator"
        aria-label="Separator of folders"
        title="The separator ends the name of a folder. Leave it empty for a flat list."
        spellcheck={false}
        autocomplete="off"
        value={separator}
        onInput={({ currentTarget }) => setSeparator(currentTarget.value)}
        onBlur={apply}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
