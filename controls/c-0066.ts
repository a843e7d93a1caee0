import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {componentOf} from '../src/engine/derive.ts';
import {asArray, asObject, asString, type JsonObject} from '../src/engine/json.ts';
import type {Resource} from '../src/engine/objects.ts';
import {apiServerFile, atFlag, flagOf, onTheNode, overServers, serverNeeds} from './shared/component.ts';
import {encryptionEdits, encryptionFile, encryptionMount} from './shared/encryption.ts';
import {manifestsOf} from './shared/server-change.ts';

const flag = 'encryption-provider-config';

const meta = {
  id: 'C-0066',
  title: 'Secret/etcd encryption enabled',
  practice: 'encryption',
  baseScore: 6,
  needs: serverNeeds,
  messages: {
    identity:
      'The API server {server} ({source}) writes Secrets to etcd as they are, although --encryption-provider-config is set: {found}. Put a provider that encrypts before identity, then write every Secret once more.',
    plain:
      'The API server {server} ({source}) writes Secrets to etcd as they are: --encryption-provider-config is {found}. Who gets the disk or a backup of etcd reads them all.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Encryption',
    'https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/',
  ],
} satisfies ControlMeta;

const isProved = (resource: Resource): boolean => {
  const {evidence, observed} = componentOf(resource);
  return evidence.rung === 'behaviour' && observed?.encryptsSecrets === true;
};

/** What shows that a configuration encrypts nothing: its own text, where it is readable, else the server's counters. */
function whyPlain(resource: Resource, file: string, view: View): string | undefined {
  const nodes = manifestsOf(resource, view, apiServerFile).filter(({isFile}) => isFile);
  for (const {node} of nodes) {
    const content = view.get('NodeFile', node, file.slice(1))?.object;
    if (content === undefined) return `${file} of node ${node} is not there, or can not be read`;
    if (!encrypts(content))
      return `no entry of ${file} that is for secrets begins with a provider that encrypts`;
  }
  const writesPlain = view
    .list('Component')
    .some((one) => componentOf(one).observed?.encryptsSecrets === false);
  return writesPlain
    ? 'its counters show Secrets that were written without a provider that encrypts'
    : undefined;
}

/** The first entry that names Secrets decides, and in it the first provider. */
function encrypts(configuration: JsonObject): boolean {
  const entry = asArray(configuration.resources)
    .map(asObject)
    .find(({resources}) =>
      asArray(resources).some((one) => ['secrets', '*.', '*.*'].includes(asString(one))),
    );
  const [first] = asArray(entry?.providers).map(asObject);
  return first !== undefined && !('identity' in first) && Object.keys(first).length > 0;
}

export const c0066 = defineControl({
  meta,
  // No counter proves that nothing is encrypted: before the first write there is none.
  ...overServers(({observed}) => (observed?.encryptsSecrets === true ? 'proof' : undefined)),
  *check(resource, view) {
    if (isProved(resource)) return;
    const file = flagOf(resource, flag);
    if (!file) yield atFlag('plain', resource, flag);
    else {
      const why = whyPlain(resource, file, view);
      if (why !== undefined) yield {...atFlag('identity', resource, flag), found: why};
    }
  },
  fixes: (failures, view) =>
    onTheNode(
      meta,
      failures,
      view,
      'encrypts Secrets before they reach etcd',
      () => [
        'Make the file on the node, with a key of its own, readable for root only: mkdir -p /etc/kubernetes/enc && (umask 077; printf \'apiVersion: apiserver.config.k8s.io/v1\\nkind: EncryptionConfiguration\\nresources:\\n- resources: [secrets]\\n  providers:\\n  - secretbox: {keys: [{name: key1, secret: %s}]}\\n  - identity: {}\\n\' "$(head -c 32 /dev/urandom | base64)" > /etc/kubernetes/enc/enc.yaml)',
        `In ${apiServerFile}, add --encryption-provider-config=/etc/kubernetes/enc/enc.yaml to the command, the volume {name: enc, hostPath: {path: /etc/kubernetes/enc, type: Directory}} and its mount {name: enc, mountPath: /etc/kubernetes/enc, readOnly: true}. With several control-plane nodes, all get the same file first.`,
        'Wait until the kubelet has started the pod anew: kubectl -n kube-system get pods -l component=kube-apiserver',
        'Write every Secret once more, so that it is encrypted: kubectl get secrets -A -o json | kubectl replace -f -',
        'Keep a copy of the key outside the cluster: without it no backup of etcd can be read. A KMS provider keeps it off the node altogether.',
        "Verify: kubectl get --raw /metrics | grep 'apiserver_storage_transformation_operations_total.*k8s:enc:secretbox' shows a count for to_storage.",
      ],
      (resource) =>
        // A configuration that is there already is edited by who made it: its keys open what was written.
        flagOf(resource, flag)
          ? undefined
          : {
              flags: {[flag]: encryptionFile},
              mounts: [encryptionMount],
              files: [{file: encryptionFile, edits: encryptionEdits}],
              consequence:
                'Secrets that are there already stay as they are until each is written once more: kubectl get secrets -A -o json | kubectl replace -f -. Without a copy of the new key no backup of etcd can be read.',
            },
    ),
});
