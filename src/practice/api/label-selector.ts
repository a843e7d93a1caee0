import {badRequest, invalidValue} from './api-error.ts';
import {labelValueProblems, qualifiedNameProblems} from './validation/rules.ts';

export type Requirement = {
  readonly key: string;
  readonly operator: 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';
  readonly values: readonly string[];
};
export type LabelSelector = readonly Requirement[];

type Token = {readonly is: 'word' | 'symbol' | 'end'; readonly text: string};

const symbols = ['==', '!=', '=', '!', '>', '<', '(', ')', ','];
const operators: Readonly<Record<string, Requirement['operator']>> = {
  in: 'in',
  notin: 'notin',
  '=': 'in',
  '==': 'in',
  '!=': 'notin',
  '>': 'gt',
  '<': 'lt',
};

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at += 1;
      continue;
    }
    const symbol = symbols.find((one) => text.startsWith(one, at));
    const found = symbol ?? /^[^\s=!<>(),]+/.exec(text.slice(at))![0];
    tokens.push({is: symbol ? 'symbol' : 'word', text: found});
    at += found.length;
  }
  return tokens;
}

const end: Token = {is: 'end', text: ''};

/** Reads the tokens of a selector one by one, with the refusals of the real server's own parser. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  get next(): Token {
    return this.#tokens[this.#at] ?? end;
  }

  take(): Token {
    const token = this.next;
    this.#at += 1;
    return token;
  }

  is(text: string): boolean {
    return this.next.is === 'symbol' && this.next.text === text;
  }

  all(): LabelSelector {
    const requirements: Requirement[] = [];
    while (this.next.is !== 'end') {
      if (this.next.is !== 'word' && !this.is('!'))
        throw badRequest(`found '${this.next.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const after = this.take();
      if (after.is === 'end') break;
      if (after.text !== ',' || after.is !== 'symbol')
        throw badRequest(`found '${after.text}', expected: ',' or 'end of string'`);
      if (this.next.is !== 'word' && !this.is('!'))
        throw badRequest(`found '${this.next.text}', expected: identifier after ','`);
    }
    return requirements;
  }

  #fail(why: string): never {
    throw badRequest(`unable to parse requirement: ${why}`);
  }

  #requirement(): Requirement {
    const absent = this.is('!');
    if (absent) this.take();
    const {is, text: key} = this.take();
    if (is !== 'word') this.#fail(`found '${key}', expected: identifier`);
    const problems = qualifiedNameProblems(key);
    if (problems.length > 0) this.#fail(`<nil>: ${invalidValue('', key, problems.join('; ')).message}`);
    if (absent) return {key, operator: '!', values: []};
    if (this.next.is === 'end' || this.is(',')) return {key, operator: 'exists', values: []};
    const sign = this.take().text;
    const operator = operators[sign];
    if (!operator) this.#fail(`found '${sign}', expected: in, notin, =, ==, !=, gt, lt`);
    const values = sign === 'in' || sign === 'notin' ? this.#values() : [this.#value()];
    this.#check(key, operator, values);
    return {key, operator, values};
  }

  #check(key: string, operator: Requirement['operator'], values: readonly string[]): void {
    const wrong: string[] = [];
    for (const [index, value] of values.entries()) {
      const isNumber = /^[-+]?\d+$/.test(value);
      if ((operator === 'gt' || operator === 'lt') && !isNumber)
        wrong.push(
          `values[${index}]: ${invalidValue('', value, "for 'Gt', 'Lt' operators, the value must be an integer").message}`,
        );
    }
    for (const [index, value] of values.entries()) {
      const problems = labelValueProblems(value);
      if (problems.length > 0)
        wrong.push(`values[${index}][${key}]: ${invalidValue('', value, problems.join('; ')).message}`);
    }
    if (wrong.length > 0) this.#fail(wrong.length === 1 ? wrong[0]! : `[${wrong.join(', ')}]`);
  }

  #value(): string {
    if (this.next.is === 'end' || this.is(',')) return '';
    const {is, text} = this.take();
    if (is !== 'word') this.#fail(`found '${text}', expected: identifier`);
    return text;
  }

  #values(): readonly string[] {
    const open = this.take();
    if (open.text !== '(' || open.is !== 'symbol') this.#fail(`found '${open.text}' expected: '('`);
    const first = this.next;
    if (this.is(')')) {
      this.take();
      return [''];
    }
    if (first.is !== 'word' && !this.is(','))
      this.#fail(`found '${first.text}', expected: ',', ')' or identifier`);
    const values = this.#list();
    if (this.take().text !== ')') this.#fail(`found '${first.text}', expected: ')'`);
    return [...values].sort();
  }

  #list(): Set<string> {
    const values = new Set<string>();
    for (;;) {
      const {is, text} = this.take();
      if (is === 'word') {
        values.add(text);
        if (this.is(')')) return values;
        if (!this.is(',')) this.#fail(`found '${this.next.text}', expected: ',' or ')'`);
      } else if (is === 'symbol' && text === ',') {
        if (values.size === 0) values.add('');
        if (this.is(')')) {
          values.add('');
          return values;
        }
        if (this.is(',')) values.add('');
      } else this.#fail(`found '${text}', expected: ',', or identifier`);
    }
  }
}

/**
 * Reads `a=b,c!=d,e in (f,g),!h,i`.
 * @throws {ApiError} 400 when it is none.
 */
export const parseLabelSelector = (text: string): LabelSelector => new Parser(text).all();
