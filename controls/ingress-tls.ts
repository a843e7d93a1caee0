import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {asArray, asObject, asString, type JsonObject} from '../src/engine/json.ts';
import {describe} from '../src/engine/objects.ts';
import {manualFix} from './shared/manual.ts';

const meta = {
  id: 'ingress-tls',
  title: 'Ingress without TLS',
  practice: 'encryption',
  baseScore: 6,
  needs: ['Ingress'],
  messages: {
    plain:
      '{object} serves {found} without TLS: passwords and sessions pass in the clear. Name the host under spec.tls, with a Secret that holds its certificate.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Encryption',
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#tls',
  ],
} satisfies ControlMeta;

/** Whether one entry of spec.tls covers the host, by name or by a wildcard for its first label. */
function covers(entry: JsonObject, host: string): boolean {
  const names = asArray(entry.hosts).map(String);
  return names.length === 0 || names.some((name) => name === host || name === host.replace(/^[^.]+/, '*'));
}

export const ingressTls = defineControl({
  meta,
  kinds: ['Ingress'],
  *check(resource) {
    const {rules, tls} = asObject(resource.object.spec);
    const entries = asArray(tls).map(asObject);
    const hosts = asArray(rules).map((rule) => asString(asObject(rule).host));
    const all = hosts.length > 0 ? hosts : [''];
    for (const [index, host] of all.entries()) {
      if (entries.some((entry) => covers(entry, host))) continue;
      const path = hosts.length > 0 ? ['spec', 'rules', index, 'host'] : ['spec', 'tls'];
      yield {message: 'plain', path, found: host || 'every host', data: {object: describe(resource)}};
    }
  },
  fixes: (failures) =>
    failures.map(({resource: {namespace, name, key}, findings}) => {
      const space = namespace || 'default';
      const hosts = findings.map(({found}) => found).join(', ');
      return manualFix(meta, key, {
        approach: 'a certificate for the host',
        summary: 'gets a certificate and names it in the Ingress',
        steps: [
          `Get a certificate for ${hosts}: cert-manager does and renews it, by the annotation cert-manager.io/cluster-issuer; or kubectl -n ${space} create secret tls ${name}-tls --cert=... --key=...`,
          `kubectl -n ${space} edit ingress ${name}: under spec.tls, {hosts: [${hosts}], secretName: ${name}-tls}.`,
          'Let the controller send plain requests on to TLS, which most do as soon as there is a certificate.',
          `Verify: curl -sI http://HOST answers with a redirect to https, and kubectl -n ${space} get ingress ${name} shows port 443.`,
        ],
      });
    }),
});
