import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";

/** Returns the mistakes that two independent validators find in an OpenAPI or Swagger document. */
export async function mistakesIn(document: string): Promise<readonly string[]> {
  return [...(await schemaMistakes(document)), ...(await lintMistakes(document))];
}

/** Validates with the JSON schemas of the OpenAPI Initiative. */
async function schemaMistakes(document: string): Promise<readonly string[]> {
  const result = await new Validator().validate(JSON.parse(document));
  if (result.valid) return [];
  return [JSON.stringify(result.errors)];
}

/** Validates with Redocly's rules: references, parameters, operation ids, examples against their schemas, and more. */
async function lintMistakes(document: string): Promise<readonly string[]> {
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source: document, absoluteRef: "document.json", config });
  return problems
    .filter((problem) => problem.severity === "error")
    .map((problem) => `${problem.location[0]?.pointer ?? ""}: ${problem.message} (${problem.ruleId})`);
}
