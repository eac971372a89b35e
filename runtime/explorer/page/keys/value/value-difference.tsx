import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Difference } from "../../editor/difference.js";
import { obstacle, shownAs, type ValueForm } from "./value-form.js";

interface ValueDifferenceProps {
  readonly label: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Shows the difference of two values, in the most readable form that fits both. */
export function ValueDifference({ label, before, after }: ValueDifferenceProps): JSX.Element {
  const { form, from, to } = useMemo(() => {
    const forms: readonly ValueForm[] = ["json", "text", "hex"];
    const form =
      forms.find((each) => obstacle(before, each) === undefined && obstacle(after, each) === undefined) ?? "hex";
    return { form, from: shownAs(before, form), to: shownAs(after, form) };
  }, [before, after]);
  if (from === to) {
    return <p class="dim">{form === "json" ? "They differ only in white space." : "They are the same."}</p>;
  }
  return <Difference label={label} before={from} after={to} isJson={form === "json"} />;
}
