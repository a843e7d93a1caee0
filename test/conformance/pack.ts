import {readdirSync, readFileSync} from 'node:fs';
import type {Framework} from '../../src/engine/control.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {deepFreeze, type JsonObject} from '../../src/engine/json.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {type Resource, resourceOf} from '../../src/engine/objects.ts';
import {Scanner, type ScanResult} from '../../src/engine/scan.ts';
import {manifestsTarget} from '../../src/target/manifests.ts';
import {shared} from '../helpers/shared.ts';

/** One line of rule-cases.jsonl: one rule of one control on a few objects. */
export type RuleCase = {
  readonly control: string;
  readonly rule: string;
  readonly case: string;
  readonly objects: readonly JsonObject[];
  readonly expectedFailing: Readonly<
    Record<
      string,
      {
        readonly failedPaths: readonly string[];
        readonly fixPaths: readonly {readonly path: string}[];
      }
    >
  >;
  readonly adapter?: boolean;
};

export const ruleCases = (): readonly RuleCase[] =>
  readFileSync(shared('conformance/rule-cases.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RuleCase);

/** What the peer says about one control over a whole target. */
export type PeerResult = {
  readonly id: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly passed: number;
  readonly failed: number;
  readonly compliance: number;
  readonly failedResources: Readonly<Record<string, unknown>>;
  readonly passedByBuiltInException?: readonly string[];
};

export const peerResults = (place: string): readonly PeerResult[] => {
  const {controls} = JSON.parse(readFileSync(shared(`conformance/${place}/expected.json`), 'utf8')) as {
    controls: readonly PeerResult[] | Readonly<Record<string, Omit<PeerResult, 'id'>>>;
  };
  return Array.isArray(controls)
    ? (controls as readonly PeerResult[])
    : Object.entries(controls).map(([id, result]) => ({...(result as PeerResult), id}));
};

/** `files/argo-cd`, …, `clusters/argo-shop`. */
export const places = (): readonly string[] =>
  ['files', 'clusters'].flatMap((kind) =>
    readdirSync(shared(`conformance/${kind}`)).map((name) => `${kind}/${name}`),
  );

/** The objects of a place as the program itself reads them. */
export async function inventoryOfPlace(place: string): Promise<Inventory> {
  if (place.startsWith('clusters/')) {
    const {items} = JSON.parse(readFileSync(shared(`conformance/${place}/objects.json`), 'utf8')) as {
      items: readonly JsonObject[];
    };
    return new Inventory(items.map((item) => resourceOf(deepFreeze(item))));
  }
  const inventory = new Inventory();
  const target = manifestsTarget({paths: [shared(`conformance/${place}/manifests`)], render: false});
  for (const event of await target.list()) {
    if (event.type === 'set') inventory.set(event.resource);
    if (event.type === 'unreadable') inventory.setUnreadable(event.source, event.message);
    if (event.type === 'coverage' && event.reason) inventory.setGap(event.kind, {reason: event.reason});
  }
  await target.close();
  return inventory;
}

/** The kubelet of what the peer's node sensor reports: its flags win over its file. */
function kubeletOfSensor(object: JsonObject, parse: (text: string) => JsonObject): Resource {
  const {cmdLine = '', configFile} = object.data as {
    cmdLine?: string;
    configFile?: {content?: string};
  };
  const config = parse(Buffer.from(configFile?.content ?? '', 'base64').toString());
  const flag = /--client-ca-file=(\S+)/.exec(cmdLine)?.[1];
  const authentication = (config.authentication ?? {}) as JsonObject;
  const merged = flag ? {...config, authentication: {...authentication, x509: {clientCAFile: flag}}} : config;
  return kubeletResource('None', merged, 'node sensor');
}

export function inventoryOfCase(one: RuleCase, parse: (text: string) => JsonObject): Inventory {
  return new Inventory(
    one.objects.map((object) =>
      object.kind === 'KubeletInfo' ? kubeletOfSensor(object, parse) : resourceOf(deepFreeze(object)),
    ),
  );
}

export const scan = (framework: Framework, inventory: Inventory): ScanResult =>
  new Scanner(framework, inventory).scan();
