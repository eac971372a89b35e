import type { Binary } from "../../bytes/binary.js";

/** Which keys are shown, and how they are grouped into folders. */
export interface TreeScope {
  /** The common prefix of the shown keys. */
  readonly root: Binary;
  /** The separator at the end of a folder's name; empty for no folders. */
  readonly separator: Binary;
}
