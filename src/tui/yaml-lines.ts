import {objectYaml} from '../engine/diff.ts';
import type {JsonObject} from '../engine/json.ts';
import {plainText} from '../engine/text.ts';
import type {TextScreen} from './state.ts';

/** An object's YAML; lines of fields that fail are marked, and those that are missing are told behind it. */
export function yamlLines(object: JsonObject, fields: readonly string[]): TextScreen['lines'] {
  const wanted = new Set(fields);
  const seen = new Set<string>();
  const stack: {indent: number; path: string; items: number}[] = [];
  const lines = objectYaml(object)
    .split('\n')
    .map((text) => {
      const path = pathAt(stack, text);
      const failing = path !== undefined && wanted.has(path);
      if (failing) seen.add(path);
      const shown = text.replace(/[\t\r]/g, ' ');
      return failing
        ? {text: plainKeepingIndent(shown), mark: 'failed' as const}
        : {text: plainKeepingIndent(shown)};
    });
  const missing = fields.filter((field) => !seen.has(field));
  return [...missing.map((field) => ({text: `${field} is not set.`, mark: 'failed' as const})), ...lines];
}

const plainKeepingIndent = (text: string): string => {
  const indent = /^ */.exec(text)![0];
  return indent + plainText(text.slice(indent.length));
};

/** The path of the field in a line of YAML, from the lines before it. */
function pathAt(stack: {indent: number; path: string; items: number}[], text: string): string | undefined {
  let indent = text.search(/\S/);
  let rest = text.slice(indent);
  const pop = (keep: (frame: {indent: number; path: string; items: number}) => boolean) => {
    while (stack.length > 0 && !keep(stack.at(-1)!)) stack.pop();
  };
  while (rest.startsWith('- ')) {
    pop((frame) => frame.indent < indent || (frame.indent === indent && !frame.path.endsWith(']')));
    const parent = stack.at(-1);
    const path = `${parent?.path ?? ''}[${parent ? parent.items : 0}]`;
    if (parent) parent.items += 1;
    stack.push({indent, path, items: 0});
    rest = rest.slice(2);
    indent += 2;
  }
  const [, key] = /^("?[\w./-]+"?):(?:\s|$)/.exec(rest) ?? [];
  if (key === undefined) return undefined;
  pop((frame) => frame.indent < indent);
  const parent = stack.at(-1)?.path ?? '';
  const path = parent === '' ? key : `${parent}.${key}`;
  stack.push({indent, path, items: 0});
  return path;
}
