import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icon.js";

interface NoteProps {
  readonly kind: "info" | "warning" | "error";
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** Something to know, where it concerns what is beside it. */
export function Note({ kind, title, children }: NoteProps): JSX.Element {
  return (
    <div class={`note ${kind}`} role={kind === "error" ? "alert" : undefined}>
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

/** What is there when nothing is. */
export function Empty({ icon, title, children }: EmptyProps): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** Says that something is on its way. It is seen only if that takes a while. */
export function Loading({ what }: { what: string }): JSX.Element {
  return (
    <div class="loading" role="status">
      <span class="spinner" aria-hidden="true" />
      {what}
    </div>
  );
}
