/*
 * The parts of Playwright that the tests use. Playwright's own types depend on DOM types, which would conflict with
 * those of Node.js in all files. Therefore test/tsconfig.json uses these types instead.
 */

export interface LaunchOptions {
  readonly executablePath: string;
  readonly args: readonly string[];
}

export interface Browser {
  newContext(options?: ContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

export interface ContextOptions {
  readonly colorScheme?: "light" | "dark";
  readonly reducedMotion?: "reduce" | "no-preference";
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly permissions?: readonly string[];
}

export interface BrowserContext {
  /** Runs a script in each page before the page's own scripts. */
  addInitScript(script: { readonly content: string }): Promise<void>;
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

/** Elements of a page. Actions wait for the element, and fail if there are several. */
export interface Locator {
  click(options?: { readonly button?: "left" | "right" }): Promise<void>;
  dblclick(): Promise<void>;
  fill(text: string): Promise<void>;
  press(key: string): Promise<void>;
  check(): Promise<void>;
  focus(): Promise<void>;
  count(): Promise<number>;
  innerText(): Promise<string>;
  inputValue(): Promise<string>;
  isDisabled(): Promise<boolean>;
  setInputFiles(file: { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }): Promise<void>;
  waitFor(options?: { readonly state?: "attached" | "visible" | "hidden" | "detached" }): Promise<void>;
  first(): Locator;
  getByRole(role: string, options?: { readonly name?: string | RegExp; readonly exact?: boolean }): Locator;
  getByText(text: string | RegExp, options?: { readonly exact?: boolean }): Locator;
  locator(selector: string): Locator;
}

export interface Download {
  path(): Promise<string>;
}

/** A request that waits for a decision. */
export interface Route {
  abort(): Promise<void>;
  continue(): Promise<void>;
  fulfill(response: { readonly status: number; readonly json: unknown }): Promise<void>;
}

export interface Page {
  context(): BrowserContext;
  readonly keyboard: {
    press(key: string): Promise<void>;
    insertText(text: string): Promise<void>;
  };
  getByLabel(text: string, options?: { readonly exact?: boolean }): Locator;
  getByRole(role: string, options?: { readonly name?: string | RegExp; readonly exact?: boolean }): Locator;
  getByText(text: string | RegExp, options?: { readonly exact?: boolean }): Locator;
  locator(selector: string): Locator;
  on(event: "request", listener: (request: { url(): string }) => void): void;
  on(event: "pageerror", listener: (error: Error) => void): void;
  on(event: "console", listener: (message: { type(): string; text(): string }) => void): void;
  /** Decides about the requests whose URL matches a pattern. */
  route(url: string, decide: (route: Route) => unknown, options?: { readonly times: number }): Promise<void>;
  unroute(url: string): Promise<void>;
  waitForEvent(event: "download"): Promise<Download>;
  screenshot(options: { readonly path: string }): Promise<unknown>;
  goto(url: string): Promise<unknown>;
  /** Returns the value of an expression in the page. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Waits until an expression in the page is true. */
  waitForFunction(
    expression: string,
    argument: undefined,
    options: { readonly timeout: number; readonly polling: number },
  ): Promise<unknown>;
}

export const chromium: { launch(options: LaunchOptions): Promise<Browser> };
