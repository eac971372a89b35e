import { render } from "preact";
import { readConfig } from "./app/config.js";
import { setTheme, theme } from "./app/theme.js";
import { Shell } from "./shell/shell.js";

setTheme(theme.peek());
const place = document.getElementById("page");
if (place !== null) render(<Shell config={readConfig()} />, place);
