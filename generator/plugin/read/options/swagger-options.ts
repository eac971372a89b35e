import type { DocumentDocs, OperationDocs, ResponseDocs, SecurityScheme } from "../../model/documentation.js";
import { exampleOf, given, listOf, type Members, objectOf, some, texts } from "./members.js";

/*
 * Facts that only the options of protoc-gen-openapiv2 contain: servers, security, and additional responses.
 */

const FLOWS: Readonly<Record<string, "implicit" | "password" | "application" | "accessCode">> = {
  FLOW_IMPLICIT: "implicit",
  FLOW_PASSWORD: "password",
  FLOW_APPLICATION: "application",
  FLOW_ACCESS_CODE: "accessCode",
};

/** The URLs that each OAuth flow requires. */
const URLS = {
  implicit: ["authorizationUrl"],
  password: ["tokenUrl"],
  application: ["tokenUrl"],
  accessCode: ["authorizationUrl", "tokenUrl"],
} as const;

/** Reads the URLs of the API: a host with schemes and a base path, or only a path. */
export function readServers(swagger: Members): Pick<DocumentDocs, "servers"> {
  const { host, basePath = "" } = texts(swagger, "host", "basePath");
  if (host === undefined) return basePath === "" ? {} : { servers: [basePath] };
  const schemes = listOf(swagger["schemes"]).map((scheme) => `${scheme.toLowerCase()}:`);
  const web = schemes.filter((scheme) => scheme === "http:" || scheme === "https:");
  return { servers: (web.length === 0 ? ["https:"] : web).map((scheme) => `${scheme}//${host}${basePath}`) };
}

/** Reads the security schemes. */
export function readSecuritySchemes(swagger: Members): Pick<DocumentDocs, "securitySchemes"> {
  const definitions = objectOf(objectOf(swagger["securityDefinitions"])["security"]);
  const schemes = Object.entries(definitions).flatMap(([name, definition]) => {
    const scheme = schemeOf(objectOf(definition));
    return scheme === undefined ? [] : [[schemeName(name), scheme] as const];
  });
  return given("securitySchemes", some(Object.fromEntries(schemes)));
}

/** Replaces characters that OpenAPI does not allow in a scheme's name. */
function schemeName(name: string): string {
  return name.replace(/[^\w.-]/g, "_");
}

function schemeOf(definition: Members): SecurityScheme | undefined {
  const about = texts(definition, "description");
  switch (definition["type"]) {
    case "TYPE_BASIC":
      return { type: "basic", ...about };
    case "TYPE_API_KEY": {
      const { name } = texts(definition, "name");
      if (name === undefined) return undefined;
      return { type: "apiKey", name, in: definition["in"] === "IN_QUERY" ? "query" : "header", ...about };
    }
    case "TYPE_OAUTH2": {
      const flow = FLOWS[String(definition["flow"])];
      const urls = texts(definition, "authorizationUrl", "tokenUrl");
      if (flow === undefined || URLS[flow].some((url) => urls[url] === undefined)) return undefined;
      const scopes = Object.entries(objectOf(objectOf(definition["scopes"])["scope"]));
      return {
        type: "oauth2",
        flow,
        ...urls,
        scopes: Object.fromEntries(scopes.map(([scope, text]) => [scope, String(text)])),
        ...about,
      };
    }
    default:
      return undefined;
  }
}

/** Reads the security requirements. A client must meet one of them. */
export function readSecurity(of: Members): Pick<OperationDocs, "security"> {
  const { security } = of;
  if (!Array.isArray(security)) return {};
  const requirements = security.map((each: unknown) => {
    const schemes = Object.entries(objectOf(objectOf(each)["securityRequirement"]));
    return Object.fromEntries(schemes.map(([name, value]) => [schemeName(name), listOf(objectOf(value)["scope"])]));
  });
  // A single empty requirement means that no authentication is needed.
  const isOpen = requirements.length === 1 && requirements.every((each) => Object.keys(each).length === 0);
  return { security: isOpen ? [] : requirements };
}

/** Reads the documented responses, by their statuses. */
export function readResponses(of: Members): Pick<OperationDocs, "responses"> {
  const responses = Object.entries(objectOf(of["responses"])).filter(([status]) =>
    /^(default|[1-5]\d\d)$/.test(status),
  );
  return given(
    "responses",
    some(Object.fromEntries(responses.map(([status, response]) => [status, responseOf(objectOf(response))]))),
  );
}

function responseOf(response: Members): ResponseDocs {
  const examples = Object.entries(objectOf(response["examples"]));
  return {
    ...texts(response, "description"),
    ...given("schema", schemaOf(objectOf(objectOf(response["schema"])["jsonSchema"]))),
    ...given("examples", some(Object.fromEntries(examples.map(([type, text]) => [type, exampleOf(text)])))),
  };
}

function schemaOf(schema: Members): ResponseDocs["schema"] {
  const { ref } = texts(schema, "ref");
  if (ref !== undefined) return { message: ref.replace(/^\./, "") };
  // Arrays are not supported: their schema would need that of the items.
  const type = ["BOOLEAN", "INTEGER", "NUMBER", "OBJECT", "STRING"].find((each) =>
    listOf(schema["type"]).includes(each),
  );
  return type === undefined ? undefined : { type: type.toLowerCase() };
}
