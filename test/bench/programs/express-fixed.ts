// An Express app with the same response to every request. Usage: express-fixed PATH ANSWER
import express from "express";
import { announce } from "./announce.js";
import { argument } from "./arguments.js";

const answer = Buffer.from(argument(1));
const headers = { "Content-Type": "application/json", "Content-Length": answer.length };
const app = express();
app.post(argument(0), (req, res) => {
  req.resume().once("end", () => res.writeHead(200, headers).end(answer));
});
announce(app.listen(0, "127.0.0.1"));
