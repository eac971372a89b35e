import type { JSX } from "preact";

/** SVG paths on a grid of 16 by 16, drawn with a line width of 1.5. */
const PATHS = {
  keys: "M2 4h5l1.5 2H14v7H2zM5 9.5h6",
  calls: "M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4",
  cluster: "M8 2.2 13.2 5.1v5.8L8 13.8l-5.2-2.9V5.1zM8 8l5-2.8M8 8v5.6M8 8 3 5.2",
  folder: "M2 4.2h4.2l1.5 1.7H14v6.9H2z",
  key: "M4 2.5h5.2L12 5.3v8.2H4zM9 2.6v3h3",
  right: "m6 3.5 4.5 4.5L6 12.5",
  plus: "M8 3v10M3 8h10",
  trash: "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5M7 7v3.5M9 7v3.5",
  search: "M7 11.5A4.5 4.5 0 1 0 7 2.5a4.5 4.5 0 0 0 0 9zM10.3 10.3 14 14",
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3",
  copy: "M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3",
  play: "M4.5 3v10L13 8z",
  stop: "M4 4h8v8H4z",
  close: "m4 4 8 8M12 4l-8 8",
  back: "M10 3.5 5.5 8l4.5 4.5",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6",
  download: "M8 2.5V10M5 7.2 8 10.2l3-3M3 13.5h10",
  upload: "M8 10.2V2.7M5 5.5l3-3 3 3M3 13.5h10",
  user: "M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8zM2.8 13.6c.5-2.4 2.6-3.8 5.2-3.8s4.7 1.4 5.2 3.8",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1",
  moon: "M13.3 9.7A5.6 5.6 0 0 1 6.3 2.7a5.6 5.6 0 1 0 7 7z",
  system: "M2 3h12v8H2zM6 13.5h4M8 11v2.5",
  lock: "M4 7.2h8v6H4zM5.7 7V5.2a2.3 2.3 0 0 1 4.6 0V7",
  warning: "M8 2.5 14.2 13H1.8zM8 6.5v3M8 11.2v.1",
  check: "m3.2 8.4 3.2 3.2 6.4-7",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  leaf: "M3 13 9 7M3.5 9.5C3 5 6.500 3 13 3c0 6.500-2 10-6.500 9.500",
} as const;

/** The name of an icon. */
export type IconName = keyof typeof PATHS;

/** A decorative icon, hidden from assistive technology. The text beside it has the same meaning. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
