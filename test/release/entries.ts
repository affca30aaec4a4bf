/** The names that each entry of the package exports, types included. */
import ts from 'typescript';
import { fileURLToPath } from 'node:url';
import { LANGUAGES } from '../../src/i18n/languages.js';
import type { PackageJson } from './api.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The source of what `dist/lib/` has; `null` for what is not made of one, such as JSON. */
const sourceOf = (target: string | Readonly<Record<string, string>>): string | null => {
  const [, name] = /^\.\/dist\/lib\/(.*)\.js$/.exec(
    typeof target === 'string' ? target : (target['default'] ?? ''),
  ) ?? [null, undefined];
  return name === undefined || name.includes('*') ? null : `${root}src/${name}.ts`;
};

export function exportedNames({ exports }: PackageJson): Record<string, string[]> {
  const entries = Object.entries(exports).flatMap(([entry, target]) => {
    const source = sourceOf(target);
    return source === null ? [] : [[entry, source] as const];
  });
  const program = ts.createProgram({
    rootNames: entries.map(([, source]) => source),
    options: {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      // names alone: no types of others
      noLib: true,
      types: [],
    },
  });
  const checker = program.getTypeChecker();
  const found = Object.fromEntries(
    entries.map(([entry, source]) => {
      const file = program.getSourceFile(source);
      const symbol = file && checker.getSymbolAtLocation(file);
      const names = symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : [];
      return [entry, names.sort()];
    }),
  );
  return { ...found, './i18n/*': [...LANGUAGES].sort() };
}
