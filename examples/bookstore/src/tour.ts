import { type Channel, Code, RpcError } from "@etcd-gateway/client";
import { createClient, Format } from "../generated/client.js";

/** Shows the bookstore with the generated HTTP client, and reports what it does, line by line. */
export async function tour(channel: Channel, tell: (line: string) => void): Promise<void> {
  const { bookstore } = createClient(channel);

  const shelf = await bookstore.createShelf({ shelf: { theme: "Novels" } });
  const emma = await bookstore.createBook({
    parent: shelf.name,
    book_id: "emma",
    book: { title: "Emma", author: "Jane Austen", format: Format.HARDCOVER, price: 9_007_199_254_740_993n },
  });
  tell(`${emma.title} costs ${emma.price} cents`);

  // Only the given fields change.
  const cheaper = await bookstore.updateBook({ book: { name: emma.name, price: 995n } });
  tell(`${cheaper.title} by ${cheaper.author} costs ${cheaper.price} cents`);

  await bookstore
    .uploadCover({ name: emma.name, image: { content_type: "text/plain", data: "no image" } })
    .catch((error: unknown) => {
      if (error instanceof RpcError && error.code === Code.INVALID_ARGUMENT) tell(error.rawMessage);
      else throw error;
    });
  const image = { content_type: "image/png", data: Uint8Array.of(0x89, 0x50, 0x4e, 0x47) };
  await bookstore.uploadCover({ name: emma.name, image });
  const cover = await bookstore.downloadCover({ name: emma.name });
  tell(`${cover.content_type}, ${cover.data.length} bytes`);

  // Yields the books on the shelf, then each book that is added, until the loop is left.
  for await (const book of bookstore.watchShelf({ name: shelf.name })) {
    tell(`on the shelf: ${book.title}`);
    if (book.title === "Persuasion") break;
    await bookstore.createBook({ parent: shelf.name, book: { title: "Persuasion" } });
  }
  const { books } = await bookstore.listBooks({ parent: shelf.name, formats: [Format.HARDCOVER], page_size: 5 });
  tell(`in hard cover: ${books.map(({ title }) => title).join(", ")}`);
  await bookstore.deleteShelf({ name: shelf.name, force: true });
}
