import type { status } from "@grpc/grpc-js";

/** The error of a failed call. grpc-js sends `code` and `details` to the client. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly code: status;
  readonly details: string;

  constructor(code: status, details: string) {
    super(details);
    this.code = code;
    this.details = details;
  }
}
