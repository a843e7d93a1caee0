import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {asString} from '../src/engine/json.ts';
import {isKnown} from '../src/engine/kinds.ts';
import {describe} from '../src/engine/objects.ts';
import {isTopLevel, podTemplate} from '../src/engine/pod-spec.ts';
import {shown} from './shared/fix.ts';

const kinds = ['Deployment', 'DaemonSet', 'StatefulSet'];
// The community's controller; NGINX Inc. makes another one, which goes on.
const retired = /ingress-nginx\/controller|(?:k8s\.gcr|registry\.k8s)\.io\/ingress-nginx/;

const meta = {
  id: 'C-0292',
  title: 'Nginx Ingress Controller End of Life',
  practice: 'cloud-infrastructure',
  baseScore: 6,
  needs: kinds,
  messages: {
    retired:
      '{object} runs {found}: ingress-nginx was retired in March 2026, and its next hole stays open. Move to a controller that is maintained.',
  },
  references: [
    'Kubernetes Hardening Guidance, Upgrading and application security practices',
    'https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/',
  ],
} satisfies ControlMeta;

export const c0292 = defineControl({
  meta,
  kinds,
  counts: (resource) => isTopLevel(resource) && isKnown(resource.apiVersion, resource.kind),
  *check(resource) {
    for (const {type, spec, path} of podTemplate(resource).containers) {
      if (type !== 'containers' || !retired.test(asString(spec.image))) continue;
      const data = {object: describe(resource)};
      yield {message: 'retired', path: [...path, 'image'], found: shown(spec.image), data};
    }
  },
  fixes: (failures, view) => {
    const hosts = view.list('Ingress').map(describe);
    return failures.map(({resource}) => ({
      approach: 'to a maintained controller',
      summary: 'runs another controller beside it, then moves one Ingress after the other',
      kind: 'manual',
      scope: 'cluster',
      change: {id: `${meta.id} to a maintained controller ${resource.key}`, steps: []},
      clears: [],
      asks: [],
      steps: [
        'Choose a controller that is maintained; one for Gateway API outlives Ingress. List what you use today: kubectl get ingress -A -o yaml | grep -o "nginx.ingress.kubernetes.io/[a-z-]*" | sort | uniq -c',
        'Install it beside the old one with an IngressClass (or GatewayClass) of its own and another address.',
        `Move one after the other, and try each by curl --resolve: ${hosts.length > 0 ? hosts.join(', ') : 'no Ingress was seen'}. Snippets and other nginx annotations have to be written anew.`,
        'Point DNS to the new address, wait until the old one sees no more requests.',
        `Take the old one away: kubectl -n ${resource.namespace || 'default'} delete ${resource.kind.toLowerCase()} ${resource.name}, or uninstall its chart, with its admission webhook.`,
        "Verify: kubectl get deploy,ds,sts -A -o jsonpath='{..image}' | tr ' ' '\\n' | grep ingress-nginx prints nothing.",
      ],
    }));
  },
});
