import { FLAGS } from "./flag-table.js";
import type { FlagValues } from "./flag-values.js";

/**
 * Replaces the paths of options in an error of the gateway by the flags, variables or members that set them, because a
 * user of the command does not know the options: `invalid access.expose[0] "x": ...` becomes `invalid --expose "x": ...`.
 * A flag has no index, because it quotes the value.
 *
 * @param message an error that begins with `invalid` and a path, or contains paths with a dot. The paths
 *   are those of the gateway's options, with or without `gateway.`, or those of the command's own options, such as
 *   `server.grace`
 */
export function withFlagNames(message: string, values: FlagValues): string {
  return message.replace(/(?<=^invalid )[a-zA-Z.]+(?:\[\d+\])*|(?<![\w."/-])[a-z]\w*\.[a-zA-Z]\w*/g, (path) => {
    const names = sourcesOf(path.replace(/\[.*/, ""), values);
    return names.length === 0 ? path : names.join(" or ");
  });
}

/** Returns the sources of an option. Those of a group are the sources of its options that are set. */
function sourcesOf(path: string, values: FlagValues): readonly string[] {
  return Object.entries(FLAGS).flatMap(([flag, { sets }]) => {
    const source = values[flag]?.source;
    if (sets?.path === path || sets?.path === `gateway.${path}`) return [source ?? `--${flag}`];
    return source !== undefined && sets?.path.startsWith(`gateway.${path}.`) === true ? [source] : [];
  });
}
