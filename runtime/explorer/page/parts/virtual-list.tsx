import type { HTMLAttributes, JSX } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** The height of a row in pixels. It must equal `--row` in the style sheet. */
const ROW_HEIGHT = 28;

/** How many rows are rendered beyond the visible ones, so that scrolling shows no gap. */
const BEYOND = 8;

/** Attributes of a plain list. A tree has its own roles. */
export const LIST = { role: "list", tabIndex: 0 } as const;

/** Attributes of the rows of a plain list. */
export const LIST_ITEM = { role: "listitem" } as const;

interface VirtualListProps {
  readonly count: number;
  /** The index of the active row. When it changes, the row is scrolled into view. */
  readonly active?: number | undefined;
  readonly row: (index: number) => JSX.Element;
  /** Called when the last row is visible, or almost. */
  readonly onEnd?: (() => void) | undefined;
  /** Attributes of the list's element, such as its role. */
  readonly attributes: HTMLAttributes<HTMLDivElement>;
}

/** A list of rows with equal height. Only the visible rows are in the document, so 100,000 rows cost as much as 40. */
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
