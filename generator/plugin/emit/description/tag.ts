import type { ExternalDocs } from "../../model/documentation.js";
import type { ServiceModel } from "../../model/model.js";
import { joinParagraphs, paragraphs } from "./prose.js";

/** A service with operations. */
export interface Tag {
  readonly name: string;
  readonly description: string;
  readonly externalDocs?: ExternalDocs;
}

/** Returns the tag of a service. */
export function tagOf(service: ServiceModel, services: readonly ServiceModel[]): Tag {
  const { comment, deprecated, docs } = service;
  return {
    name: tagName(service, services),
    description: joinParagraphs(docs?.description ?? paragraphs(comment), deprecated ? "Deprecated." : ""),
    ...(docs?.externalDocs === undefined ? {} : { externalDocs: docs.externalDocs }),
  };
}

/** The service's short name, as in most descriptions, or its full name if several services have the same short name. */
export function tagName(service: ServiceModel, services: readonly ServiceModel[]): string {
  const alike = services.filter((other) => other.localName === service.localName);
  return alike.length === 1 ? service.localName : service.name.replaceAll(".", "_");
}
