import {type Document, type ParsedNode, parseAllDocuments, type ScalarTag, type Tags} from 'yaml';
import type {Json} from '../../engine/json.ts';

// kubectl and API server read YAML 1.1 words and octals: `hostNetwork: yes` is true, `defaultMode: 0644` is 420.
const boolTag = (value: boolean, test: RegExp): ScalarTag => ({
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  identify: (given) => given === value,
  test,
  resolve: () => value,
  stringify: () => String(value),
});
const octalTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
};

const tags = (core: Tags): Tags => [
  boolTag(true, /^(?:[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/),
  boolTag(false, /^(?:[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/),
  octalTag,
  ...core.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:bool'),
];

export const yamlOptions = {
  merge: true,
  customTags: tags,
  // An excerpt of the source could show a credential.
  prettyErrors: false,
  logLevel: 'error',
} as const;

export type YamlDocument = Document.Parsed<ParsedNode>;

/** All documents of a text; an empty text has none. Errors are in the documents. */
export function parseYaml(text: string, keepSourceTokens = false): readonly YamlDocument[] {
  const parsed = parseAllDocuments(text, {...yamlOptions, keepSourceTokens});
  return 'empty' in parsed ? [] : parsed;
}

/** The data of a document. @throws {Error} for aliases that would expand without end. */
export const toJson = (document: YamlDocument): Json => document.toJS() as Json;
