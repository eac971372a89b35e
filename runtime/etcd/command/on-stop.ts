/**
 * Calls a function when a signal asks this process to stop, and then exits. A second signal means that the user does not
 * want to wait any longer.
 *
 * @param fail exits because the function has rejected
 */
export function onStop(close: () => Promise<void>, fail: (error: unknown) => never): void {
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) process.exit(1);
    isStopping = true;
    await close().catch(fail);
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}
