/** Reading and editing the texts of GraphiQL's JSON panes (headers, variables), which may hold comments. */
import { applyEdits, modify, parse } from 'jsonc-parser';

export type Fields = Record<string, unknown>;

const LAYOUT = { formattingOptions: { insertSpaces: true, tabSize: 2 } };

/** What a pane holds, or null while it is not (yet) a JSON object. */
export function fieldsOf(text: string): Fields | null {
  if (!text.trim()) return {};
  const value: unknown = parse(text, [], { allowTrailingComma: true });
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The pane's text with one field set, or taken out where the value is undefined; the rest as it was. */
export function withField(text: string, name: string, value: unknown): string {
  const source = text.trim() ? text : '{}';
  const edited = applyEdits(source, modify(source, [name], value, LAYOUT));
  return /^\s*\{\s*\}\s*$/.test(edited) ? '' : edited;
}

/** The name under which the authorization header stands in a headers pane, whatever its case. */
export function authorizationKey(headers: Fields): string {
  return Object.keys(headers).find((name) => name.toLowerCase() === 'authorization') ?? 'authorization';
}

export function authorizationOf(headers: Fields | undefined): string | undefined {
  const value = headers?.[authorizationKey(headers)];
  return typeof value === 'string' && value ? value : undefined;
}
