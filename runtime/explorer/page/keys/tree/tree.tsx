import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { errorText } from "../../app/error-text.js";
import type { Binary } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { Icon } from "../../parts/icon.js";
import { VirtualList } from "../../parts/virtual-list.js";
import type { Row } from "./key-tree.js";
import type { Keyspace } from "./keyspace.js";

interface TreeProps {
  readonly keyspace: Keyspace;
  readonly chosen: Binary | undefined;
  readonly onChoose: (key: Binary) => void;
  readonly onPrefix: (prefix: Binary) => void;
}

/** Returns the id of a row. It includes the kind, since a key may have the same name as a folder's prefix. */
function idOf(row: Row): string {
  return `${row.kind} ${row.entry}`;
}

/**
 * A tree that follows the WAI-ARIA pattern: one element has the focus, and names the active row.
 *
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/treeview/
 */
export function Tree({ keyspace, chosen, onChoose, onPrefix }: TreeProps): JSX.Element {
  const { tree } = keyspace;
  const rows = tree.rows.value;
  const glowing = keyspace.glowing.value;
  const [active, setActive] = useState<string>();
  useEffect(() => {
    if (chosen === undefined) return;
    tree.reveal(chosen);
    setActive(`key ${chosen}`);
  }, [tree, chosen]);
  const at = active === undefined ? -1 : rows.findIndex((row) => idOf(row) === active);

  function act(row: Row): void {
    setActive(idOf(row));
    if (row.kind === "key") onChoose(row.entry);
    else if (row.kind === "folder") tree.toggle(row.entry);
    else tree.more(row.entry);
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLDivElement>): void {
    const row = rows[at];
    const target = targetOf(event.key, rows, at);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target !== undefined) {
      const next = rows[target];
      if (next !== undefined) setActive(idOf(next));
    } else if (event.key === "Enter" || event.key === " ") {
      if (row !== undefined) act(row);
    } else if (event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")) {
      if (row?.kind === "folder") onPrefix(row.entry);
    } else if ((event.key === "ArrowRight" || event.key === "ArrowLeft") && row?.kind === "folder") {
      tree.toggle(row.entry, event.key === "ArrowRight");
    } else return;
    event.preventDefault();
  }

  const last = rows.at(-1);
  return (
    <VirtualList
      count={rows.length}
      active={at}
      onEnd={last?.kind === "rest" && last.error === undefined ? () => tree.more(last.entry) : undefined}
      attributes={{
        role: "tree",
        tabIndex: 0,
        "aria-label": "Keys",
        ...(at >= 0 && { "aria-activedescendant": `row-${at}` }),
        onKeyDown,
      }}
      row={(index) => {
        const row = rows[index];
        if (row === undefined) return <div key={index} />;
        const isKey = row.kind === "key";
        const states = { isActive: index === at, isChosen: isKey && row.entry === chosen };
        const isGlowing = isKey && glowing.has(row.entry);
        return <TreeRow key={idOf(row)} {...{ row, index, ...states, isGlowing, onPrefix }} onAct={() => act(row)} />;
      }}
    />
  );
}

interface TreeRowProps {
  readonly row: Row;
  readonly index: number;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly isGlowing: boolean;
  readonly onAct: () => void;
  readonly onPrefix: (prefix: Binary) => void;
}

function TreeRow({ row, index, isActive, isChosen, isGlowing, onAct, onPrefix }: TreeRowProps): JSX.Element {
  const states = [row.kind, isActive && "active", isChosen && "chosen", isGlowing && "glowing"]
    .filter(Boolean)
    .join(" ");
  const shared = {
    id: `row-${index}`,
    class: `row ${states}`,
    style: { paddingLeft: `${8 + row.depth * 16}px` },
    role: "treeitem",
    // Rows are not in the tab order, since the tree has the focus.
    tabIndex: -1,
    "aria-level": row.depth + 1,
    "aria-selected": isChosen,
    onClick: onAct,
  } as const;
  if (row.kind === "rest") {
    const text = row.error === undefined ? (row.isLoading ? "Loading more" : "More") : errorText(row.error).text;
    return <div {...shared}>{text}</div>;
  }
  const name = row.name === "" ? "(the prefix itself)" : escapeBytes(row.name);
  if (row.kind === "key") {
    return (
      <div {...shared} title={escapeBytes(row.entry)}>
        <Icon name="key" />
        <span class="name">{name}</span>
      </div>
    );
  }
  return (
    <div {...shared} role="treeitem" tabIndex={-1} aria-expanded={row.isOpen} title={escapeBytes(row.entry)}>
      <span class={row.isOpen ? "arrow open" : "arrow"}>
        <Icon name="right" />
      </span>
      <span class="name">{name}</span>
      {row.count !== undefined && <span class="count">{row.count.toLocaleString("en")}</span>}
      <button
        type="button"
        class="row-menu"
        tabIndex={-1}
        aria-label={`Create, export or delete in ${name}`}
        onClick={(event) => {
          event.stopPropagation();
          onPrefix(row.entry);
        }}
      >
        <Icon name="more" />
      </button>
    </div>
  );
}

/** Returns the index of the row that a keyboard key moves to; `undefined` if it does not move. */
function targetOf(key: string, rows: readonly Row[], at: number): number | undefined {
  const row = rows[at];
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, rows.length - 1);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "Home":
      return 0;
    case "End":
      return rows.length - 1;
    case "PageDown":
      return Math.min(at + 20, rows.length - 1);
    case "PageUp":
      return Math.max(at - 20, 0);
    case "ArrowRight":
      return row?.kind === "folder" && row.isOpen ? Math.min(at + 1, rows.length - 1) : undefined;
    case "ArrowLeft": {
      if (row === undefined || (row.kind === "folder" && row.isOpen)) return undefined;
      for (let parent = at - 1; parent >= 0; parent--) {
        if ((rows[parent]?.depth ?? 0) < row.depth) return parent;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}
