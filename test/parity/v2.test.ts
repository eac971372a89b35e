import { parityWith } from "./parity-tests.js";

parityWith("3.5", "v2");
