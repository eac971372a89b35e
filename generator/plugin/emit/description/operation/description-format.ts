/** A method of an OpenAPI path item. */
export type HttpMethod = "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace";

/** A kind of API description. */
export interface DescriptionFormat {
  readonly name: string;
  /** The HTTP methods that can have an operation. */
  readonly methods: readonly HttpMethod[];
  /**
   * Whether each stream has a `GET` operation for server-sent events too. grpc-gateway does not write these. Swagger
   * descriptions omit them, so that code generated from one keeps its names and parameters.
   */
  readonly eventSources: boolean;
}

/** OpenAPI has operations for a fixed set of eight methods. */
export const OPENAPI: DescriptionFormat = {
  name: "OpenAPI 3.1",
  methods: ["get", "put", "post", "delete", "options", "head", "patch", "trace"],
  eventSources: true,
};

/** Swagger has the same methods as OpenAPI, except `trace`. */
export const SWAGGER: DescriptionFormat = {
  name: "Swagger 2.0",
  methods: ["get", "put", "post", "delete", "options", "head", "patch"],
  eventSources: false,
};
