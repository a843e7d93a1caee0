import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {domainOf} from '../engine/curriculum.ts';
import type {Lesson} from '../engine/lesson.ts';
import {packageRoot} from './places.ts';

const folder = () => join(packageRoot(), 'lessons');

/** Where the build puts all lessons as they are parsed: a scan needs their domains, and their YAML takes 40 ms. */
export const compiledLessons = 'lessons.json';

type Compiled = readonly (readonly [practice: string, lesson: Lesson])[];

async function readCompiled(): Promise<ReadonlyMap<string, Lesson> | undefined> {
  if (import.meta.url.endsWith('.ts')) return undefined;
  const text = await readFile(join(packageRoot(), 'dist', compiledLessons), 'utf8');
  return new Map(JSON.parse(text) as Compiled);
}

/** The lesson of a practice. @throws when the package holds none. */
export async function readLesson(practice: string): Promise<Lesson> {
  const compiled = (await readCompiled())?.get(practice);
  if (compiled) return compiled;
  const {parseLesson} = await import('../engine/lesson.ts');
  const text = await readFile(join(folder(), `${practice}.md`), 'utf8');
  // Not each practice has more to show than its lesson does.
  const examples = await readFile(join(folder(), 'examples', `${practice}.md`), 'utf8').catch(
    () => undefined,
  );
  return parseLesson(text, practice, examples);
}

/** Reads lessons one by one, the compiled ones once for all: a screen asks for each. */
export function lessonReader(): (practice: string) => Promise<Lesson | undefined> {
  let compiled: ReturnType<typeof readCompiled> | undefined;
  return async (practice) => {
    compiled ??= readCompiled();
    return (await compiled)?.get(practice) ?? readLesson(practice);
  };
}

/** All lessons by the id of their practice. */
export async function readLessons(): Promise<ReadonlyMap<string, Lesson>> {
  const compiled = await readCompiled();
  if (compiled) return compiled;
  const names = (await readdir(folder()))
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -3));
  return new Map(await Promise.all(names.map(async (name) => [name, await readLesson(name)] as const)));
}

/** Number of the CKS domain of a practice in the outline that fits the framework; empty where it has none. */
export function domainNumber(
  lessons: ReadonlyMap<string, Lesson>,
  framework: string,
): (practice: string) => string {
  const outline = framework === 'nsa-2021' ? '2021' : 'today';
  return (practice) => {
    const lesson = lessons.get(practice);
    const domain = lesson && domainOf(lesson, outline);
    return domain ? String(domain.number) : '-';
  };
}
