export type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Of the element and all that it holds, references resolved. */
  readonly text: string;
};

const empty = new Set(['meta', 'br', 'hr', 'img', 'link', 'input', 'base']);
const entities: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'"};

/**
 * Reads XML, or HTML that is written as strictly. @throws for a tag that is not closed, an attribute without quotes, a
 * lone `<` or `&`, and characters that XML does not have.
 */
export function readMarkup(source: string): Element {
  const control = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(source);
  if (control) throw new Error(`XML has no character ${control[0].codePointAt(0)}, at ${control.index}.`);
  let at = 0;
  const rest = () => source.slice(at);
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest());
    if (match) at += match[0].length;
    return match;
  };
  take(/^<\?xml [^?]*\?>\s*/);
  take(/^<!doctype html>\s*/);
  const root = element();
  take(/^\s*/);
  if (at !== source.length) throw new Error(`Something follows the root: ${rest().slice(0, 60)}`);
  return root;

  function element(): Element {
    const open = take(/^<([A-Za-z][\w-]*)/);
    if (!open?.[1]) throw new Error(`No element at ${at}: ${rest().slice(0, 60)}`);
    const name = open[1];
    const attributes: Record<string, string> = {};
    for (;;) {
      const attribute = take(/^\s+([\w-]+)="([^"<]*)"/);
      if (!attribute) break;
      const [, key = '', value = ''] = attribute;
      if (key in attributes) throw new Error(`${name} has ${key} twice.`);
      attributes[key] = resolve(value);
    }
    if (take(/^\s*\/>/)) return {name, attributes, children: [], text: ''};
    if (!take(/^\s*>/)) throw new Error(`The tag ${name} does not end: ${rest().slice(0, 60)}`);
    if (empty.has(name)) return {name, attributes, children: [], text: ''};
    if (name === 'style') {
      const raw = take(/^[^<]*<\/style>/);
      if (!raw) throw new Error('The style does not end.');
      return {name, attributes, children: [], text: ''};
    }
    const children: Element[] = [];
    let text = '';
    for (;;) {
      text += resolve(take(/^[^<]*/)?.[0] ?? '');
      if (take(new RegExp(`^</${name}\\s*>`))) return {name, attributes, children, text};
      const child = element();
      children.push(child);
      text += child.text;
    }
  }

  function resolve(text: string): string {
    return text.replace(/&([#\w]*);?/g, (whole, name: string) => {
      const found = entities[name];
      if (found === undefined || !whole.endsWith(';')) throw new Error(`${whole} is no reference: ${text}`);
      return found;
    });
  }
}

/** All elements of a name below an element, in order. */
export const elements = (root: Element, name: string): readonly Element[] =>
  root.children.flatMap((child) => [...(child.name === name ? [child] : []), ...elements(child, name)]);
