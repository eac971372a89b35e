/**
 * An existing Express app that gives its logged-in users etcd's JSON API under `/etcd`.
 *
 * The login is the app's own (a cookie): etcd never sees it. The `Authorization` header stays free for etcd's tokens.
 */
import { randomUUID, timingSafeEqual } from "node:crypto";
import { type EtcdGateway, etcdGateway } from "etcd-gateway";
import express, { type Express, type RequestHandler } from "express";

/** What the app needs to know. */
export interface AppOptions {
  /** etcd's endpoints, `host:port`. */
  readonly endpoints: readonly string[];
  /** Passwords by user name. A real app asks its user database here. */
  readonly passwords: ReadonlyMap<string, string>;
}

/** Builds the app; the caller listens, and closes the gateway on shutdown. */
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
  // A body parser belongs to the routes that need it: the gateway reads its requests itself, digit by digit.
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
