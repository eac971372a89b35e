// The minimum work of an HTTP server: the same response to every request. Usage: node-http ANSWER
import { createServer } from "node:http";
import { announce } from "./announce.js";
import { argument } from "./arguments.js";

const answer = Buffer.from(argument(0));
const headers = { "Content-Type": "application/json", "Content-Length": answer.length };
announce(
  createServer((req, res) => {
    req.resume().once("end", () => res.writeHead(200, headers).end(answer));
  }).listen(0, "127.0.0.1"),
);
