import {stringify} from 'yaml';
import {isArray, isObject, type Json} from '../../engine/json.ts';
import {parseYaml, toJson, yamlOptions} from './yaml.ts';

/** How the author of a document writes, so that what is added looks the same. */
export type Style = {
  readonly eol: '\n' | '\r\n';
  /** Columns per level. */
  readonly step: number;
  /** Whether a list stands deeper than its key. */
  readonly indentLists: boolean;
};

export function styleOf(text: string): Style {
  const list = /^( *)(?:- )?[\w"'./-]+:[ \t]*\r?\n( *)- /m.exec(text);
  const map = /^( *)[\w"'./-]+:[ \t]*\r?\n( +)[\w"'./-]+:/m.exec(text);
  const step = map ? map[2]!.length - map[1]!.length : 2;
  return {
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    step: step > 0 && step <= 8 ? step : 2,
    indentLists: list !== null && list[2]!.length > list[1]!.length && !list[0].includes('- '.repeat(2)),
  };
}

function write(json: Json, style: Style): string {
  const options = {
    ...yamlOptions,
    // So that no reader of YAML 1.1 takes a string for a number or a boolean.
    compat: 'yaml-1.1',
    indent: style.step,
    indentSeq: style.indentLists,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  } as const;
  const text = stringify(json, options);
  // A block scalar that keeps the blank lines behind it would take those of its new neighbours too.
  return /[|>]\d*\+/.test(text) ? stringify(json, {...options, blockQuote: false}) : text;
}

/** A value as block text, its lines indented by so many columns; no line break at the end. */
export function blockText(json: Json, style: Style, indent: number): string {
  const lines = write(json, style).replace(/\n$/, '').split('\n');
  return lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join(style.eol);
}

/** A scalar or an empty collection on one line; a string in the quotes that stood there before. */
export function scalarText(json: Json, old: 'QUOTE_DOUBLE' | 'QUOTE_SINGLE' | 'PLAIN', style: Style): string {
  if (typeof json === 'string') {
    if (old === 'QUOTE_DOUBLE') return JSON.stringify(json);
    if (old === 'QUOTE_SINGLE' && !/[\n\r\t]/.test(json)) return `'${json.replaceAll("'", "''")}'`;
  }
  const text = write(json, style).replace(/\n$/, '');
  return text.includes('\n') ? JSON.stringify(json) : text;
}

const plain = /^[A-Za-z_/][\w./-]*$/;

/** Whether a string means itself without quotes, also between brackets and to readers of YAML 1.1. */
function isPlain(text: string): boolean {
  if (!plain.test(text) || /^(?:y|n|true|false|yes|no|on|off|null)$/i.test(text)) return false;
  const [document] = parseYaml(text);
  return document !== undefined && toJson(document) === text;
}

/** A value in flow style on one line: `{a: b, c: [d]}`, or as JSON. */
export function flowText(json: Json, asJson: boolean): string {
  const key = (text: string) => (!asJson && isPlain(text) ? text : JSON.stringify(text));
  if (isArray(json)) return `[${json.map((item) => flowText(item, asJson)).join(', ')}]`;
  if (isObject(json)) {
    const pairs = Object.entries(json).map(([name, value]) => `${key(name)}: ${flowText(value, asJson)}`);
    return `{${pairs.join(', ')}}`;
  }
  return typeof json === 'string' ? key(json) : JSON.stringify(json);
}
