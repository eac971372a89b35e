import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CLOSE_GRACE, type Option } from "@etcd-gateway/runtime/options";
import { OptionalGroup, OptionGroup, pathsOf } from "../../../runtime/core/options/option-group.js";
import { FLAG_SECTIONS, FLAGS } from "../../../runtime/etcd/command/flags/flag-table.js";
import { ETCD_GATEWAY_OPTIONS } from "../../../runtime/etcd/options/etcd-gateway-settings.js";
import { commentedOptions } from "./commented-options.js";
import { figureTable } from "./figures.js";
import { OPTION_INTERFACES } from "./option-interfaces.js";

const CLIENT = "runtime/etcd/client/etcd-client.ts";
const CHANNEL = "runtime/client/channel/channel-options.ts";
const CLIENT_IN_PROCESS = "runtime/core/call/client-options.ts";
const EXPLORER = "runtime/explorer/explorer-options.ts";

/** The tables in the documentation, with what makes them. */
const TABLES: readonly { readonly page: string; readonly name: string; readonly make: () => string }[] = [
  ...OPTION_INTERFACES.map(({ of, table }) => {
    return { page: "docs/options.md", name: `options of ${of}`, make: () => optionTables(table) };
  }),
  { page: "docs/options.md", name: "options of close", make: () => optionTables({ grace: CLOSE_GRACE }) },
  { page: "docs/http-client.md", name: "options of etcdClient", make: () => commentTable(CLIENT, "EtcdClientOptions") },
  { page: "docs/http-client.md", name: "options of a call", make: () => commentTable(CHANNEL, "CallOptions") },
  {
    page: "docs/mounting.md",
    name: "options of a call",
    make: () => commentTable(CLIENT_IN_PROCESS, "ClientCallOptions"),
  },
  { page: "docs/explorer.md", name: "options of explorer", make: () => commentTable(EXPLORER, "ExplorerOptions") },
  { page: "docs/command.md", name: "flags", make: flagTable },
  { page: "docs/command.md", name: "options without a flag", make: tableWithoutFlags },
  { page: "README.md", name: "figures", make: figureTable },
];

/** A page as it is, and as it should be. */
export interface Page {
  readonly file: string;
  readonly text: string;
  readonly expected: string;
}

/**
 * The pages with their tables as they should be.
 *
 * @throws Error if a page has no place for them
 */
export function pagesWithOptions(): readonly Page[] {
  return [...new Set(TABLES.map(({ page }) => page))].map((page) => {
    const file = fileURLToPath(new URL(`../../../${page}`, import.meta.url));
    const text = readFileSync(file, "utf8");
    const expected = TABLES.filter((table) => table.page === page).reduce(withTable, text);
    return { file, text, expected };
  });
}

function withTable(text: string, { page, name, make }: (typeof TABLES)[number]): string {
  const begin = `<!-- ${name}: written by \`npm run options:docs\` -->`;
  const end = `<!-- end of ${name} -->`;
  const [head, rest] = text.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`${page} has no lines "${begin}" and "${end}"`);
  return `${head}${begin}\n\n${make()}\n${end}${tail}`;
}

/** A table for the options in no group, then one for each group. */
function optionTables(table: object): string {
  const single: string[][] = [];
  const groups: string[] = [];
  for (const [name, option] of Object.entries(table)) {
    if (option instanceof OptionGroup) {
      groups.push(`**\`${name}\`**: ${option.facts.text}\n\n${tableOf(rowsOf(`${name}.`, option.table))}`);
    } else single.push(...rowsOf("", { [name]: option }));
  }
  return [...(single.length === 0 ? [] : [tableOf(single)]), ...groups].join("\n");
}

function tableOf(rows: readonly (readonly string[])[]): string {
  return table(["option", "type", "default", "description"], rows);
}

/** Rows of options. A group that may be left out is a row and those of its members. */
function rowsOf(prefix: string, options: Readonly<Record<string, Option<unknown>>>): string[][] {
  return Object.entries(options).flatMap(([name, option]) => {
    const { type, text } = option.facts;
    const row = [code(prefix + name), code(type), defaultOf(option), text];
    return option instanceof OptionalGroup ? [row, ...rowsOf(`${prefix}${name}.`, option.table)] : [row];
  });
}

function defaultOf(option: Option<unknown>): string {
  if (isRequired(option)) return "required";
  const {
    default: value,
    facts: { type },
  } = option;
  if (value === undefined || (typeof value === "object" && JSON.stringify(value) === "{}")) return "";
  if (typeof value !== "number") return code(JSON.stringify(value));
  const mebibytes = value / 1024 / 1024;
  return type === "bytes" && Number.isInteger(mebibytes) ? `${mebibytes} MiB` : value.toLocaleString("en");
}

function isRequired(option: Option<unknown>): boolean {
  try {
    option.readArgument(undefined, "it");
    return false;
  } catch {
    return true;
  }
}

/** A table of options that only comments describe: the packages of the client and of the page hold no texts. */
function commentTable(file: string, name: string): string {
  const rows = commentedOptions(file, name).map(({ path, text, byDefault = "", isRequired }) => {
    const value = /^(".*"|\{.*\}|true|false)$/.test(byDefault) ? code(byDefault) : byDefault;
    const fragment = text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
    return [code(path), isRequired ? "required" : value.replace(/^\d+$/, grouped), fragment];
  });
  return table(["option", "default", "description"], rows);
}

function grouped(digits: string): string {
  return Number(digits).toLocaleString("en");
}

function flagTable(): string {
  const flags = Object.values(FLAG_SECTIONS).flatMap((section) => Object.entries(section));
  const rows = flags.map(([name, { value, text, default: byDefault }]) => [
    code(`--${name}${value === undefined ? "" : ` ${value}`}`),
    byDefault === undefined ? "" : code(byDefault),
    text,
  ]);
  return table(["flag", "default", "description"], rows);
}

/** The options of `etcdGateway` that no flag of the command sets. */
function tableWithoutFlags(): string {
  const rows = optionsWithoutFlag().map(({ path, option }) => [code(path), defaultOf(option), option.facts.text]);
  return table(["option", "default", "description"], rows);
}

/** The options of `etcdGateway` that no flag of the command sets, neither themselves nor as a part of their group. */
export function optionsWithoutFlag(): ReturnType<typeof pathsOf> {
  const set = Object.values(FLAGS).flatMap(({ sets }) => sets?.path.replace(/^gateway\./, "") ?? []);
  const all = pathsOf(ETCD_GATEWAY_OPTIONS);
  return all.filter(({ path, option }) => {
    const isGroup = option instanceof OptionGroup || all.some((other) => other.path.startsWith(`${path}.`));
    return !isGroup && !set.some((name) => path === name || path.startsWith(`${name}.`));
  });
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => "---"), ...rows].map((cells) => {
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  });
  return lines.join("").replaceAll("| --- ", "|---").replaceAll("---|\n", "---|\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
