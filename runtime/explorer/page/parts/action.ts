import { useEffect, useMemo, useRef, useState } from "preact/hooks";

/** Something that the user starts, such as a request. */
export interface Action<Inputs extends readonly unknown[]> {
  readonly isRunning: boolean;
  /** Why it failed the last time; `undefined` if it succeeded. */
  readonly error: unknown;
  /** Starts it, unless it is running. */
  readonly run: (...inputs: Inputs) => void;
  /** Forgets why it failed. */
  readonly forget: () => void;
}

/** Makes an action of a function. The action fails if the function rejects. */
export function useAction<Inputs extends readonly unknown[]>(
  act: (...inputs: Inputs) => Promise<void>,
): Action<Inputs> {
  const [error, setError] = useState<unknown>();
  const [isRunning, setRunning] = useState(false);
  // A second click may come before the next rendering.
  const hasBegun = useRef(false);
  async function run(inputs: Inputs): Promise<void> {
    if (hasBegun.current) return;
    hasBegun.current = true;
    setRunning(true);
    setError(undefined);
    try {
      await act(...inputs);
    } catch (error) {
      setError(error);
    } finally {
      hasBegun.current = false;
      setRunning(false);
    }
  }
  return { isRunning, error, run: (...inputs) => void run(inputs), forget: () => setError(undefined) };
}

/** Returns a signal that is aborted when the component is removed. */
export function useLifetime(): AbortSignal {
  const lifetime = useMemo(() => new AbortController(), []);
  useEffect(() => () => lifetime.abort(), [lifetime]);
  return lifetime.signal;
}
