import {describe, expect, it} from 'vitest';
import {imageTags} from '../../controls/image-tags.ts';
import {controls} from '../../controls/index.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {asObject, type JsonObject} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {formatPath} from '../../src/engine/path.ts';
import {isWorkload, podTemplate, templatePath} from '../../src/engine/pod-spec.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {homeInventory} from '../helpers/home.ts';
import {brokenInventories, lessonOf} from '../helpers/lessons.ts';
import {frameworkOf} from '../helpers/test-control.ts';
import {weakInventory} from '../helpers/weak.ts';

/** What scanners, platforms and people write on objects to say that all is well; no check may believe it. */
const claims = (id: string): JsonObject => ({
  hardened: 'true',
  security: 'restricted',
  'kubekata.dev/verified': 'true',
  [`kubekata.dev/${id.toLowerCase()}`]: 'passed',
  encrypted: 'true',
  audited: 'true',
  signed: 'true',
  mtls: 'strict',
  sandboxed: 'gvisor',
});

const claiming = (object: JsonObject, claim: JsonObject): JsonObject => {
  const metadata = asObject(object.metadata);
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: {...asObject(metadata.labels), ...claim},
      annotations: {...asObject(metadata.annotations), ...claim},
    },
  };
};

function claimingTemplate(object: JsonObject, path: readonly unknown[], claim: JsonObject): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return claiming(object, claim);
  const name = String(key);
  return {...object, [name]: claimingTemplate(asObject(object[name]), rest, claim)};
}

/** The same objects, each with the claims: on itself, and on the pods that it makes. */
function decoyed(inventory: Inventory, id: string): Inventory {
  const claim = claims(id);
  const after = new Inventory();
  for (const kind of [...inventory.kinds()]) {
    for (const resource of inventory.list(kind)) {
      // What kubekata derives has no labels; it is derived again where its object is set.
      if (inventory.byKey(resource.key) !== resource || resource.kind === 'Grant') continue;
      if (resource.apiVersion.startsWith('kubekata/')) {
        if (!inventory.list('Pod').some((pod) => resource.key === `Component ${pod.key}`))
          after.set(resource);
        continue;
      }
      after.set({...resource, object: decoy(resource, claim)});
    }
  }
  return after;
}

function decoy({kind, object}: Resource, claim: JsonObject): JsonObject {
  const own = claiming(object, claim);
  return isWorkload(kind) ? claimingTemplate(own, templatePath(kind), claim) : own;
}

const settings = {today: '2026-11-23', registries: ['quay.io/shop']};

const findings = (control: AnyControl, inventory: Inventory): readonly string[] => {
  const accept = Object.assign(() => undefined, {settings});
  const result = new Scanner(frameworkOf(control), inventory, accept).scan().controls[0]!;
  return result.failures.flatMap(({resource, findings: some}) =>
    some.map(({path, message}) => `${resource.id} ${message} ${formatPath(path)}`),
  );
};

const automatic = controls
  .filter(({meta}) => !meta.needs.includes('attestation'))
  .map((control) => ({id: control.meta.id, control}));
const shared = [homeInventory(), weakInventory()];

describe('labels and annotations that claim that all is well', () => {
  it.each(automatic)('change nothing of $id', ({id, control}) => {
    const shown = [...brokenInventories(lessonOf(control.meta.practice), id), ...shared];
    const before = shown.map((one) => findings(control, one));
    expect(before.flat().length, 'it fails somewhere').toBeGreaterThan(0);
    expect(shown.map((one) => findings(control, decoyed(one, id)))).toEqual(before);
  });

  it('would change a check that believes them', () => {
    const believer: AnyControl = {
      ...imageTags,
      meta: imageTags.meta,
      *check(resource, view) {
        const {metadata} = podTemplate(resource);
        if (asObject(metadata.labels).hardened === undefined) yield* imageTags.check(resource, view);
      },
    };
    const weak = weakInventory();
    expect(findings(believer, weak).length).toBeGreaterThan(0);
    expect(findings(believer, decoyed(weak, 'image-tags'))).toEqual([]);
  });
});
