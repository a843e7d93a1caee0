import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parseAllDocuments} from 'yaml';
import type {Framework} from '../engine/control.ts';
import {competencyById} from '../engine/curriculum.ts';
import {Inventory} from '../engine/inventory.ts';
import {isObject, type Json} from '../engine/json.ts';
import {resourceOf} from '../engine/objects.ts';
import {POD_SECURITY_LEVELS, type PodSecurityLevel, podSecurityRefusals} from '../engine/pod-security.ts';
import {isTopLevel, isWorkload, podTemplate} from '../engine/pod-spec.ts';
import {ContentError, Field} from './yaml-field.ts';

export type Option = {
  readonly text: string;
  readonly correct: boolean;
  /** Why it is right, or wrong. */
  readonly why: string;
};

/** What the scanner says of a card's YAML. */
export type CardVerdict =
  | {readonly control: string; readonly fails: boolean}
  | {readonly level: PodSecurityLevel; readonly rejected: boolean};

/** A question with one right answer or several. */
export type Card = {
  readonly id: string;
  /** Id of today's outline. */
  readonly competency: string;
  readonly question: string;
  readonly options: readonly Option[];
  readonly explanation: string;
  /** Where it can be read: a lesson's heading, or a page of the documentation. */
  readonly source: string;
  /** Manifests that the question is about. */
  readonly yaml: string | undefined;
  readonly verdicts: readonly CardVerdict[];
  /** Made from the objects of the cluster, not written. */
  readonly generated: boolean;
};

/** All written cards of a folder. @throws {ContentError} */
export async function readCards(root: string): Promise<readonly Card[]> {
  const names = (await readdir(root).catch(() => [])).filter((name) => name.endsWith('.yaml')).sort();
  const lists = await Promise.all(
    names.map(async (name) => parseCards(await readFile(join(root, name), 'utf8'), `cards/${name}`)),
  );
  return lists.flat();
}

/** Parses a file of cards. @throws {ContentError} with file and line. */
export function parseCards(text: string, file: string): readonly Card[] {
  return Field.parse(text, file).list().map(parseCard);
}

function parseCard(field: Field): Card {
  field.only(
    ...['id', 'competency', 'question', 'options', 'explanation', 'source', 'yaml', 'verdict', 'verdicts'],
  );
  const competency = field.get('competency').text();
  if (!competencyById(competency)) {
    field.get('competency').fail(`${competency} is no competency of the curriculum.`);
  }
  const options = field
    .get('options')
    .list()
    .map((one): Option => {
      one.only('text', 'correct', 'why');
      const text = one.get('text');
      return {
        text:
          typeof text.value === 'string' ? text.text() : String(text.value ?? text.fail('text is missing.')),
        correct: one.has('correct') && one.get('correct').boolean(),
        why: one.get('why').text(),
      };
    });
  if (options.length < 2) field.get('options').fail('A card has two options at least.');
  if (!options.some(({correct}) => correct)) field.get('options').fail('No option is correct.');
  const yaml = field.get('yaml').optionalText();
  const given = field.has('verdicts') ? field.get('verdicts').list() : [];
  const verdicts = [...(field.has('verdict') ? listOf(field.get('verdict')) : []), ...given].map(
    parseVerdict,
  );
  if (verdicts.length > 0 && yaml === undefined) field.fail('A card with a verdict needs yaml to judge.');
  return {
    id: field.get('id').text(),
    competency,
    question: field.get('question').text(),
    options,
    explanation: field.get('explanation').text(),
    source: field.get('source').text(),
    yaml,
    verdicts,
    generated: false,
  };
}

const listOf = (field: Field): readonly Field[] => (Array.isArray(field.value) ? field.list() : [field]);

function parseVerdict(field: Field): CardVerdict {
  field.only('control', 'fails', 'podSecurity', 'rejected');
  return field.has('control')
    ? {control: field.get('control').text(), fails: field.get('fails').boolean()}
    : {
        level: field.get('podSecurity').oneOf(POD_SECURITY_LEVELS),
        rejected: field.get('rejected').boolean(),
      };
}

/** What the scanner really says of manifests. @throws {ContentError} when it has nothing to judge there. */
export function judge(yaml: string, verdict: CardVerdict, framework: Framework): CardVerdict {
  const inventory = new Inventory();
  for (const document of parseAllDocuments(yaml)) {
    const object = document.toJS() as Json;
    if (isObject(object)) inventory.set(resourceOf(object));
  }
  const nothing = (what: string): never => {
    throw new ContentError(`${what} has nothing to judge in:\n${yaml}`);
  };
  if ('level' in verdict) {
    const {level} = verdict;
    const workloads = [...inventory.kinds()]
      .filter(isWorkload)
      .flatMap((kind) => inventory.list(kind))
      .filter(isTopLevel);
    if (workloads.length === 0) return nothing(`Pod Security ${level}`);
    return {
      level,
      rejected: workloads.some((one) => podSecurityRefusals(level, podTemplate(one)).length > 0),
    };
  }
  const entry = framework.entries.find(({id}) => id === verdict.control);
  if (entry === undefined) throw new ContentError(`There is no control ${verdict.control}.`);
  const {control} = entry;
  const counted = control.kinds
    .flatMap((kind) => inventory.list(kind))
    .filter((one) => control.counts?.(one, inventory) ?? true);
  if (counted.length === 0) return nothing(verdict.control);
  const fails = counted.some((one) => [...control.check(one, inventory)].length > 0);
  return {control: verdict.control, fails};
}

/** Whether the marked options are exactly the right ones. */
export const isRight = ({options}: Card, marked: ReadonlySet<number>): boolean =>
  options.every(({correct}, index) => correct === marked.has(index));

export const letterOf = (index: number): string => String.fromCharCode(65 + index);
