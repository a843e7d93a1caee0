import {existsSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {type Attestation, attestedBy} from '../engine/attestations.ts';
import {acceptBy, type Exception} from '../engine/exceptions.ts';
import type {Accept} from '../engine/scan.ts';
import {
  addAttestation,
  addException,
  type Decisions,
  ExceptionsError,
  importExceptions,
  parseDecisions,
  parseExceptions,
} from '../fix/exceptions-file.ts';
import {exitCodes} from './exit-codes.ts';
import {say} from './stdout.ts';

/** Where accepted findings stand, unless another file is named. */
export const exceptionsFile = 'kubekata.yaml';

/** Today where the person is, as `2027-05-23`: an exception ends with that day. */
export function today(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Accepted findings, attestations and decisions of a file, else of `kubekata.yaml` where it is there. @throws {ExceptionsError} */
export async function readAccept(file: string | undefined): Promise<Accept> {
  const isNone = file === undefined && !existsSync(exceptionsFile);
  const {exceptions, attestations, ...decided}: Decisions = isNone
    ? {exceptions: [], attestations: []}
    : await read(file ?? exceptionsFile);
  const day = today();
  return Object.assign(acceptBy(exceptions, day), {
    attested: attestedBy(attestations, day),
    settings: {today: day, ...decided},
  });
}

async function read(file: string): Promise<Decisions> {
  return parseDecisions(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const why = code === 'ENOENT' ? 'does not exist' : `can't be read (${code})`;
    throw new ExceptionsError(`${file} ${why}.`, {cause});
  }
}

/** Adds one to a file, which is made where it is not there. @throws {ExceptionsError} */
export async function acceptFinding(exception: Exception, file = exceptionsFile): Promise<void> {
  const text = existsSync(file) ? await readText(file) : '';
  await writeFile(file, addException(text, file, exception));
}

/** Adds what a person vouches for to a file, which is made where it is not there. @throws {ExceptionsError} */
export async function attestControl(attestation: Attestation, file = exceptionsFile): Promise<void> {
  const text = existsSync(file) ? await readText(file) : '';
  await writeFile(file, addAttestation(text, file, attestation));
}

/** Takes over the exceptions of kubescape; those that are there already are left out. @throws {ExceptionsError} */
export async function importFrom(file: string, into: string, until: string): Promise<number> {
  const found = importExceptions(await readText(file), file, until);
  let text = existsSync(into) ? await readText(into) : '';
  const known = new Set(parseExceptions(text, into).map(identity));
  const added = found.filter((one) => !known.has(identity(one)));
  for (const one of added) text = addException(text, into, one);
  if (added.length > 0) await writeFile(into, text);
  const there = found.length - added.length;
  say(
    `${added.length} ${added.length === 1 ? 'exception was' : 'exceptions were'} added to ${into}` +
      `${there > 0 ? `; ${there} stood there already` : ''}. Read them before you rely on them.`,
  );
  return exitCodes.ok;
}

const identity = ({controls, kind, namespace, name}: Exception): string =>
  JSON.stringify([controls, kind, namespace, name]);
