import type { Fields } from "../json/fields.js";
import { readTyped } from "../json/read.js";
import { Duration } from "../json/well-known-json.js";
import type { RpcError } from "./rpc-error.js";

/** The error details of google.rpc, by message name. */
export interface ErrorDetails {
  /** The reason of the error, for programs. */
  readonly ErrorInfo: { reason: string; domain: string; metadata: { [key: string]: string } };
  /** How long to wait before the next attempt. */
  readonly RetryInfo: { retry_delay: { seconds: bigint; nanos: number } | undefined };
  readonly DebugInfo: { stack_entries: string[]; detail: string };
  readonly QuotaFailure: { violations: { subject: string; description: string }[] };
  readonly PreconditionFailure: { violations: { type: string; subject: string; description: string }[] };
  /** Which fields of the request are wrong. */
  readonly BadRequest: { field_violations: { field: string; description: string; reason: string }[] };
  readonly RequestInfo: { request_id: string; serving_data: string };
  readonly ResourceInfo: { resource_type: string; resource_name: string; owner: string; description: string };
  readonly Help: { links: { description: string; url: string }[] };
  readonly LocalizedMessage: { locale: string; message: string };
}

const TABLES: { readonly [Name in keyof ErrorDetails]: Fields<ErrorDetails[Name]> } = {
  ErrorInfo: () => ({ reason: "string", domain: "string", metadata: ["string", "string"] }),
  RetryInfo: () => ({ retry_delay: Duration }),
  DebugInfo: () => ({ stack_entries: ["string"], detail: "string" }),
  QuotaFailure: () => ({ violations: [() => ({ subject: "string", description: "string" })] }),
  PreconditionFailure: () => ({
    violations: [() => ({ type: "string", subject: "string", description: "string" })],
  }),
  BadRequest: () => ({ field_violations: [() => ({ field: "string", description: "string", reason: "string" })] }),
  RequestInfo: () => ({ request_id: "string", serving_data: "string" }),
  ResourceInfo: () => ({
    resource_type: "string",
    resource_name: "string",
    owner: "string",
    description: "string",
  }),
  Help: () => ({ links: [() => ({ description: "string", url: "string" })] }),
  LocalizedMessage: () => ({ locale: "string", message: "string" }),
};

/**
 * Returns the first detail of an error that has the given google.rpc type; `undefined` if there is none or it cannot be
 * read. `error.details` has all details as JSON.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
 */
export function detailOf<Name extends keyof ErrorDetails>(error: RpcError, name: Name): ErrorDetails[Name] | undefined {
  const json = error.details.find((detail) => String(detail["@type"]).endsWith(`/google.rpc.${name}`));
  if (json === undefined) return undefined;
  try {
    return readTyped<ErrorDetails[Name]>(TABLES[name], json);
  } catch {
    return undefined;
  }
}
