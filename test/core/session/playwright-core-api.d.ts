/*
 * What the tests use of Playwright. Its own types need those of a browser's pages, which would stand in the way of
 * Node.js's everywhere: test/tsconfig.json puts these in their place.
 */

export interface LaunchOptions {
  readonly executablePath: string;
  readonly args: readonly string[];
}

export interface Browser {
  newContext(): Promise<BrowserContext>;
  close(): Promise<void>;
}

export interface BrowserContext {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

export interface Page {
  context(): BrowserContext;
  goto(url: string): Promise<unknown>;
  /** The value of an expression in the page. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Waits until an expression in the page is true. */
  waitForFunction(
    expression: string,
    argument: undefined,
    options: { readonly timeout: number; readonly polling: number },
  ): Promise<unknown>;
}

export const chromium: { launch(options: LaunchOptions): Promise<Browser> };
