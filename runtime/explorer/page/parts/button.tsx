import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icon.js";

interface ButtonProps {
  /** The accessible name, which is also shown if there are no children. */
  readonly label: string;
  readonly icon?: IconName;
  readonly kind?: "plain" | "main" | "danger" | "quiet";
  readonly disabled?: boolean;
  /** A tooltip: why the button is disabled, or more detail than the label. */
  readonly hint?: string | undefined;
  readonly pressed?: boolean;
  readonly type?: "button" | "submit";
  readonly onClick?: (() => void) | undefined;
  readonly children?: ComponentChildren;
}

/**
 * A button with text and an optional icon. A dangerous one ignores the second click of a double click, which may be
 * meant for the button that was at its place before.
 */
export function Button({ label, icon, kind = "plain", type = "button", ...rest }: ButtonProps): JSX.Element {
  const { disabled = false, hint, pressed, onClick, children } = rest;
  return (
    <button
      type={type}
      class={`button ${kind}`}
      disabled={disabled}
      title={hint}
      aria-pressed={pressed}
      onClick={({ detail }) => {
        if (kind !== "danger" || detail <= 1) onClick?.();
      }}
    >
      {icon !== undefined && <Icon name={icon} />}
      <span>{children ?? label}</span>
    </button>
  );
}

/** A button with only an icon. Its label is the tooltip and the accessible name. */
export function IconButton({ label, icon, kind = "quiet", ...rest }: ButtonProps & { icon: IconName }): JSX.Element {
  const { disabled = false, hint, pressed, onClick } = rest;
  return (
    <button
      type="button"
      class={`button only-icon ${kind}`}
      disabled={disabled}
      title={hint ?? label}
      aria-label={label}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
