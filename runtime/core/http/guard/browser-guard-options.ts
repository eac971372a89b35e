import type { Checked, OptionTable } from "../../options/option.js";
import { listOf, oneOf, text, wordOr } from "../../options/option-kinds.js";

/** The origins whose pages may use the gateway: all of them, or those of a list, such as `https://app.example`. */
export type AllowedOrigins = "*" | readonly string[];

/** Which web pages may use a server. */
export interface BrowserGuardOptions {
  /**
   * The origins whose web pages may use the server: `"*"` for all, or a list such as `["https://app.example"]`. By
   * default, only the server's own origin. Pages of other origins get 403. Cookies, and other credentials that a
   * browser adds by itself, are accepted only from the server's own pages and from origins that you list by name. See
   * docs/access.md.
   */
  readonly cors?: AllowedOrigins;
  /**
   * The hosts that requests may have in their `Host` header, without ports. Requests with another host get 421, unless
   * they come over TLS. By default, any host is allowed.
   */
  readonly allowedHosts?: readonly string[];
}

/** The same options after they are read. */
export type BrowserGuardSettings = Checked<BrowserGuardOptions, "cors" | "allowedHosts">;

const origin = text({
  text: "",
  expected: 'an origin such as "https://app.example"',
  accepts: (given) => serializedOrigin(given) === given && !given.includes("*"),
  advice(given) {
    const origin = serializedOrigin(given);
    return origin === undefined || origin === given ? undefined : `write ${JSON.stringify(origin)}`;
  },
});

const host = text({
  text: "",
  expected: "a host name or an address, without a port",
  accepts: (given) => /^([^:/*\s[\]]+|\[?[\da-f:.]*:[\da-f:.]*:[\da-f:.]*\]?)$/i.test(given),
});

/** The table of these options. */
export const BROWSER_GUARD_OPTIONS: OptionTable<BrowserGuardSettings> = {
  cors: wordOr(
    oneOf(
      'the origins whose web pages may use the server: `"*"` for all, or a list such as `["https://app.example"]`. By default, [only the server\'s own origin](access.md#browsers). Pages of other origins get 403. Cookies, and other credentials that a browser adds by itself, are accepted only from the server\'s own pages and from origins that you list by name',
      "*",
    ),
    listOf({ text: "", expected: "a list of origins" }, origin),
  ),
  allowedHosts: listOf(
    {
      text: "the hosts that requests may have in their `Host` header, without ports. Requests with another host get 421, unless they come over TLS. By default, any host is allowed",
      expected: "a list of at least one host",
      least: 1,
    },
    host,
  ),
};

/** Returns the origin of a URL as browsers write it, or `undefined` if it has none. */
function serializedOrigin(given: string): string | undefined {
  if (!URL.canParse(given)) return undefined;
  const url = new URL(given);
  if (url.host === "") return undefined;
  // By the URL standard, schemes outside the web, such as those of extensions, have no origin.
  return url.origin === "null" ? `${url.protocol}//${url.host}` : url.origin;
}
