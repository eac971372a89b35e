/** Makes the browser save a file that contains the given texts, concatenated. */
export function saveFile(name: string, type: string, texts: string[]): void {
  const url = URL.createObjectURL(new Blob(texts, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // By then the browser has read the file. Immediately after the click, it may not have started.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
