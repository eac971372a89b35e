/** Has the browser save a file, whose content is these texts one after another. */
export function saveFile(name: string, type: string, texts: string[]): void {
  const url = URL.createObjectURL(new Blob(texts, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has read it by then; before, it may not have begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
