/** A file of the built page. */
export interface PageFile {
  /** Its name with a hash of its content, for example `page-1a2b3c4d.js`. */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  /** Its content, compressed with gzip and encoded as base64. */
  readonly gzip: string;
}

export declare const SCRIPT: PageFile;
export declare const STYLE: PageFile;
export declare const ICON: PageFile;
