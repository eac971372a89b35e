/**
 * Traces of calls, by OpenTelemetry. It needs the package `@opentelemetry/api`.
 *
 * @module
 */
export { type CallTracingOptions, callTracing } from "./observe/call-tracing.js";
