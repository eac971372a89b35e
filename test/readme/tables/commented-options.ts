import { Node, type Type } from "ts-morph";
import { interfaceOf } from "./interfaces.js";

/** An option that only the comment in its interface describes. */
export interface CommentedOption {
  /** The name, with those of its groups. */
  readonly path: string;
  /** The description, without its tags. */
  readonly text: string;
  /** What `@defaultValue` says. */
  readonly byDefault: string | undefined;
  readonly isRequired: boolean;
}

/** Returns the options of an interface. A member whose type is an interface of the same file is a group. */
export function commentedOptions(file: string, name: string): readonly CommentedOption[] {
  const declaration = interfaceOf(file, name);
  return optionsOf(declaration.getType(), declaration, "");
}

function optionsOf(type: Type, place: Node, prefix: string): readonly CommentedOption[] {
  return type.getProperties().flatMap((property) => {
    const [member] = property.getDeclarations();
    if (!Node.isPropertySignature(member)) throw new Error(`no declaration of ${prefix}${property.getName()}`);
    const [comment] = member.getJsDocs();
    if (comment === undefined) throw new Error(`no comment on ${prefix}${property.getName()}`);
    const tag = comment.getTags().find((each) => each.getTagName() === "defaultValue");
    const path = prefix + property.getName();
    const option = {
      path,
      text: inOneLine(comment.getDescription()),
      byDefault: tag && inOneLine(tag.getCommentText() ?? ""),
      isRequired: !property.isOptional(),
    };
    const group = property.getTypeAtLocation(place).getNonNullableType();
    const isGroup =
      group
        .getSymbol()
        ?.getDeclarations()
        .some((each) => isInterfaceOf(each, member)) ?? false;
    return [option, ...(isGroup ? optionsOf(group, place, `${path}.`) : [])];
  });
}

function isInterfaceOf(declaration: Node, member: Node): boolean {
  return Node.isInterfaceDeclaration(declaration) && declaration.getSourceFile() === member.getSourceFile();
}

function inOneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}
