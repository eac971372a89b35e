import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import type {
  Api,
  Enum,
  EnumValue,
  Extension,
  Field,
  Message,
  Payload,
  Rpc,
} from "../../../generator/proto-update/changes/api.js";

/** The versions of etcd whose API is in the folder `api`. */
export const VERSIONS = ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8"] as const;
export type Version = (typeof VERSIONS)[number];

/** One proto file of an etcd source tree: where it stands there, what it says, and the version that each element is from. */
export interface FileFacts {
  readonly path: string;
  readonly package: string;
  readonly goPackage: string | undefined;
  readonly imports: readonly string[];
  /** Values as proto writes them; `{}` stands for a large one. */
  readonly options: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, readonly RpcFacts[]>;
  readonly messages: ReadonlyMap<string, MessageFacts>;
  readonly enums: ReadonlyMap<string, EnumFacts>;
  readonly extensions: ReadonlyMap<string, Omit<Extension, "file">>;
}

export interface RpcFacts extends Rpc {
  readonly name: string;
}

export interface Since {
  readonly since: string | undefined;
}

export interface MessageFacts extends Since {
  readonly fields: readonly (Field & Since)[];
}

export interface EnumFacts extends Since {
  readonly values: readonly (EnumValue & Since)[];
}

/** Reads the file `api/VERSION.txt`. */
export function readFacts(version: Version): FileFacts[] {
  const text = readFileSync(new URL(`api/${version}.txt`, import.meta.url), "utf8");
  return text.split("\n\n").slice(1).map(readFile);
}

/** The API that proto/ describes after an update to what the facts are of. */
export function apiOf(facts: readonly FileFacts[]): Api {
  const rpcs = new Map<string, Rpc>();
  const services = new Map<string, string>();
  const messages = new Map<string, Message>();
  const enums = new Map<string, Enum>();
  const extensions = new Map<string, Extension>();
  for (const file of facts) {
    const target = targetOf(file.path);
    for (const [service, all] of file.services) {
      services.set(service, target);
      for (const { name, ...rpc } of all) {
        rpcs.set(name, rpc);
      }
    }
    for (const [name, { fields }] of file.messages) {
      messages.set(name, { file: target, fields: fields.map(({ since: _, ...field }) => field) });
    }
    for (const [name, { values }] of file.enums) {
      enums.set(name, { file: target, values: values.map(({ since: _, ...value }) => value) });
    }
    for (const [name, extension] of file.extensions) {
      extensions.set(name, { file: target, ...extension });
    }
  }
  return { files: new Set(facts.map((file) => targetOf(file.path))), services, rpcs, messages, enums, extensions };
}

/** Where proto/ has a file of a source tree. */
function targetOf(path: string): string {
  return path
    .replace(/^(mvcc|auth)\//, "etcd/api/")
    .replace(/^etcdserver\/etcdserverpb\//, "etcd/api/etcdserverpb/")
    .replace(/^etcdserver\//, "etcd/server/etcdserver/")
    .replace(/^(api|server)\//, "etcd/$1/");
}

function readFile(block: string): FileFacts {
  const imports: string[] = [];
  const options = new Map<string, string>();
  const services = new Map<string, RpcFacts[]>();
  const routes = new Map<string, string[]>();
  const messages = new Map<string, Since & { fields: (Field & Since)[] }>();
  const enums = new Map<string, Since & { values: (EnumValue & Since)[] }>();
  const extensions = new Map<string, Omit<Extension, "file">>();
  const single = new Map<string, string>();

  for (const line of block.trim().split("\n")) {
    const [, kind = "", rest = ""] = /^(\S+) (.*)$/.exec(line) ?? [];
    const [, text = "", since] = /^(.*?)(?: since (\S+))?$/.exec(rest) ?? [];
    switch (kind) {
      case "file":
      case "package":
      case "go_package":
        single.set(kind, rest);
        break;
      case "import":
        imports.push(rest);
        break;
      case "option":
        options.set(...split(rest, " = "));
        break;
      case "service":
        services.set(rest, []);
        break;
      case "rpc": {
        const [, name = "", request = "", response = ""] = /^(\S+) \((.*)\) returns \((.*)\)$/.exec(rest) ?? [];
        const own: string[] = [];
        routes.set(name, own);
        const service = parentOf(name);
        const rpc = { name, service, request: payload(request), response: payload(response), routes: own };
        found(services.get(service), line).push(rpc);
        break;
      }
      case "route": {
        const [name, route] = split(rest, ": ");
        found(routes.get(name), line).push(route);
        break;
      }
      case "message":
        messages.set(text, { since, fields: [] });
        break;
      case "field": {
        const [, name = "", number, type = "", oneof = ""] =
          /^(\S+) = (\d+) (.*?)(?:, in oneof (\S+))?$/.exec(text) ?? [];
        const field = { name: lastOf(name), number: Number(number), type, oneof, since };
        found(messages.get(parentOf(name)), line).fields.push(field);
        break;
      }
      case "enum":
        enums.set(text, { since, values: [] });
        break;
      case "value": {
        const [name, number] = split(text, " = ");
        found(enums.get(parentOf(name)), line).values.push({ name: lastOf(name), number: Number(number), since });
        break;
      }
      case "extension": {
        const [, name = "", number, type = "", extendee = ""] = /^(\S+) = (\d+) (\S+) of (\S+)$/.exec(text) ?? [];
        extensions.set(name, { number: Number(number), type, extendee });
        break;
      }
      default:
        assert.fail(`a line that is none of the facts' form: ${line}`);
    }
  }
  return {
    path: single.get("file") ?? "",
    package: single.get("package") ?? "",
    goPackage: single.get("go_package"),
    imports,
    options,
    services,
    messages,
    enums,
    extensions,
  };
}

function payload(text: string): Payload {
  return { stream: text.startsWith("stream "), type: text.replace("stream ", "") };
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  assert(at > 0, `no ${separator} in ${text}`);
  return [text.slice(0, at), text.slice(at + separator.length)];
}

function found<Value>(value: Value | undefined, line: string): Value {
  assert(value !== undefined, `before its parent: ${line}`);
  return value;
}

export function parentOf(name: string): string {
  return name.slice(0, name.lastIndexOf("."));
}

export function lastOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
