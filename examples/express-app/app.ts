/**
 * An existing Express app that serves etcd's JSON API under `/etcd` to its logged-in users.
 *
 * The app has its own login (a cookie), which etcd never sees. The `Authorization` header remains available for etcd's
 * tokens.
 */
import { randomUUID, timingSafeEqual } from "node:crypto";
import { type EtcdGateway, etcdGateway } from "etcd-gateway";
import express, { type Express, type RequestHandler } from "express";

/** Options of the app. */
export interface AppOptions {
  /** etcd's endpoints, as `host:port`. */
  readonly endpoints: readonly string[];
  /** The passwords by user name. A real app would use its user database. */
  readonly passwords: ReadonlyMap<string, string>;
}

/** Builds the app. The caller starts the server, and closes the gateway on shutdown. */
export function createApp(options: AppOptions): { readonly app: Express; readonly gateway: EtcdGateway } {
  const gateway = etcdGateway({ endpoints: options.endpoints });
  const sessions = new Set<string>();

  const login: RequestHandler = (req, res) => {
    const { user, password } = credentials(req.body);
    const expected = options.passwords.get(user);
    if (expected === undefined || !equal(expected, password)) {
      res.status(401).json({ message: "wrong user or password" });
      return;
    }
    const session = randomUUID();
    sessions.add(session);
    res.cookie("session", session, { httpOnly: true, sameSite: "strict" }).json({ user });
  };

  const requireLogin: RequestHandler = (req, res, next) => {
    const session = /(?:^|;\s*)session=([^;]+)/.exec(req.headers.cookie ?? "")?.[1];
    if (session !== undefined && sessions.has(session)) next();
    else res.status(401).json({ message: "log in first: POST /login" });
  };

  const app = express();
  // Use a body parser only on the routes that need it, because the gateway parses its requests itself, without loss of
  // precision.
  app.post("/login", express.json(), login);
  app.use("/etcd", requireLogin, gateway.router);
  return { app, gateway };
}

function credentials(body: unknown): { user: string; password: string } {
  if (typeof body !== "object" || body === null) return { user: "", password: "" };
  const user = "user" in body && typeof body.user === "string" ? body.user : "";
  const password = "password" in body && typeof body.password === "string" ? body.password : "";
  return { user, password };
}

function equal(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
