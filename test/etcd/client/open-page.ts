import type { Browser } from "playwright-core";

/** Opens a page, and returns a function that runs the body of an async function in it. */
export async function openPage(browser: Browser, url: string): Promise<(body: string) => Promise<unknown>> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  return (body) => page.evaluate(`(async () => { ${body} })()`);
}
