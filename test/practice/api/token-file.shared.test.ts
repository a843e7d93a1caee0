import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {parse, stringify} from 'yaml';
import {readTokenFile} from '../../../src/practice/api/token-file.ts';
import {hasShared} from '../../helpers/shared.ts';
import {connect, newNamespace} from './differential.ts';
import {type Case, create} from './differential-requests.ts';
import {type FlaggedPair, startFlagged} from './flagged-pair.ts';
import {newDirectory, removeDirectory} from './practice.ts';
import {startSecondServer} from './second-server.ts';

const tokens = `plain-token,alice,1
grouped-token,bob,2,"team,system:masters"
one-group,carol,3,readers
,nobody,4
twice,first,5
twice,second,6,"a ""b"""
no-uid,dora,
guest,eve,7,system:unauthenticated

with space, frank ,8
`;
const group = 'authentication.k8s.io/v1';
const whoAmI = create('who am I', `/apis/${group}/selfsubjectreviews`, {
  apiVersion: group,
  kind: 'SelfSubjectReview',
});
const asked: readonly Case[] = [
  whoAmI,
  {name: 'namespaces', path: '/api/v1/namespaces/none'},
  {name: 'version', path: '/version/'},
];

describe.skipIf(!hasShared)('tokens of a file', () => {
  const namespace = newNamespace();
  const folder = newDirectory();
  let pair: FlaggedPair;
  beforeAll(async () => {
    pair = await startFlagged(namespace, ['--token-auth-file=$dir/tokens.csv'], {'tokens.csv': tokens});
  }, 180_000);
  afterAll(async () => {
    await pair?.stop();
    removeDirectory(folder);
  }, 60_000);

  const names = [
    'plain-token',
    'grouped-token',
    'one-group',
    'twice',
    'no-uid',
    'guest',
    'with space',
    'other',
  ];
  test.each(names)('%s is whose it is on a real server', async (token) => {
    const [real, ours] = pair.configs.map((config, index) => {
      const kubeconfig = parse(readFileSync(config, 'utf8')) as {users: {user: unknown}[]};
      kubeconfig.users[0]!.user = {token};
      const file = join(folder, `${token}-${index}`);
      writeFileSync(file, stringify(kubeconfig));
      return connect(file);
    });
    const different = await pair.compare(asked, {real: real!, ours: ours!});
    // A review of ours has no managed fields; whose build the version is differs.
    delete different.version;
    const lines = Object.entries(different).map(([name, found]) => [
      name,
      found.filter((line) => !line.startsWith('body.metadata.managedFields: ')),
    ]);
    expect(lines.filter(([, found]) => found!.length > 0)).toEqual([]);
    // Who is not authenticated may not even ask that.
    const wanted = {other: 401, 'with space': 401, guest: 403}[token] ?? 201;
    expect((await ours!(whoAmI, namespace)).status).toBe(wanted);
  });

  const broken: Readonly<Record<string, string>> = {
    'two columns': 'a,b,1\nc,d\n',
    'a bare quote': 'a,b"c,1\n',
    'an open quote': 'a,b,1,"c\n',
    'a quote and more': 'a,b,1,"c"d\n',
    'an open quote over lines': 'a,b,1\n\nc,d,2,"e\nf\n',
    'a quote and more over lines': 'a,b,1,"c\nd"e\n',
    'an open quote at the end': 'a,b,1,"c',
  };
  test.each(Object.keys(broken))(
    '%s: a server does not start',
    async (name) => {
      const file = join(folder, `${name.replaceAll(' ', '-')}.csv`);
      writeFileSync(file, broken[name]!);
      const real = await startSecondServer(pair.plane, [`--token-auth-file=${file}`], 'broken').then(
        () => 'it started',
        (error: Error) => error.message,
      );
      let fault = '';
      try {
        readTokenFile(file, broken[name]!);
      } catch (error) {
        fault = (error as Error).message;
      }
      expect(fault).not.toBe('');
      expect(real).toContain(`"command failed" err=${JSON.stringify(fault)}`);
    },
    120_000,
  );
});
