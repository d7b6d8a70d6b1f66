/**
 * Stands in for Prettier's Babel parser and ESTree printer, which GraphiQL loads for nothing but the
 * prettifying of JSON panes: half a megabyte against these lines.
 */
import { applyEdits, format, parse, type ParseError } from 'jsonc-parser';

type Source = { text: string };

function read(text: string): Source {
  const errors: ParseError[] = [];
  parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  if (errors.length) throw new SyntaxError('not valid JSON');
  return { text };
}

function write({ text }: Source): string {
  return applyEdits(text, format(text, undefined, { insertSpaces: true, tabSize: 2 }));
}

export const parsers = {
  jsonc: { parse: read, astFormat: 'json-source', locStart: () => 0, locEnd: (source: Source) => source.text.length },
};
export const printers = { 'json-source': { print: (path: { node: Source }) => write(path.node) } };
