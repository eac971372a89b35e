import type { MessageCodec } from "../codec.js";
import { field, map, repeated } from "../field.js";
import { AnyCodec } from "../well-known/any.js";
import { DurationCodec } from "../well-known/duration.js";
import { detailCodec } from "./detail-codec.js";

/*
 * The types that Google's APIs, and many others, use as details of errors. They are always known, even if an API's
 * protos do not contain them.
 */

const QuotaFailureViolation = detailCodec("QuotaFailure.Violation", [
  field(1, "subject", "string"),
  field(2, "description", "string"),
  field(3, "api_service", "string"),
  field(4, "quota_metric", "string"),
  field(5, "quota_id", "string"),
  map(6, "quota_dimensions", "string", "string"),
  field(7, "quota_value", "int64"),
  field(8, "future_quota_value", "int64", { explicit: true }),
]);

const PreconditionFailureViolation = detailCodec("PreconditionFailure.Violation", [
  field(1, "type", "string"),
  field(2, "subject", "string"),
  field(3, "description", "string"),
]);

const LocalizedMessage = detailCodec("LocalizedMessage", [field(1, "locale", "string"), field(2, "message", "string")]);

const FieldViolation = detailCodec("BadRequest.FieldViolation", [
  field(1, "field", "string"),
  field(2, "description", "string"),
  field(3, "reason", "string"),
  field(4, "localized_message", () => LocalizedMessage),
]);

const Link = detailCodec("Help.Link", [field(1, "description", "string"), field(2, "url", "string")]);

/**
 * The codecs of `google.rpc.Status` and of the types of error_details.proto. In JSON, fields have their JSON names
 * (such as `fieldViolations`), as in Google's APIs.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
 */
export const GOOGLE_RPC: readonly MessageCodec[] = [
  detailCodec("Status", [
    field(1, "code", "int32"),
    field(2, "message", "string"),
    repeated(3, "details", () => AnyCodec),
  ]),
  detailCodec("ErrorInfo", [
    field(1, "reason", "string"),
    field(2, "domain", "string"),
    map(3, "metadata", "string", "string"),
  ]),
  detailCodec("RetryInfo", [field(1, "retry_delay", () => DurationCodec)]),
  detailCodec("DebugInfo", [repeated(1, "stack_entries", "string"), field(2, "detail", "string")]),
  detailCodec("QuotaFailure", [repeated(1, "violations", () => QuotaFailureViolation)]),
  detailCodec("PreconditionFailure", [repeated(1, "violations", () => PreconditionFailureViolation)]),
  detailCodec("BadRequest", [repeated(1, "field_violations", () => FieldViolation)]),
  detailCodec("RequestInfo", [field(1, "request_id", "string"), field(2, "serving_data", "string")]),
  detailCodec("ResourceInfo", [
    field(1, "resource_type", "string"),
    field(2, "resource_name", "string"),
    field(3, "owner", "string"),
    field(4, "description", "string"),
  ]),
  detailCodec("Help", [repeated(1, "links", () => Link)]),
  LocalizedMessage,
];
