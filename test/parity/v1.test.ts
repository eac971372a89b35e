// On a busy machine this takes over a minute: the cases come one after another, as the revisions of two stores are compared.
import { parityWith } from "./parity-tests.js";

parityWith("3.4", "v1");
