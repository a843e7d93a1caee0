import type {YAMLError} from 'yaml';

/** A place that could not be read, and why, in full sentences. */
export type Problem = {
  /** `path:line:column`, or a path. */
  readonly source: string;
  readonly message: string;
};

// Sentences of our own where the parser's would repeat text of the file, which may be a credential.
const sentences: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'The key stands here for the second time in its mapping',
  UNEXPECTED_TOKEN: 'This does not belong here',
  BAD_SCALAR_START: 'A plain value can not start with this character: quote it',
  TAB_AS_INDENT: 'A tab is no indentation in YAML: use spaces',
  BAD_INDENT: 'The indentation does not fit the lines above',
  MULTILINE_IMPLICIT_KEY: 'A key can not span lines: is a colon or an indentation wrong here',
  BLOCK_AS_IMPLICIT_KEY: 'Two keys stand on one line: quote the value',
  MISSING_CHAR: 'A closing quote, bracket, comma or colon is missing',
  BAD_ALIAS: 'An alias refers to an anchor that is not there',
};

export function parseMessage(error: YAMLError, text: string): string {
  if (text.includes('{{')) {
    return 'It is a template (`{{`), no YAML: render it (`helm template`) and scan what comes out.';
  }
  return notRead(sentences[error.code] ?? error.message.replace(/: ".*$/s, '').replace(/\.$/, ''));
}

/** What expanding the aliases of a document failed of. */
export const aliasMessage = (error: ReferenceError): string =>
  notRead(
    error.message.startsWith('Excessive') ? 'Its aliases expand to too much data' : sentences.BAD_ALIAS!,
  );

const notRead = (sentence: string): string =>
  `${sentence}. The document was not read: correct it and rescan.`;

/** Where an API group moved to, for objects that no API server of today takes. */
export function retiredMessage(name: string, apiVersion: string, today: string): string {
  return `${name} has apiVersion ${apiVersion}, which no supported Kubernetes serves: change it to ${today} to have it checked.`;
}

export const duplicateMessage = notRead(sentences.DUPLICATE_KEY!);
