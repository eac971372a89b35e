// An app that is bundled, and runs on its own: it has the descriptions in it.
import { apiDescriptions } from "etcd-gateway";
import openapi from "etcd-gateway/openapi.json" with { type: "json" };
import swagger from "etcd-gateway/rpc.swagger.json" with { type: "json" };
import { answersOf } from "./answers.mjs";

answersOf(apiDescriptions({ documents: { openapi, swagger } })).then(console.log);
