import { parityWith } from "./parity-tests.js";

parityWith("3.4", "v1");
