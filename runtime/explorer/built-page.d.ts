/** A file of the built page. */
export interface PageFile {
  /** Its name with a hash of its content, for example `page-1a2b3c4d.js`. */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  /** Its content, compressed with gzip and encoded as base64. */
  readonly gzip: string;
}

/** The script of the page. */
export declare const SCRIPT: PageFile;
/** The style sheet of the page. */
export declare const STYLE: PageFile;
/** The icon of the page. */
export declare const ICON: PageFile;
