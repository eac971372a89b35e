import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Debian and its like install Chromium; `CHROMIUM` names another place. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * Starts a Chromium without a window, with a profile of its own that is thrown away.
 *
 * @throws Error if there is none; it says how to get one
 */
export function startChromium(): Promise<Browser> {
  const places = process.env["CHROMIUM"] === undefined ? PLACES : [process.env["CHROMIUM"]];
  const executablePath = places.find(isExecutable);
  if (executablePath === undefined) {
    throw new Error(
      `no Chromium at ${places.join(", ")}: install it (apt-get install chromium), or name it in CHROMIUM`,
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
