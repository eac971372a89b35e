import type { ComponentChildren, JSX } from "preact";
import { sizeText } from "../../parts/size-text.js";
import { LeaseFact } from "../lease/lease-fact.js";
import type { KeyState } from "../store/key-store.js";

interface KeyFactsProps {
  readonly state: KeyState;
  /** The buttons for the key. */
  readonly children: ComponentChildren;
}

/** Shows the metadata of a key. */
export function KeyFacts({ state, children }: KeyFactsProps): JSX.Element {
  return (
    <div class="facts">
      <dl>
        <Fact name="Size" value={sizeText(state.value.length)} />
        <Fact name="Version" value={String(state.version)} hint="The number of writes since the key was created" />
        <Fact name="Changed at" value={String(state.modRevision)} hint="The revision of its last change" />
        <Fact name="Created at" value={String(state.createRevision)} hint="The revision of its creation" />
        {state.lease !== 0n && <LeaseFact id={state.lease} />}
      </dl>
      <div class="buttons">{children}</div>
    </div>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
}

function Fact({ name, value, hint }: FactProps): JSX.Element {
  return (
    <div title={hint}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
