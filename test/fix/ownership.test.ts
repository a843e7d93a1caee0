import {describe, expect, it} from 'vitest';
import type {JsonObject} from '../../src/engine/json.ts';
import {describeOwner, ownerOf} from '../../src/fix/ownership.ts';

const withMetadata = (metadata: JsonObject): JsonObject => ({apiVersion: 'v1', kind: 'ConfigMap', metadata});
const labels = (name: string, value: string, more: JsonObject = {}): JsonObject =>
  withMetadata({labels: {[name]: value, ...more}});
const annotations = (name: string, value: string): JsonObject => withMetadata({annotations: {[name]: value}});

describe('who owns an object', () => {
  const cases: readonly (readonly [string, JsonObject, string | undefined])[] = [
    ['nobody', withMetadata({}), undefined],
    ['a Helm release', annotations('meta.helm.sh/release-name', 'argocd'), 'Helm release argocd'],
    ['a chart that was only rendered', labels('app.kubernetes.io/managed-by', 'Helm'), undefined],
    [
      'an Argo CD application, by tracking id',
      annotations('argocd.argoproj.io/tracking-id', 'home-app:apps/Deployment:home/web'),
      'Argo CD application home-app',
    ],
    [
      'an Argo CD application, by label',
      labels('argocd.argoproj.io/instance', 'home-app'),
      'Argo CD application home-app',
    ],
    [
      'a Flux kustomization',
      labels('kustomize.toolkit.fluxcd.io/name', 'apps', {
        'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
      }),
      'Flux Kustomization flux-system/apps',
    ],
    [
      'a Flux Helm release',
      labels('helm.toolkit.fluxcd.io/name', 'web', {'helm.toolkit.fluxcd.io/namespace': 'home'}),
      'Flux HelmRelease home/web',
    ],
    ['an operator', labels('olm.owner', 'etcd.v1'), 'OLM operator etcd.v1'],
    [
      'a custom resource',
      withMetadata({
        ownerReferences: [
          {kind: 'Node', name: 'x'},
          {kind: 'EventBus', name: 'default', controller: true},
        ],
      }),
      'EventBus default',
    ],
    [
      'the kubelet, of a static pod',
      {
        kind: 'Pod',
        metadata: {
          annotations: {'kubernetes.io/config.mirror': 'hash'},
          ownerReferences: [{kind: 'Node', name: 'rpi-1', controller: true}],
        },
        spec: {nodeName: 'rpi-1'},
      },
      'The kubelet of rpi-1',
    ],
    [
      'Argo CD, where it renders a chart',
      withMetadata({
        annotations: {
          'argocd.argoproj.io/tracking-id': 'web:v1/ConfigMap:home/web',
          'meta.helm.sh/release-name': 'web',
        },
      }),
      'Argo CD application web',
    ],
  ];
  for (const [name, object, owner] of cases) {
    it(name, () => {
      const found = ownerOf(object);
      expect(found && describeOwner(found)).toBe(owner);
    });
  }

  it('shows no escape sequence of a label', () => {
    expect(ownerOf(labels('olm.owner', 'a\u001b[31mb'))).toEqual({tool: 'OLM', name: 'ab'});
  });
});
