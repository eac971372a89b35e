/** A file of the page, as the build has written it. */
export interface PageFile {
  /** Its name, with a hash of its content, such as `page-1a2b3c4d.js`. */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  /** Its content, compressed by gzip, in base64. */
  readonly gzip: string;
}

export declare const SCRIPT: PageFile;
export declare const STYLE: PageFile;
export declare const ICON: PageFile;
