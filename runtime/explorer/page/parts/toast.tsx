import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "./icon.js";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: "good" | "bad";
}

/** How long a message is shown, in milliseconds. */
const STAY = 5000;

const toasts = signal<readonly Toast[]>([]);
let count = 0;

/** Shows a short message about a success or a failure. */
export function tell(text: string, kind: Toast["kind"] = "good"): void {
  const toast = { id: count++, text, kind };
  toasts.value = [...toasts.value.slice(-2), toast];
  setTimeout(() => {
    toasts.value = toasts.value.filter(({ id }) => id !== toast.id);
  }, STAY);
}

/** The short messages that are shown now. */
export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status">
      {toasts.value.map(({ id, text, kind }) => (
        <div key={id} class={`toast ${kind}`}>
          <Icon name={kind === "good" ? "check" : "warning"} />
          <span>{text}</span>
        </div>
      ))}
    </div>
  );
}
