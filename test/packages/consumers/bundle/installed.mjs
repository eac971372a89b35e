// An app that is bundled, and runs where the package is installed.
import { apiDescriptions } from "etcd-gateway";
import { answersOf } from "./answers.mjs";

answersOf(apiDescriptions()).then(console.log);
