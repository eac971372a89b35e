import type { Flag } from "./flag.js";
import { FLAG_SECTIONS } from "./flag-table.js";

/** The column in which texts begin, and the maximum width of a line. */
const INDENT = 28;
const WIDTH = 112;

/** Returns the text of `etcd-gateway --help`. */
export function help(): string {
  const sections = Object.entries(FLAG_SECTIONS).map(([title, flags]) => {
    const lines = Object.entries(flags).flatMap(([name, flag]) => linesOf(name, flag));
    return [...(title === "" ? [] : [title]), ...lines].join("\n");
  });
  return `etcd-gateway: serves etcd's HTTP/JSON API

Usage: etcd-gateway --endpoints HOST:PORT[,HOST:PORT...] [--listen HOST:PORT] [flags]

${sections.join("\n\n")}

TIME is a number with a unit: 500ms, 30s, 2m, 1h. LIST is a comma-separated list.
Flags also have environment variables: ETCD_GATEWAY_MAX_STREAMS=500 is --max-streams 500, and
ETCD_GATEWAY_STRICT=true is --strict. The command line takes precedence over the environment, and the environment
over the file of --config.
When the command serves, it prints "etcd-gateway listening on http://HOST:PORT". On SIGTERM and SIGINT, it lets
unary calls finish, ends streams, and exits with 0. A second signal ends it at once.
The command reads certificates, keys and the user file again when they change, and on SIGHUP. Open streams continue.
Exit codes: 0 stopped by one signal, or --help, --version or --probe succeeded; 1 could not serve, ended by a
second signal, or --probe failed; 2 invalid flags.

Examples:
  etcd-gateway --endpoints 10.0.0.1:2379,10.0.0.2:2379,10.0.0.3:2379 --listen :8080 --expose read-only
  etcd-gateway --endpoints https://10.0.0.1:2379 --cacert ca.pem --cors https://app.example --bytes text
`;
}

function linesOf(name: string, { value, text, default: byDefault }: Flag): readonly string[] {
  const head = `  --${name}${value === undefined ? "" : ` ${value}`}`;
  const words = `${plain(text)}${byDefault === undefined ? "" : ` (default ${byDefault})`}`.split(" ");
  const lines: string[] = [];
  let line = head.padEnd(INDENT - 1);
  for (const word of words) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = " ".repeat(INDENT - 1);
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

function plain(text: string): string {
  return withoutLinks(text).replaceAll("`", "");
}

/** Returns Markdown without its links: of most, the text stays, but not of those that only refer to another page. */
export function withoutLinks(markdown: string): string {
  return markdown.replace(/[:,]? see \[[^\]]*\]\([^)]*\)/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}
