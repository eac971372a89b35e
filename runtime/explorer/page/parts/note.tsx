import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icon.js";

interface NoteProps {
  readonly kind: "info" | "warning" | "error";
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** A notice, shown next to what it is about. */
export function Note({ kind, title, children }: NoteProps): JSX.Element {
  return (
    <div class={`note ${kind}`} role={kind === "info" ? undefined : kind === "error" ? "alert" : "status"}>
      <Icon name={kind === "info" ? "clock" : "warning"} />
      <div>
        <p class="note-title">{title}</p>
        {children}
      </div>
    </div>
  );
}

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** A placeholder for an empty place. */
export function Empty({ icon, title, children }: EmptyProps): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** A loading indicator. It is visible only if loading takes a while. */
export function Loading({ what }: { what: string }): JSX.Element {
  return (
    <div class="loading" role="status">
      <span class="spinner" aria-hidden="true" />
      {what}
    </div>
  );
}
