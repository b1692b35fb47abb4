import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

/** The folder of the sources, with a slash at its end. */
const SOURCES: string = new URL("../../src/", import.meta.url).pathname;

/** One file of the sources: its path from `src/`, its text, and what it imports. */
export interface SourceModule {
  readonly path: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly SourceImport[];
}

interface SourceImport {
  /** As it is written, such as "../bytes/latin1.ts" or "node:net". */
  readonly specifier: string;
  /** Whether nothing of it is left once types are gone. */
  readonly isTypeOnly: boolean;
}

/** All files of the sources. */
export function sourceModules(): SourceModule[] {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .map(sourceModule);
}

/** One file of the sources. */
export function sourceModule(path: string): SourceModule {
  const text = readFileSync(SOURCES + path, "utf8");
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { path, tree, imports: importsOf(tree) };
}

/** The path from `src/` that a relative import of `from` means. */
export function importedPath(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

function importsOf(tree: ts.SourceFile): SourceImport[] {
  const imports: SourceImport[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined
    ) {
      imports.push({ specifier: textOf(node.moduleSpecifier), isTypeOnly: isTypeOnly(node) });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      imports.push({ specifier: textOf(node.arguments[0]), isTypeOnly: false });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      imports.push({ specifier: textOf(node.argument.literal), isTypeOnly: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return imports;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    const clause = node.exportClause;
    return (
      node.isTypeOnly || (clause !== undefined && ts.isNamedExports(clause) && areTypes(clause.elements))
    );
  }
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const { namedBindings } = clause;
  if (clause.name !== undefined || namedBindings === undefined) return false;
  return ts.isNamedImports(namedBindings) && areTypes(namedBindings.elements);
}

function areTypes(elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]): boolean {
  return elements.length > 0 && elements.every((element) => element.isTypeOnly);
}

function textOf(node: ts.Node | undefined): string {
  return node !== undefined && ts.isStringLiteral(node) ? node.text : "?";
}
