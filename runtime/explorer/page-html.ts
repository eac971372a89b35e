/** The configuration that the server gives to the page's script. */
export interface PageConfig {
  /** The URL of the API, relative to the page. */
  readonly baseUrl: string;
  /** The URL of the API's description, relative to the page. */
  readonly description: string;
  readonly title?: string;
  readonly tabs?: readonly string[];
  readonly exposed?: readonly string[];
}

/** The paths of the page's files, relative to the page. */
export interface PagePaths {
  readonly script: string;
  readonly style: string;
  readonly icon: string;
}

/**
 * The page may run its own script, use its own style and icon, and connect to its own origin. Even if the page has a
 * bug, text that it shows cannot become script.
 *
 * @see https://www.w3.org/TR/CSP3/
 */
export const CONTENT_SECURITY_POLICY: string = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** Returns the page's HTML. The configuration is embedded as data, which browsers do not run. */
export function pageHtml(config: PageConfig, { script, style, icon }: PagePaths): string {
  const title = escaped(config.title ?? "API explorer");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${icon}" type="image/svg+xml">
<link rel="stylesheet" href="${style}">
<script type="application/json" id="config">${JSON.stringify(config).replaceAll("<", "\\u003c")}</script>
<script type="module" src="${script}"></script>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
