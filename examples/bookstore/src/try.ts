// Calls the bookstore at the URL in the first argument, with the generated HTTP client.
import { createChannel } from "@etcd-gateway/client";
import { tour } from "./tour.js";

await tour(createChannel({ baseUrl: process.argv[2] ?? "http://127.0.0.1:8080" }), (line) => console.log(line));
