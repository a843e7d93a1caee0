import {expect, it} from 'vitest';
import {DrillLocks} from '../../src/learn/drill-locks.ts';
import {acquireLock, releaseLock} from '../../src/practice/api/lock.ts';
import {temporaryFolder} from '../helpers/program.ts';

const locks = {acquire: acquireLock, release: releaseLock};
const sessions = () => {
  const work = temporaryFolder();
  return [new DrillLocks(work, locks), new DrillLocks(work, locks)] as const;
};
const deny = {id: 'deny', onNodes: false};
const audit = {id: 'audit', onNodes: true};
const kubelet = {id: 'kubelet', onNodes: true};

it('gives a drill to one session at a time', async () => {
  const [one, two] = sessions();
  expect(await one.hold(deny)).toBe(true);
  expect(await one.hold(deny)).toBe(true);
  expect(await two.hold(deny)).toBe(false);
  one.release(deny);
  expect(await two.hold(deny)).toBe(true);
});

it('gives the node files to one session, which may have several drills on them', async () => {
  const [one, two] = sessions();
  expect(await one.hold(audit)).toBe(true);
  expect(await one.hold(kubelet)).toBe(true);
  expect(await two.hold({id: 'another', onNodes: true})).toBe(false);
  expect(await two.hold(deny)).toBe(true);
  one.release(audit);
  // The drill is free, the node files are not yet.
  expect(await two.hold(audit)).toBe(false);
  one.release(kubelet);
  expect(await two.hold(audit)).toBe(true);
});

it('gives the exam to one session, and all that it held to others when it ends', async () => {
  const [one, two] = sessions();
  expect(await one.holdExam()).toBe(true);
  expect(await one.hold(audit)).toBe(true);
  expect(await two.holdExam()).toBe(false);
  one.releaseAll();
  expect(await two.holdExam()).toBe(true);
  expect(await two.hold(kubelet)).toBe(true);
});
