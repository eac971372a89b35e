import type { ApiServer, ApiSettings, ApiToken } from "../model/api-settings.js";
import { isObject } from "../model/json.js";
import type { Model } from "../model/model.js";
import type { Diagnostics } from "./diagnostics.js";

/** The settings of an API without a settings file. */
const DEFAULTS: ApiSettings = {
  title: "API",
  version: "1",
  description: "",
  servers: [{ url: "/", description: "" }],
  pathPrefix: "",
  examples: {},
};

/** A rule for a member of the file, or of an object in it: the valid values in words, and a check. */
interface Rule {
  readonly values: string;
  readonly isRight: (value: unknown) => boolean;
}

const TEXT: Rule = { values: "a string", isRight: (value) => typeof value === "string" };
const SERVER: Readonly<Record<string, Rule>> = {
  url: TEXT,
  description: TEXT,
  dialect: {
    values: "grpcGatewayV1 or grpcGatewayV2",
    isRight: (value) => value === "grpcGatewayV1" || value === "grpcGatewayV2",
  },
};
const TOKEN: Readonly<Record<string, Rule>> = { header: TEXT, description: TEXT };
const SETTINGS: Readonly<Record<string, Rule>> = {
  title: TEXT,
  version: TEXT,
  description: TEXT,
  servers: { values: "a list of objects", isRight: (value) => Array.isArray(value) && value.every(isObject) },
  pathPrefix: {
    values: "a path such as /v1, or a list of such",
    isRight: (value) => [value].flat().every((path) => typeof path === "string" && /^(\/[^/{}]+)*$/.test(path)),
  },
  token: { values: "an object", isRight: isObject },
  examples: { values: "an object with full names of RPCs as keys", isRight: isObject },
};

/**
 * Reads the settings of the API descriptions, a JSON file with members of {@link ApiSettings}. The user's mistakes are
 * collected in `diagnostics`.
 *
 * @param text the file's content, or `undefined` if there is no file
 */
export function readApiSettings(
  file: string,
  text: string | undefined,
  model: Model,
  diagnostics: Diagnostics,
): ApiSettings {
  const reader = new SettingsReader(file, diagnostics);
  const settings = text === undefined ? undefined : reader.parse(text);
  const defaults = defaultsOf(model);
  if (settings === undefined) return defaults;

  reader.check("", settings, SETTINGS);
  const servers = Array.isArray(settings["servers"]) ? settings["servers"].filter(isObject) : [];
  servers.forEach((server, index) => void reader.check(`servers[${index}].`, server, SERVER, ["url"]));
  const token = isObject(settings["token"]) ? settings["token"] : undefined;
  if (token !== undefined) reader.check("token.", token, TOKEN, ["header"]);
  const { pathPrefix: given } = settings;
  const pathPrefix =
    given === undefined
      ? (prefixIn(model, servers.map(pathOf)) ?? "")
      : prefixOf(
          model,
          [given].flat().map((path) => textOf(path)),
        );
  const examples = isObject(settings["examples"]) ? settings["examples"] : {};
  reader.checkRpcs(Object.keys(examples), model);

  return {
    ...defaults,
    title: textOf(settings["title"], defaults.title),
    version: textOf(settings["version"], defaults.version),
    description: textOf(settings["description"], defaults.description),
    servers: serversOf(servers.map(serverOf), defaults.servers, pathPrefix),
    pathPrefix,
    ...(token === undefined ? {} : { token: tokenOf(token) }),
    examples,
  };
}

class SettingsReader {
  readonly #file: string;
  readonly #diagnostics: Diagnostics;

  constructor(file: string, diagnostics: Diagnostics) {
    this.#file = file;
    this.#diagnostics = diagnostics;
  }

  parse(text: string): Readonly<Record<string, unknown>> | undefined {
    try {
      const value: unknown = JSON.parse(text);
      if (isObject(value)) return value;
      this.#error("expected a JSON object with settings");
    } catch (error) {
      this.#error(`invalid JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
    return undefined;
  }

  check(
    path: string,
    object: Readonly<Record<string, unknown>>,
    rules: Readonly<Record<string, Rule>>,
    required: readonly string[] = [],
  ): void {
    for (const [name, value] of Object.entries(object)) {
      const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
      if (rule === undefined) {
        this.#error(`unknown setting "${path}${name}": expected one of ${Object.keys(rules).join(", ")}`);
      } else if (!rule.isRight(value)) {
        this.#error(`invalid setting "${path}${name}": expected ${rule.values}`);
      }
    }
    for (const name of required) {
      if (!Object.hasOwn(object, name)) this.#error(`missing setting "${path}${name}"`);
    }
  }

  checkRpcs(names: readonly string[], model: Model): void {
    const rpcs = model.files.flatMap((file) => file.services).flatMap((service) => service.rpcs);
    const known = new Set(rpcs.map((rpc) => rpc.name));
    for (const name of names.filter((candidate) => !known.has(candidate))) {
      // This is only a warning, so that one file can serve several versions of an API.
      this.#diagnostics.warn(
        { file: this.#file },
        `an example names the unknown RPC "${name}": expected a full name such as ${rpcs[0]?.name ?? "pkg.Service.Rpc"}`,
      );
    }
  }

  #error(message: string): void {
    this.#diagnostics.error({ file: this.#file }, message);
  }
}

/** Selects one of several prefixes: the one that the protos use (see {@link prefixIn}), or otherwise the first. */
function prefixOf(model: Model, prefixes: readonly string[]): string {
  return prefixIn(model, prefixes) ?? prefixes[0] ?? "";
}

/** The path of a server's URL, without a trailing slash. */
function pathOf(server: Readonly<Record<string, unknown>>): string {
  const url = textOf(server["url"]);
  const base = "http://localhost";
  return URL.canParse(url, base) ? new URL(url, base).pathname.replace(/\/$/, "") : "";
}

/**
 * Finds the first prefix that a route has. Versions of an API with different prefixes can share one file of settings.
 */
function prefixIn(model: Model, prefixes: readonly string[]): string | undefined {
  const routes = model.files
    .flatMap((file) => file.services)
    .flatMap((service) => service.rpcs)
    .flatMap((rpc) => rpc.bindings.map((binding) => binding.template));
  return prefixes.find((prefix) => prefix !== "" && routes.some((route) => route.startsWith(`${prefix}/`)));
}

/** The servers of the file or, without any, those of options. The URLs of options do not contain the prefix. */
function serversOf(
  given: readonly ApiServer[],
  byDefault: readonly ApiServer[],
  pathPrefix: string,
): readonly ApiServer[] {
  if (given.length > 0) return given;
  return byDefault.map((server) => ({ ...server, url: server.url.replace(/\/$/, "") + pathPrefix || "/" }));
}

function serverOf(server: Readonly<Record<string, unknown>>): ApiServer {
  return {
    url: textOf(server["url"]),
    description: textOf(server["description"]),
    ...(server["dialect"] === "grpcGatewayV1" ? { dialect: "grpcGatewayV1" } : {}),
  };
}

function tokenOf(token: Readonly<Record<string, unknown>>): ApiToken {
  return { header: textOf(token["header"]), description: textOf(token["description"]) };
}

/** The settings that apply without a settings file. They come from the options of the first file that has any. */
function defaultsOf(model: Model): ApiSettings {
  const docs = model.files.find((file) => file.docs !== undefined)?.docs;
  const { title, version, description, externalDocs, servers, securitySchemes, security, responses, ...info } =
    docs ?? {};
  return {
    ...DEFAULTS,
    title: title ?? defaultTitle(model),
    version: version ?? DEFAULTS.version,
    description: description ?? DEFAULTS.description,
    ...(Object.keys(info).length === 0 ? {} : { info }),
    ...(externalDocs === undefined ? {} : { externalDocs }),
    ...(servers === undefined ? {} : { servers: servers.map((url) => ({ url, description: "" })) }),
    ...(securitySchemes === undefined ? {} : { securitySchemes }),
    ...(security === undefined ? {} : { security }),
    ...(responses === undefined ? {} : { responses }),
  };
}

function defaultTitle(model: Model): string {
  const packages = model.files.filter((file) => file.services.length > 0).map((file) => file.package);
  return packages.find((name) => name !== "") ?? DEFAULTS.title;
}

function textOf(value: unknown, otherwise = ""): string {
  return typeof value === "string" ? value : otherwise;
}
