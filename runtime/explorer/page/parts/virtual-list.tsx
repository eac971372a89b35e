import type { HTMLAttributes, JSX } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** How high a row is, in pixels: `--row` in the style. */
const ROW_HEIGHT = 28;

/** How many rows beyond those in sight are there, so that scrolling shows no gap. */
const BEYOND = 8;

/** What a list of rows is that has no roles of its own, and what its rows are. */
export const LIST = { role: "list", tabIndex: 0 } as const;
export const LIST_ITEM = { role: "listitem" } as const;

interface VirtualListProps {
  readonly count: number;
  /** The row to keep in sight, when it changes. */
  readonly active?: number | undefined;
  readonly row: (index: number) => JSX.Element;
  /** The last row is in sight, or almost. */
  readonly onEnd?: (() => void) | undefined;
  /** What it is for those who do not see: a tree has its own roles. */
  readonly attributes: HTMLAttributes<HTMLDivElement>;
}

/** A list of rows of one height, of which only those in sight are in the document: 100,000 cost what 40 do. */
export function VirtualList({ count, active, row, onEnd, attributes }: VirtualListProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const look = useCallback(() => {
    const element = list.current;
    if (element === null) return;
    const { scrollTop, clientHeight } = element;
    setView((before) =>
      before.top === scrollTop && before.height === clientHeight ? before : { top: scrollTop, height: clientHeight },
    );
  }, []);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [look]);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || active === undefined || active < 0) return;
    const top = active * ROW_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_HEIGHT > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + ROW_HEIGHT - element.clientHeight;
    }
  }, [active]);
  const first = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - BEYOND);
  const last = Math.min(count, Math.ceil((view.top + view.height) / ROW_HEIGHT) + BEYOND);
  const isAtEnd = last >= count;
  useEffect(() => {
    if (isAtEnd) onEnd?.();
  }, [isAtEnd, count, onEnd]);
  return (
    <div {...attributes} ref={list} class="rows" onScroll={look}>
      <div style={{ height: `${count * ROW_HEIGHT}px` }} role="presentation">
        <div style={{ transform: `translateY(${first * ROW_HEIGHT}px)` }} role="presentation">
          {Array.from({ length: Math.max(0, last - first) }, (_, i) => row(first + i))}
        </div>
      </div>
    </div>
  );
}
