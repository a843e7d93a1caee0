import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse, parseAllDocuments} from 'yaml';
import {asObject, isObject, type Json, type JsonObject} from '../../src/engine/json.ts';
import type {Obj} from '../../src/practice/controllers/types.ts';
import {homeDirectory} from './practice-machine.ts';

/** The API objects that the scenario's manifests hold, without the static pods. */
export function scenarioObjects(): readonly Obj[] {
  return readdirSync(homeDirectory)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => parseAllDocuments(readFileSync(join(homeDirectory, name), 'utf8')))
    .map((document): unknown => document.toJS())
    .filter(isObject) as readonly JsonObject[] as readonly Obj[];
}

const staticFolder = join(homeDirectory, 'nodes/rpi-1/etc/kubernetes/manifests');

/** The pods that the kubelet of rpi-1 runs from its files. */
export const staticPodManifests = (): readonly Obj[] =>
  readdirSync(staticFolder).map((name) => parse(readFileSync(join(staticFolder, name), 'utf8')) as Obj);

export const kubeletConfiguration = (node: string): JsonObject =>
  asObject(
    parse(readFileSync(join(homeDirectory, 'nodes', node, 'var/lib/kubelet/config.yaml'), 'utf8')) as Json,
  );
