import { type Browser, chromium } from "playwright-core";
import { isExecutable } from "../is-executable.js";

/** The paths where Debian and similar systems install Chromium. `CHROMIUM` overrides them. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * Starts a headless Chromium with a temporary profile.
 *
 * @throws Error if Chromium is not found. The message says how to install it
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
