import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {makeWorkplace, type Workplace} from '../helpers/kubekata.ts';

let place: Workplace;
beforeAll(() => {
  place = makeWorkplace();
});
afterAll(() => place.remove());

const fixing = (...words: readonly string[]) => place.run(['fix', '--practice', ...words]);
const undo = (number: number) => place.run(['undo', String(number), '--practice', '--yes']);
const nodes = (): string => join(place.environment.KUBEKATA_HOME ?? '', 'practice/nodes');
const text = (file: string): string => readFileSync(join(nodes(), file), 'utf8');

it('fix writes a file of a practice node, and undo puts it back', {timeout: 120_000}, async () => {
  const file = 'rpi-3/var/lib/kubelet/config.yaml';
  const shown = await fixing('--control', 'C-0069', '--include', 'review', '--dry-run');
  expect(shown.stdout).toContain(`--- a/${file}\n+++ b/${file}\n`);
  expect(shown.stdout).toContain('-  anonymous: {enabled: true}\n+  anonymous: {enabled: false}\n');
  const before = text(file);

  const left = await fixing('--control', 'C-0069', '--yes');
  expect(left.stderr).toMatch(/Left: C-0069 Kubelet rpi-3: .*add --include review/);
  expect(text(file), 'nobody looked at it').toBe(before);

  const fixed = await fixing('--control', 'C-0069', '--yes', '--include', 'review');
  expect(fixed.stderr).toContain('1 of 1 failing object of C-0069 got a fix, in 1 file.');
  expect(fixed.code).toBe(0);
  expect(text(file)).toBe(before.replace('{enabled: true}', '{enabled: false}'));

  expect((await undo(1)).code).toBe(0);
  expect(text(file)).toBe(before);
});

it('fix of several controls writes each file once, the new ones first, and waits for the API server', {
  timeout: 120_000,
}, async () => {
  const manifest = 'rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml';
  const before = text(manifest);
  const words = ['--control', 'C-0066', '--control', 'C-0067', '--yes', '--include', 'review'];
  const fixed = await fixing(...words);
  expect(fixed.stderr).toContain('2 of 2 failures of 2 controls got a fix, in 3 files.');
  expect(fixed.stderr).toMatch(/Look at: Secrets that are there already stay as they are/);
  expect(fixed.code).toBe(0);
  expect(text(manifest)).toContain('--encryption-provider-config=/etc/kubernetes/enc/enc.yaml');
  const [, key = ''] = /secret: (\S+)/.exec(text('rpi-1/etc/kubernetes/enc/enc.yaml')) ?? [];
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(fixed.stdout + fixed.stderr).not.toContain(key);

  const scan = await place.run(['scan', '--practice', '--control', 'C-0066', '--control', 'C-0067']);
  expect(scan.stdout).toContain('0 controls fail, 2 pass');

  const undone = await undo(2);
  expect(undone.code).toBe(0);
  expect(text(manifest)).toBe(before);
  expect(existsSync(join(nodes(), 'rpi-1/etc/kubernetes/enc'))).toBe(false);
});

it('explain tells what to change on the nodes', async () => {
  const {stdout} = await place.run(['explain', 'C-0069']);
  expect(stdout).toContain('By hand: C-0069');
  expect(stdout).toContain('/var/lib/kubelet/config.yaml on node NODE');
  expect(stdout).toContain('+     enabled: false');
});
