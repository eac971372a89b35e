/** Makes a call whose result is shared by all who ask for it while it is under way, so that at most one is. */
export function singleFlight<Result>(call: () => Promise<Result>): () => Promise<Result> {
  let flight: Promise<Result> | undefined;
  return () => {
    flight ??= call().finally(() => {
      flight = undefined;
    });
    return flight;
  };
}
