import {appendFileSync, mkdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {timestamp} from '../clock.ts';
import type {Container, Pod} from '../types.ts';
import type {Outcome} from './start.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `E1123 17:12:57.510345       1 run.go:72]`: how programs of Kubernetes begin a line of their log. */
export function logHead(level: 'I' | 'E', now: number, place: string): string {
  const at = new Date(now);
  const day = `${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}`;
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
  return `${level}${day} ${time}.${String(at.getUTCMilliseconds()).padStart(3, '0')}000       1 ${place}]`;
}

/**
 * Writes what a static pod's container says when it starts to where its node keeps it,
 * `var/log/pods/NAMESPACE_POD_HASH/CONTAINER/RESTARTS.log`: when the API server is down, this is what there is to read.
 */
export function writeStart(
  nodeDirectory: string | undefined,
  pod: Pod,
  container: Container,
  restarts: number,
  outcome: Outcome,
  now: number,
): void {
  const hash = pod.metadata.annotations?.['kubernetes.io/config.hash'];
  const {nodeName} = pod.spec;
  if (nodeDirectory === undefined || typeof hash !== 'string' || !nodeName) return;
  const text = lineOf(outcome, now);
  if (text === undefined) return;
  const {namespace = 'default', name} = pod.metadata;
  const folder = `var/log/pods/${namespace}_${name}_${hash}/${container.name}`;
  append(join(nodeDirectory, nodeName, folder, `${restarts}.log`), `${timestamp(now)} stderr F ${text}\n`);
}

function lineOf(outcome: Outcome, now: number): string | undefined {
  if (outcome.is === 'running') return `${logHead('I', now, 'serving.go:380')} "Started"`;
  if (outcome.is !== 'crashed' || outcome.log === '') return undefined;
  return outcome.log.startsWith('"command failed"')
    ? `${logHead('E', now, 'run.go:72')} ${outcome.log}`
    : outcome.log;
}

/** A line of the kubelet's own log, which a real one sends to the journal of its host. */
export function writeKubelet(
  nodeDirectory: string,
  node: string,
  text: string,
  now: number,
  place = 'file.go:206',
): void {
  append(join(nodeDirectory, node, 'var/log/kubelet.log'), `${logHead('E', now, place)} ${text}\n`);
}

function append(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), {recursive: true, mode: 0o700});
    appendFileSync(file, text, {mode: 0o600});
  } catch {
    // A log that can't be written keeps no pod from running.
  }
}
