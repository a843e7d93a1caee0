import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {JsonObject} from '../../../src/engine/json.ts';

const home = join(import.meta.dirname, '../../../src/practice/scenarios/home/nodes/rpi-1');

/** Where the files of the plugin are, as the API server of the practice cluster sees them. */
export const mounted = '/etc/kubernetes/image-policy';

/** The kubeconfig of a backend. @param more Of the cluster: its authority. */
export const backendKubeconfig = (server: string, more: JsonObject = {}): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{name: 'backend', cluster: {server, ...more}}],
    users: [{name: 'api', user: {token: 'abc'}}],
    contexts: [{name: 'c', context: {cluster: 'backend', user: 'api'}}],
    'current-context': 'c',
  });

/** An AdmissionConfiguration for the plugin. */
export const admissionConfiguration = (imagePolicy: JsonObject): string =>
  JSON.stringify({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    plugins: [{name: 'ImagePolicyWebhook', configuration: {imagePolicy}}],
  });

/** The control-plane node's files, and how its API server gets other flags. */
export function controlPlaneNode(directory: string) {
  const node = join(directory, 'nodes/rpi-1');
  const manifest = join(node, 'etc/kubernetes/manifests/kube-apiserver.yaml');
  mkdirSync(join(directory, 'nodes'), {recursive: true});
  cpSync(home, node, {recursive: true});
  const pristine = readFileSync(manifest, 'utf8');
  return {
    node,
    /** A file beside the others of the plugin. */
    write(name: string, text: string): void {
      mkdirSync(join(node, mounted), {recursive: true});
      writeFileSync(join(node, mounted, name), text);
    },
    /** Adds flags, instead of those of the same name, and the mount. */
    flags(...given: readonly string[]): void {
      const names = given.map((flag) => flag.split('=')[0]!);
      const text = pristine
        .split('\n')
        .filter((line) => !names.some((name) => line.includes(`${name}=`)))
        .join('\n')
        .replace(
          '        - kube-apiserver\n',
          `        - kube-apiserver\n${given.map((flag) => `        - ${flag}\n`).join('')}`,
        )
        .replace(
          '      volumeMounts:\n',
          `      volumeMounts:\n        - {name: images, mountPath: ${mounted}}\n`,
        )
        .replace('  volumes:\n', `  volumes:\n    - {name: images, hostPath: {path: ${mounted}}}\n`);
      writeFileSync(manifest, text);
    },
  };
}
