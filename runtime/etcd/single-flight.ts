/** Wraps a call so that at most one is in progress. All callers in the meantime share its result. */
export function singleFlight<Result>(call: () => Promise<Result>): () => Promise<Result> {
  let flight: Promise<Result> | undefined;
  return () => {
    flight ??= call().finally(() => {
      flight = undefined;
    });
    return flight;
  };
}
