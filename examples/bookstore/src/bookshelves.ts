import { randomUUID } from "node:crypto";
import { status } from "@grpc/grpc-js";
import type {
  Book,
  CreateBookRequest,
  CreateShelfRequest,
  DeleteShelfRequest,
  HttpBody,
  ListBooksRequest,
  ListBooksResponse,
  MoveBookRequest,
  Shelf,
  UpdateBookRequest,
} from "../generated/index.js";
import { StatusError } from "./status-error.js";

const ID = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The fields of a book that clients may change. */
const CHANGEABLE = ["author", "title", "format", "price", "tags"] as const;

/**
 * Stores shelves, their books and the books' covers in memory. Names are `shelves/{shelf}` and
 * `shelves/{shelf}/books/{book}`.
 */
export class Bookshelves {
  readonly #shelves = new Map<string, Shelf>();
  readonly #books = new Map<string, Book>();
  readonly #covers = new Map<string, HttpBody>();
  readonly #watchers = new Set<(book: Book) => void>();

  /** Returns all shelves, sorted by name. */
  shelves(): Shelf[] {
    return [...this.#shelves.values()].sort(byName);
  }

  shelf(name: string): Shelf {
    return this.#shelves.get(name) ?? notFound(name);
  }

  addShelf({ shelf, shelf_id }: CreateShelfRequest): Shelf {
    const added = { theme: shelf?.theme ?? "", name: `shelves/${idOf(shelf_id)}` };
    if (this.#shelves.has(added.name)) alreadyExists(added.name);
    this.#shelves.set(added.name, added);
    return added;
  }

  removeShelf({ name, force }: DeleteShelfRequest): void {
    this.shelf(name);
    const books = this.#booksOf(name);
    if (books.length > 0 && !force) {
      throw new StatusError(status.FAILED_PRECONDITION, `${name} has books: move them, or set force`);
    }
    for (const book of books) this.removeBook(book.name);
    this.#shelves.delete(name);
  }

  /** Returns a page of the books on a shelf, sorted by name. The token of a page is the name of the book before it. */
  books({ parent, page_size, page_token, formats }: ListBooksRequest): ListBooksResponse {
    this.shelf(parent);
    if (page_size < 0) throw new StatusError(status.INVALID_ARGUMENT, "page_size is negative");
    const after = Buffer.from(page_token, "base64url").toString();
    if (after !== "" && !after.startsWith(`${parent}/`)) {
      throw new StatusError(status.INVALID_ARGUMENT, "page_token is not of this list");
    }
    const size = page_size === 0 ? 10 : Math.min(page_size, 100);
    const rest = this.#booksOf(parent).filter(
      ({ name, format }) => name > after && (formats.length === 0 || formats.includes(format)),
    );
    const books = rest.slice(0, size);
    const last = rest.length > size ? (books.at(-1)?.name ?? "") : "";
    return { books, next_page_token: Buffer.from(last).toString("base64url") };
  }

  book(name: string): Book {
    return this.#books.get(name) ?? notFound(name);
  }

  addBook({ parent, book, book_id }: CreateBookRequest): Book {
    this.shelf(parent);
    if (book === undefined || book.title === "") throw new StatusError(status.INVALID_ARGUMENT, "book.title is empty");
    return this.#put({ ...book, name: `${parent}/books/${idOf(book_id)}`, create_time: now() });
  }

  changeBook({ book, update_mask = ["*"] }: UpdateBookRequest): Book {
    const old = this.book(book?.name ?? "");
    const paths = update_mask.includes("*") ? CHANGEABLE : update_mask.map(changeable);
    const changed = { ...old, ...Object.fromEntries(paths.map((path) => [path, book?.[path]])) };
    this.#books.set(old.name, changed);
    return changed;
  }

  removeBook(name: string): void {
    this.book(name);
    this.#books.delete(name);
    this.#covers.delete(name);
  }

  moveBook({ name, other_shelf }: MoveBookRequest): Book {
    const book = this.book(name);
    this.shelf(other_shelf);
    const moved = this.#put({ ...book, name: name.replace(/^shelves\/[^/]+/, other_shelf) });
    const cover = this.#covers.get(name);
    if (cover !== undefined) this.#covers.set(moved.name, cover);
    this.removeBook(name);
    return moved;
  }

  cover(name: string): HttpBody {
    this.book(name);
    return this.#covers.get(name) ?? notFound(`${name}/cover`);
  }

  setCover(name: string, image: HttpBody | undefined): void {
    this.book(name);
    if (!image?.content_type.startsWith("image/")) {
      throw new StatusError(status.INVALID_ARGUMENT, "a cover must be an image: send its content type");
    }
    this.#covers.set(name, image);
  }

  /**
   * Calls `tell` with each book on a shelf, then with each book that is added, until the returned function is called.
   */
  watch(shelf: string, tell: (book: Book) => void): () => void {
    this.shelf(shelf);
    const watcher = (book: Book): void => {
      if (book.name.startsWith(`${shelf}/`)) tell(book);
    };
    this.#watchers.add(watcher);
    for (const book of this.#booksOf(shelf)) tell(book);
    return () => this.#watchers.delete(watcher);
  }

  #booksOf(shelf: string): Book[] {
    return [...this.#books.values()].filter(({ name }) => name.startsWith(`${shelf}/`)).sort(byName);
  }

  #put(book: Book): Book {
    if (this.#books.has(book.name)) alreadyExists(book.name);
    this.#books.set(book.name, book);
    for (const watcher of this.#watchers) watcher(book);
    return book;
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function idOf(id: string): string {
  if (id === "") return randomUUID();
  if (ID.test(id)) return id;
  throw new StatusError(status.INVALID_ARGUMENT, `bad id ${JSON.stringify(id)}: use a-z, 0-9 and - within`);
}

function changeable(path: string): (typeof CHANGEABLE)[number] {
  const found = CHANGEABLE.find((field) => field === path);
  if (found !== undefined) return found;
  throw new StatusError(status.INVALID_ARGUMENT, `${path} cannot be changed: only ${CHANGEABLE.join(", ")} can`);
}

function notFound(name: string): never {
  throw new StatusError(status.NOT_FOUND, `there is no ${name}`);
}

function alreadyExists(name: string): never {
  throw new StatusError(status.ALREADY_EXISTS, `there is a ${name} already`);
}

/** Returns the current time, in whole seconds. */
function now(): NonNullable<Book["create_time"]> {
  return { seconds: BigInt(Math.floor(Date.now() / 1000)), nanos: 0 };
}
