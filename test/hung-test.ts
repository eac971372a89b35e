// Ends the process of a test file in which nothing happens any more, and names the test that hangs. run.ts loads this
// module into each of these processes.
import { afterEach, beforeEach } from "node:test";
import { isMainThread } from "node:worker_threads";

const minutes = Number(process.env["TEST_HANG_MINUTES"] ?? 3);

// The threads of a test file load the module, too.
if (isMainThread) {
  /** The tests under way, the innermost last. */
  const names: string[] = [];
  const watchdog = setTimeout(() => {
    const where = names.length > 0 ? names.join(" › ") : "no test is under way";
    console.error(`hangs: no test has begun or ended for ${minutes} minutes (TEST_HANG_MINUTES): ${where}`);
    process.exit(1);
  }, minutes * 60_000).unref();
  beforeEach(({ name }) => {
    names.push(name);
    watchdog.refresh();
  });
  afterEach(({ name }) => {
    names.splice(names.lastIndexOf(name), 1);
    watchdog.refresh();
  });
}
