import type {Edit} from '../../src/engine/change.ts';
import type {JsonObject} from '../../src/engine/json.ts';
import type {Path} from '../../src/engine/path.ts';
import {set} from './fix.ts';
import type {Mount} from './server-change.ts';

const folder = '/etc/kubernetes/enc';
export const encryptionFile = `${folder}/enc.yaml`;

export const encryptionMount: Mount = {name: 'enc', path: folder, type: 'Directory', readOnly: true};

/** The first provider writes; identity, the last, reads what is not encrypted yet. */
const configuration: JsonObject = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'EncryptionConfiguration',
  resources: [
    {
      resources: ['secrets'],
      providers: [{secretbox: {keys: [{name: 'key1'}]}}, {identity: {}}],
    },
  ],
};

const key: Path = ['resources', 0, 'providers', 0, 'secretbox', 'keys', 0, 'secret'];

/** Makes the configuration with a key of 32 bytes that nobody has seen. */
export const encryptionEdits: readonly Edit[] = [
  set([], configuration),
  {op: 'set', path: key, value: {random: 32}},
];
