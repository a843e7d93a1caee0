import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {LineCounter, parseAllDocuments} from 'yaml';
import {competencyById, DOMAINS, type Domain} from '../engine/curriculum.ts';
import {asObject, asString, isObject, type Json, type JsonObject} from '../engine/json.ts';
import type {ObjectRef} from './api.ts';
import {type Check, parseCheck} from './checks.ts';
import {ContentError, Field} from './yaml-field.ts';

const difficulties = ['easy', 'medium', 'hard'] as const;
export type Difficulty = (typeof difficulties)[number];

export type Criterion = {
  readonly id: string;
  /** What is so when it is met: a sentence. */
  readonly text: string;
  readonly check: Check;
};

/** A graded hands-on task. */
export type Drill = {
  /** Name of its folder. */
  readonly id: string;
  readonly folder: string;
  readonly title: string;
  /** Ids of today's outline, the first one is its own. */
  readonly competencies: readonly string[];
  readonly difficulty: Difficulty;
  readonly minutes: number;
  /** Whether it works on files of nodes, so on the practice cluster only. */
  readonly onNodes: boolean;
  /** Markdown. */
  readonly task: string;
  readonly hints: readonly string[];
  /** Made at the start, deleted with all that is in them at the end. */
  readonly namespaces: readonly string[];
  readonly setup: readonly JsonObject[];
  /** Host of a certificate that is made for each try, as `tls.crt` and `tls.key` in the work folder. */
  readonly certificateFor: string | undefined;
  /** Cluster-scoped objects that the solution makes, deleted at the end. */
  readonly cleanup: readonly ObjectRef[];
  readonly criteria: readonly Criterion[];
};

/** The domain of a drill's first competency. */
export function domainOfDrill(drill: Pick<Drill, 'competencies'>): Domain {
  const [first] = drill.competencies;
  return DOMAINS.find(({competencies}) => competencies.some(({id}) => id === first)) ?? DOMAINS[0]!;
}

/** All drills below a folder, by their domain, then from easy to hard. @throws {ContentError} */
export async function readDrills(root: string): Promise<readonly Drill[]> {
  const entries = await readdir(root, {withFileTypes: true}).catch(() => []);
  const drills = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => readDrill(root, entry.name)),
  );
  return drills.sort(
    (a, b) =>
      domainOfDrill(a).number - domainOfDrill(b).number ||
      difficulties.indexOf(a.difficulty) - difficulties.indexOf(b.difficulty) ||
      a.id.localeCompare(b.id),
  );
}

/** @throws {ContentError} with file and line. */
export async function readDrill(root: string, id: string): Promise<Drill> {
  const folder = join(root, id);
  const text = await readFile(join(folder, 'drill.yaml'), 'utf8').catch((cause: unknown) => {
    throw new ContentError(`${id}/drill.yaml: it can't be read.`, {cause});
  });
  const setup = await readFile(join(folder, 'setup.yaml'), 'utf8').catch(() => '');
  return parseDrill(text, id, folder, parseManifests(setup, `${id}/setup.yaml`));
}

/** Parses `drill.yaml`. @throws {ContentError} with file and line. */
export function parseDrill(text: string, id: string, folder = id, setup: readonly JsonObject[] = []): Drill {
  const field = Field.parse(text, `${id}/drill.yaml`).only(
    ...['title', 'competencies', 'difficulty', 'minutes', 'needs', 'task', 'hints'],
    ...['namespace', 'namespaces', 'certificateFor', 'cleanup', 'criteria'],
  );
  const competencies = field
    .get('competencies')
    .list()
    .map((one) => {
      const name = one.text();
      return competencyById(name) ? name : one.fail(`${name} is no competency of the curriculum.`);
    });
  if (competencies.length === 0) field.get('competencies').fail('A drill trains one competency at least.');
  const needs = field
    .get('needs')
    .optionalList()
    .map((one) => one.oneOf(['nodes'] as const));
  const hints = field
    .get('hints')
    .list()
    .map((one) => one.text());
  const criteria = field.get('criteria').list().map(parseCriterion);
  const double = criteria.find(({id: one}, index) => criteria.findIndex((other) => other.id === one) < index);
  if (double) field.get('criteria').fail(`Two criteria have the id ${double.id}.`);
  if (criteria.length === 0) field.get('criteria').fail('A drill has one criterion at least.');
  return {
    id,
    folder,
    title: field.get('title').text(),
    competencies,
    difficulty: field.get('difficulty').oneOf(difficulties),
    minutes: field.get('minutes').number(),
    onNodes: needs.includes('nodes'),
    task: field.get('task').text(),
    hints,
    namespaces: field.has('namespace')
      ? [field.get('namespace').text()]
      : field
          .get('namespaces')
          .optionalList()
          .map((one) => one.text()),
    setup,
    certificateFor: field.get('certificateFor').optionalText(),
    cleanup: field.get('cleanup').optionalList().map(parseRef),
    criteria,
  };
}

function parseCriterion(field: Field): Criterion {
  field.only('id', 'text', 'check');
  const id = field.get('id').text();
  if (!/^[a-z0-9-]+$/.test(id)) field.get('id').fail(`The id ${id} is not in kebab case.`);
  return {id, text: field.get('text').text().replace(/\s+/g, ' '), check: parseCheck(field.get('check'))};
}

function parseRef(field: Field): ObjectRef {
  field.only('apiVersion', 'kind', 'namespace', 'name');
  return {
    apiVersion: field.get('apiVersion').text(),
    kind: field.get('kind').text(),
    namespace: field.get('namespace').optionalText() ?? '',
    name: field.get('name').text(),
  };
}

/** The objects of a file of manifests. @throws {ContentError} with file and line. */
export function parseManifests(text: string, file: string): readonly JsonObject[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {lineCounter: lines, merge: true});
  if ('empty' in documents) return [];
  return documents.flatMap((document) => {
    const error = document.errors[0];
    if (error) {
      throw new ContentError(`${file}:${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}`, {
        cause: error,
      });
    }
    const value = document.toJS() as Json;
    if (value === null) return [];
    const line = lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line;
    const name = isObject(value) ? asString(asObject(value.metadata).name) : '';
    if (!isObject(value) || !value.apiVersion || !value.kind || !name) {
      throw new ContentError(`${file}:${line}: an object needs apiVersion, kind and metadata.name.`);
    }
    return [value];
  });
}

const refsOf = (check: Check): readonly ObjectRef[] => {
  if (check.is === 'object') return [check.object];
  if (check.is === 'all' || check.is === 'any') return check.checks.flatMap(refsOf);
  return check.is === 'not' ? refsOf(check.check) : [];
};

export function refOf({apiVersion, kind, metadata}: JsonObject): ObjectRef {
  const {namespace, name} = asObject(metadata);
  return {
    ...{apiVersion: asString(apiVersion), kind: asString(kind)},
    ...{namespace: asString(namespace), name: asString(name)},
  };
}

/** Objects outside its namespaces that a drill makes or asks for. */
export function outsideOf(drill: Drill): readonly ObjectRef[] {
  const own = new Set(drill.namespaces);
  const all = [
    ...drill.setup.map(refOf),
    ...drill.criteria.flatMap(({check}) => refsOf(check)),
    ...drill.cleanup,
  ];
  const seen = new Set<string>();
  return all.filter(({kind, namespace, name}) => {
    const key = `${kind}/${namespace}/${name}`;
    if (own.has(namespace) || kind === 'Namespace' || kind === 'Node' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
