import { render } from "preact";
import { readConfig } from "./app/config.js";
import { setTheme, theme } from "./app/theme.js";
import { Shell } from "./shell/shell.js";

setTheme(theme.peek());
const root = document.getElementById("page");
if (root !== null) render(<Shell config={readConfig()} />, root);
