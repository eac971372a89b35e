import type { ApiSettings } from "../../model/api-settings.js";
import type { SecurityScheme } from "../../model/documentation.js";
import type { JsonObject } from "../../model/json.js";
import { description } from "./prose.js";

/** The name of the security scheme for the token. */
const TOKEN = "ApiKey";

/** The security schemes of an API: that of its token, and those that options define. */
export function securitySchemesOf({ token, securitySchemes }: ApiSettings): Readonly<Record<string, SecurityScheme>> {
  const ofToken: SecurityScheme | undefined = token && {
    type: "apiKey",
    name: token.header,
    in: "header",
    description: token.description,
  };
  return { ...(ofToken === undefined ? {} : { [TOKEN]: ofToken }), ...securitySchemes };
}

/**
 * The value of the API's member `security`: the schemes that operations need.
 *
 * @param ofOptional alternatives to the token, if there is a token and options set no requirements
 */
export function securityOf(
  { token, security }: ApiSettings,
  ...ofOptional: readonly JsonObject[]
): readonly JsonObject[] {
  if (security !== undefined) return security.map((requirement) => ({ ...requirement }));
  return token === undefined ? [] : [{ [TOKEN]: [] }, ...ofOptional];
}

/** A security scheme in the form of Swagger 2.0. */
export function swaggerScheme(scheme: SecurityScheme): JsonObject {
  const { description: about = "", ...members } = scheme;
  return { ...members, ...description(about) };
}

/** A security scheme in the form of OpenAPI. */
export function openapiScheme(scheme: SecurityScheme): JsonObject {
  const about = description(scheme.description ?? "");
  switch (scheme.type) {
    case "basic":
      return { type: "http", scheme: "basic", ...about };
    case "apiKey":
      return { type: "apiKey", name: scheme.name, in: scheme.in, ...about };
    case "oauth2": {
      const { authorizationUrl, tokenUrl, scopes } = scheme;
      const flow = {
        implicit: "implicit",
        password: "password",
        application: "clientCredentials",
        accessCode: "authorizationCode",
      };
      return {
        type: "oauth2",
        flows: {
          [flow[scheme.flow]]: {
            ...(authorizationUrl === undefined ? {} : { authorizationUrl }),
            ...(tokenUrl === undefined ? {} : { tokenUrl }),
            scopes,
          },
        },
        ...about,
      };
    }
  }
}
