import { RpcError } from "./bundled-client.js";

/** An error in words for users. */
export interface ErrorText {
  readonly title: string;
  /** What to do, or the exact error message. */
  readonly text: string;
  /** Whether signing in may help. */
  readonly isForbidden: boolean;
}

/** Returns what the page shows of an error. */
export function errorText(error: unknown): ErrorText {
  if (!(error instanceof RpcError)) {
    return {
      title: "Something went wrong in the page",
      text: error instanceof Error ? error.message : String(error),
      isForbidden: false,
    };
  }
  const { codeName, rawMessage, httpStatus } = error;
  if (httpStatus === undefined && codeName === "UNAVAILABLE") {
    return {
      title: "The gateway does not respond",
      text: "The keys and the cluster are read again as soon as it does.",
      isForbidden: false,
    };
  }
  const isForbidden =
    codeName === "UNAUTHENTICATED" ||
    codeName === "PERMISSION_DENIED" ||
    /user name is empty|invalid auth token|permission denied/.test(rawMessage);
  return {
    title: isForbidden ? "etcd refused the request" : `etcd responded with ${codeName}`,
    text: rawMessage,
    isForbidden,
  };
}
