import type {Keys} from './pki.ts';

const name = 'kubekata-practice';

/** The kubeconfig of the practice cluster, as YAML that is JSON. Its names never change. */
export const kubeconfigText = (url: string, keys: Keys): string =>
  `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name,
          cluster: {server: url, 'certificate-authority-data': Buffer.from(keys.ca).toString('base64')},
        },
      ],
      users: [{name, user: {token: keys.adminToken}}],
      contexts: [{name, context: {cluster: name, user: name, namespace: 'default'}}],
      'current-context': name,
    },
    null,
    2,
  )}\n`;
