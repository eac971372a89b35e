import type { Binary } from "../../bytes/binary.js";

/** Which keys are shown, and how they are cut into folders. */
export interface Place {
  /** The prefix of all of them. */
  readonly root: Binary;
  /** What ends a folder's name; empty for no folders. */
  readonly separator: Binary;
}
