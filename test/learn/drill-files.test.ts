import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Check} from '../../src/learn/checks.ts';
import {type Drill, readDrills} from '../../src/learn/drill.ts';
import {drillsFolder, pristineNodes} from '../helpers/drills.ts';

const root = join(import.meta.dirname, '../..');
const drills = await readDrills(drillsFolder);

/** Paths of the files below a folder. */
const filesOf = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, {recursive: true, withFileTypes: true})
        .filter((entry) => entry.isFile())
        .map(({parentPath, name}) => join(parentPath, name).slice(folder.length + 1))
        .sort()
    : [];

/** Files that the learner writes: those that a criterion reads. */
function judged(check: Check): readonly string[] {
  if (check.is === 'file') return [check.file];
  if (check.is === 'all' || check.is === 'any') return check.checks.flatMap(judged);
  return check.is === 'not' ? judged(check.check) : [];
}

const given = ({folder, certificateFor}: Drill): readonly string[] => [
  ...filesOf(join(folder, 'files')),
  ...(certificateFor ? ['tls.crt', 'tls.key'] : []),
];
const onNodes = filesOf(pristineNodes);
const ends = (paths: readonly string[], name: string): boolean =>
  paths.some((path) => `/${path}`.endsWith(`/${name.replace(/^\//, '')}`));

const fileName = /`([\w./-]+\.(?:txt|jsonl?|ya?ml|log|sh|crt|key|conf|pem|csr|cfg)|[\w./-]*Dockerfile)`/g;
const named = ({task}: Drill): readonly string[] => [...task.matchAll(fileName)].map(([, name]) => name!);

describe('files of drills', () => {
  it('that a task names are given, lie on a node, or are what the learner writes', () => {
    const missing = drills.flatMap((drill) => {
      const known = [
        ...given(drill),
        ...onNodes,
        ...filesOf(join(drill.folder, 'nodes')),
        ...drill.criteria.flatMap(({check}) => judged(check)),
      ];
      return (
        named(drill)
          // An absolute path that a criterion asks for is the value of a field, as that of a log to come.
          .filter((name) => !(name.startsWith('/') && JSON.stringify(drill.criteria).includes(name)))
          .filter((name) => !ends(known, name))
          .map((name) => `${drill.id}: ${name}`)
      );
    });
    expect(drills.flatMap(named).length).toBeGreaterThan(80);
    expect(missing).toEqual([]);
  });

  it('that are given are named by the task, or lie in a folder that it names', () => {
    const unnamed = drills.flatMap((drill) =>
      given(drill)
        .filter((path) => {
          const name = path.split('/').at(-1)!;
          const folder = path.split('/')[0]!;
          return !drill.task.includes(name) && !drill.task.includes(`\`${folder}`);
        })
        .map((path) => `${drill.id}: ${path}`),
    );
    expect(unnamed).toEqual([]);
  });

  it.skipIf(!existsSync(join(root, '.git')))('belong to the repository, all of them', () => {
    const folder = 'src/learn/drills';
    const tracked = execFileSync('git', ['ls-files', '-z', '--', folder], {cwd: root, encoding: 'utf8'});
    const inGit = new Set(tracked.split('\0').map((path) => path.slice(folder.length + 1)));
    const untracked = filesOf(join(root, folder)).filter((path) => !inGit.has(path));
    expect(untracked, 'git add them, also those that .gitignore leaves out').toEqual([]);
  });

  it('are in the built program, all but the wrong solutions', () => {
    const wanted = filesOf(drillsFolder).filter((path) => path.split('/')[1] !== 'wrong');
    expect(filesOf(join(root, 'dist/drills'))).toEqual(wanted);
    const {drills: compiled} = JSON.parse(readFileSync(join(root, 'dist/study.json'), 'utf8'));
    expect(compiled.map(({id}: Drill) => id)).toEqual(drills.map(({id}) => id));
  });

  it('hold no private key: one in the repository sets off every scanner for secrets', () => {
    const keys = filesOf(drillsFolder).filter((path) =>
      /BEGIN [A-Z ]*PRIVATE KEY/.test(readFileSync(join(drillsFolder, path), 'utf8')),
    );
    expect(keys).toEqual([]);
  });
});
