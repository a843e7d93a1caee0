type Brace = {
  /** The type that a literal names: `Object.spec`; undefined for a map, or another bracket. */
  readonly type: string | undefined;
  /** The type that its place asks for. */
  readonly path: string;
  readonly close: string;
  /** The field that is being given a value. */
  field: string;
};

const word = /[A-Za-z_][A-Za-z0-9_]*(?:\s*\.\s*[A-Za-z_][A-Za-z0-9_]*)*/y;
const string = /[rRbB]{0,2}("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/y;
const field = /(?:\s|\/\/[^\n]*)*(\?)?\s*(?:([A-Za-z_][A-Za-z0-9_]*)|`([^`]+)`)\s*:/y;
const jsonPatch = 'JSONPatch';

/** An expression in other words. */
export type Translation = {
  readonly text: string;
  /** What is wrong with the types that its literals name; told after it was evaluated. */
  readonly problem: string;
  /** Whether it has any such literal. */
  readonly hasLiterals: boolean;
  /** Where a place of the text is in the expression. */
  readonly origin: (offset: number) => number;
};

/**
 * An expression of a mutation with its literals of objects (`Object{spec: Object.spec{...}}`, `JSONPatch{...}`) as maps,
 * which is what the language has here.
 */
export function withMaps(expression: string): Translation {
  const places: (readonly [text: number, expression: number])[] = [];
  const problems: string[] = [];
  let hasLiterals = false;
  const braces: Brace[] = [];
  let result = '';
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(expression);
  };
  const take = (text: string): void => {
    places.push([result.length, at]);
    result += text;
    at += text.length;
  };
  /** The name of a field, where the literal has one next. */
  const takeField = (): void => {
    const brace = braces.at(-1);
    if (brace?.type === undefined) return;
    const found = match(field);
    if (!found) return;
    const name = found[2] ?? found[3] ?? '';
    brace.field = name;
    result += `${found[1] ?? ''}${JSON.stringify(name)}:`;
    at += found[0].length;
  };
  while (at < expression.length) {
    const char = expression[at]!;
    const text = match(string);
    if (text) {
      take(text[0]);
      continue;
    }
    if (expression.startsWith('//', at)) {
      // What the library reads has no comments.
      at += /^[^\n]*/.exec(expression.slice(at))![0].length;
      continue;
    }
    const name = /[A-Za-z0-9_]/.test(expression[at - 1] ?? '') ? null : match(word);
    if (name) {
      const type = name[0].replaceAll(/\s/g, '');
      const open = /^\s*\{/.exec(expression.slice(at + name[0].length));
      if (open && (type === jsonPatch || /^Object(\.|$)/.test(type))) {
        hasLiterals = true;
        const path = pathOf(type, braces);
        if (path !== type) problems.push(mismatch(type, path));
        at += name[0].length + open[0].length;
        result += 'dyn({';
        braces.push({type, path, close: '})', field: ''});
        takeField();
      } else take(name[0]);
      continue;
    }
    if ('{[('.includes(char)) braces.push({type: undefined, path: '', close: '', field: ''});
    else if ('}])'.includes(char)) {
      const closed = braces.pop();
      if (closed?.type !== undefined && char === '}') {
        result += closed.close;
        at += 1;
        continue;
      }
    }
    take(char);
    if (char === ',') takeField();
  }
  const origin = (offset: number): number => {
    const [text, from] = places.findLast(([start]) => start <= offset) ?? [0, 0];
    return from + offset - text;
  };
  return {text: result, problem: problems.join('\n'), hasLiterals, origin};
}

/** The type of a literal at this place; of a value in a JSON patch any will do. */
function pathOf(type: string, braces: readonly Brace[]): string {
  if (type === jsonPatch) return type;
  const outer = braces.findLast((brace) => brace.type !== undefined);
  if (outer?.type === undefined) return 'Object';
  return outer.type === jsonPatch ? type : `${outer.path}.${outer.field}`;
}

const mismatch = (type: string, expected: string): string =>
  `unexpected type name ${JSON.stringify(type)}, expected ${JSON.stringify(expected)}, which matches field name path from root Object type`;
