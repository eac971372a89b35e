import { type handleUnaryCall, Server } from "@grpc/grpc-js";
import { type BookstoreServer, BookstoreService } from "../generated/index.js";
import { Bookshelves } from "./bookshelves.js";
import { StatusError } from "./status-error.js";

/** Makes a gRPC server with an empty bookstore. The caller binds it. */
export function createGrpcServer(): Server {
  const shelves = new Bookshelves();
  const bookstore: BookstoreServer = {
    listShelves: unary(() => ({ shelves: shelves.shelves() })),
    getShelf: unary(({ name }) => shelves.shelf(name)),
    createShelf: unary((request) => shelves.addShelf(request)),
    deleteShelf: empty((request) => shelves.removeShelf(request)),
    listBooks: unary((request) => shelves.books(request)),
    getBook: unary(({ name }) => shelves.book(name)),
    createBook: unary((request) => shelves.addBook(request)),
    updateBook: unary((request) => shelves.changeBook(request)),
    deleteBook: empty(({ name }) => shelves.removeBook(name)),
    moveBook: unary((request) => shelves.moveBook(request)),
    uploadCover: empty(({ name, image }) => shelves.setCover(name, image)),
    downloadCover: unary(({ name }) => shelves.cover(name)),
    watchShelf(call) {
      try {
        const stop = shelves.watch(call.request.name, (book) => call.write(book));
        call.once("cancelled", stop);
      } catch (error) {
        call.emit("error", error);
      }
    },
  };
  const server = new Server();
  server.addService(BookstoreService, bookstore);
  return server;
}

/** Makes a handler from a function that returns the response or throws a {@link StatusError}. */
function unary<Request, Response>(respond: (request: Request) => Response): handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    try {
      callback(null, respond(request));
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)));
    }
  };
}

/** Makes a handler from a function without a response. */
function empty<Request>(act: (request: Request) => void): handleUnaryCall<Request, Record<string, never>> {
  return unary((request) => {
    act(request);
    return {};
  });
}
