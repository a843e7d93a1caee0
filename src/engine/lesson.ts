import {parseDocument} from 'yaml';
import {competencyById, type DomainId, isDomainId} from './curriculum.ts';
import {isArray, isObject, type JsonObject} from './json.ts';
import {type ControlExample, parseExamples} from './lesson-examples.ts';
import {type Block, type CodeBlock, MarkdownError, parseMarkdown} from './markdown.ts';

export type {ControlExample} from './lesson-examples.ts';
export {type LessonView, renderLesson} from './lesson-lines.ts';
export type {Line, Span, SpanStyle} from './markdown-lines.ts';

/** The headings of every lesson, in this order. */
export const LESSON_HEADINGS = [
  'What the attacker gains',
  'What to do',
  'Before',
  'After',
  'How to verify',
  'What commonly breaks',
  'In the guidance',
  'In the CKS',
] as const;
export type LessonHeading = (typeof LESSON_HEADINGS)[number];

export const ATTACKERS = ['supply-chain', 'malicious-actor', 'insider'] as const;
export type Attacker = (typeof ATTACKERS)[number];

/** `Before` or `After`: text of a file, and the controls that it fails or passes; none where no control sees it. */
export type Example = {
  readonly code: CodeBlock;
  readonly controls: readonly string[];
};

export type LessonSection = {readonly heading: LessonHeading; readonly blocks: readonly Block[]};

/** The lesson of one practice. */
export type Lesson = {
  /** Id of the practice. */
  readonly id: string;
  readonly title: string;
  /** Of the NSA/CISA guidance, version 1.2. */
  readonly section: string;
  /** Null where the outline of 2021 had no place for it. */
  readonly cks2021: DomainId | null;
  readonly cksToday: readonly DomainId[];
  /** Ids of today's competencies. */
  readonly competencies: readonly string[];
  /** Ids of the controls of all editions. */
  readonly controls: readonly string[];
  /** One to three sentences of plain text, two lines of 76 columns at most. */
  readonly gist: string;
  readonly attackers: readonly Attacker[];
  /** One for each heading, in order. */
  readonly sections: readonly LessonSection[];
  readonly before: Example;
  readonly after: Example;
  /** One for each control that Before and After do not show, as far as a file has something to show. */
  readonly examples: readonly ControlExample[];
};

/**
 * Parses `lessons/<id>.md`, and the text of `lessons/examples/<id>.md` where there is one. Throws an Error that names
 * file, line and what to do.
 */
export function parseLesson(text: string, id: string, examples?: string): Lesson {
  const lesson = placed(`lessons/${id}.md`, () => parse(text, id));
  return examples === undefined
    ? lesson
    : {...lesson, examples: placed(`lessons/examples/${id}.md`, () => parseExamples(examples))};
}

function placed<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MarkdownError)) throw error;
    throw new Error(`${file}:${error.line}: ${error.message}`, {cause: error});
  }
}

function parse(text: string, id: string): Lesson {
  const [, front, body] = /^---\n(.*?\n)---\n(.*)$/s.exec(text) ?? [];
  if (front === undefined || body === undefined) {
    throw new MarkdownError(1, 'A lesson begins with frontmatter between two lines of ---.');
  }
  const sections = sectionsOf(parseMarkdown(body, front.split('\n').length + 2));
  return {
    id,
    ...parseFrontmatter(front),
    sections,
    before: exampleOf(sections, 'Before', 'fails'),
    after: exampleOf(sections, 'After', 'passes'),
    examples: [],
  };
}

function parseFrontmatter(front: string) {
  const document = parseDocument(front);
  const problem = document.errors[0];
  if (problem) throw new MarkdownError((problem.linePos?.[0].line ?? 1) + 1, problem.message);
  const data: unknown = document.toJS();
  if (!isObject(data)) throw new MarkdownError(2, 'The frontmatter has to be a mapping.');
  const field = fieldsOf(front, data);
  const domain = (value: string): value is DomainId => isDomainId(value);
  return {
    title: field.text('title'),
    section: field.text('section'),
    cks2021: data.cks2021 === null ? null : field.one('cks2021', domain),
    cksToday: field.list('cksToday', domain),
    competencies: field.list('competencies', (value): value is string => competencyById(value) !== undefined),
    controls: field.list('controls', (value): value is string => value !== ''),
    gist: field.text('gist'),
    attackers: field.list('attackers', (value): value is Attacker =>
      ATTACKERS.some((known) => known === value),
    ),
  };
}

/** Reads fields of the frontmatter; what is missing or wrong is told with its line. */
function fieldsOf(front: string, data: JsonObject) {
  const fail = (key: string, wanted: string): never => {
    const at = front.split('\n').findIndex((line) => line.startsWith(`${key}:`));
    throw new MarkdownError(
      at + 2,
      `${key} has to be ${wanted}, it is ${JSON.stringify(data[key]) ?? 'not set'}.`,
    );
  };
  const text = (key: string): string => {
    const value = data[key];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : fail(key, 'text');
  };
  const one = <T extends string>(key: string, known: (value: string) => value is T): T => {
    const value = text(key);
    return known(value) ? value : fail(key, 'a known id');
  };
  const list = <T extends string>(key: string, known: (value: string) => value is T): readonly T[] => {
    const value = data[key];
    if (!isArray(value)) return fail(key, 'a list');
    return value.map((item) =>
      typeof item === 'string' && known(item) ? item : fail(key, 'a list of known ids'),
    );
  };
  return {text, one, list};
}

function sectionsOf(blocks: readonly Block[]): readonly LessonSection[] {
  const headings = blocks.filter((block) => block.kind === 'heading');
  if (blocks[0] && blocks[0].kind !== 'heading') {
    throw new MarkdownError(blocks[0].line, `The text begins with the heading "## ${LESSON_HEADINGS[0]}".`);
  }
  const sections = LESSON_HEADINGS.map((wanted, index) => {
    const found = headings[index];
    if (found?.text !== wanted || found.depth !== 2) {
      const line = found?.line ?? blocks.at(-1)?.line ?? 1;
      throw new MarkdownError(line, `The heading "## ${wanted}" is expected here.`);
    }
    const next = headings[index + 1];
    const content = blocks.slice(blocks.indexOf(found) + 1, next ? blocks.indexOf(next) : blocks.length);
    if (content.length === 0) throw new MarkdownError(found.line, `"${wanted}" has no content.`);
    return {heading: wanted, blocks: content};
  });
  const extra = headings[LESSON_HEADINGS.length];
  if (extra) throw new MarkdownError(extra.line, `"${extra.text}" is not a heading of a lesson.`);
  return sections;
}

function exampleOf(
  sections: readonly LessonSection[],
  heading: 'Before' | 'After',
  verdict: 'fails' | 'passes',
): Example {
  const [code, other] = sections.find((section) => section.heading === heading)?.blocks ?? [];
  if (code?.kind !== 'code' || other) {
    throw new MarkdownError(
      (other ?? code)?.line ?? 1,
      `"${heading}" holds one code block and nothing else.`,
    );
  }
  for (const key of Object.keys(code.attributes)) {
    if (key !== verdict) throw new MarkdownError(code.line, `${heading} may say ${verdict}=, not ${key}=.`);
  }
  return {code, controls: code.attributes[verdict]?.split(',') ?? []};
}
